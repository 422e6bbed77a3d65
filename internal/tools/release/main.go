// Command release makes the files of a release: for each system an archive with the
// program, its completion, its manual pages and the list of all that it is made of,
// and the checksums of these. It is run by "make release", and is no part of
// kiraform.
//
// A release is made of the last commit, twice: from two copies of it in two folders, the
// second with a cache of its own, so that everything is compiled again. Both have to be
// the same, byte for byte, or there is none.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// targets are the systems that a release is for.
var targets = []target{
	{"linux", "amd64"}, {"linux", "arm64"}, {"darwin", "amd64"}, {"darwin", "arm64"}, {"windows", "amd64"}, {"windows", "arm64"},
}

type target struct{ os, arch string }

func (t target) String() string { return t.os + "_" + t.arch }

// program is the name of the file that is carried out.
func (t target) program() string {
	if t.os == "windows" {
		return "kiraform.exe"
	}
	return "kiraform"
}

func main() {
	out := flag.String("out", filepath.Join("bin", "release"), "write the release to `DIR`, which is emptied first")
	only := flag.String("only", "", "make it for these `SYSTEMS` only, such as linux_amd64,windows_amd64")
	flag.Parse()
	if err := release(*out, chosen(*only)); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

// chosen returns the targets with these names, or all of them.
func chosen(names string) (some []target) {
	for _, t := range targets {
		if names == "" || strings.Contains(","+names+",", ","+t.String()+",") {
			some = append(some, t)
		}
	}
	return some
}

func release(out string, targets []target) (err error) {
	work, err := os.MkdirTemp("", "kiraform-release-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, clear(work)) }()
	commit, err := copied{}.run("", nil, "git", "rev-parse", "HEAD")
	if err != nil {
		return err
	}
	var made [2]string
	for i := range made {
		made[i] = filepath.Join(work, fmt.Sprint("release", i))
		c := copied{commit: strings.TrimSpace(commit), source: filepath.Join(work, fmt.Sprint("a copy of the source, number ", i))}
		if i > 0 {
			c.cache = filepath.Join(work, "cache")
		}
		if err := c.release(made[i], targets); err != nil {
			return err
		}
	}
	if err := same(made[0], made[1]); err != nil {
		return err
	}
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	if err := os.CopyFS(out, os.DirFS(made[0])); err != nil {
		return err
	}
	fmt.Printf("Built twice, and the same byte for byte: %s\n", out)
	return nil
}

// clear removes a folder with caches in it, whose files cannot be written to.
func clear(dir string) error {
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			_ = os.Chmod(path, 0o700)
		}
		return nil
	})
	return os.RemoveAll(dir)
}

// same returns an error unless two folders hold the same files.
func same(a, b string) error {
	one, err := contents(a)
	if err != nil {
		return err
	}
	two, err := contents(b)
	if err != nil {
		return err
	}
	for name := range two {
		if _, ok := one[name]; !ok {
			return fmt.Errorf("only the second build has %s", name)
		}
	}
	for name, sum := range one {
		if two[name] != sum {
			return fmt.Errorf("%s is another one in the second build", name)
		}
	}
	return nil
}
