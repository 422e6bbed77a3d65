package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// copied is a copy of a commit, and the cache that it is built with; "" is that of
// the person who makes the release.
type copied struct{ commit, source, cache string }

// release makes the whole of a release in a folder.
func (c copied) release(out string, targets []target) error {
	if _, err := c.run("", nil, "git", "clone", "--quiet", ".", c.source); err != nil {
		return err
	}
	if _, err := c.run(c.source, nil, "git", "checkout", "--quiet", c.commit); err != nil { // another one may have come since
		return err
	}
	stamp, err := c.run(c.source, nil, "git", "log", "-1", "--format=%ct")
	if err != nil {
		return err
	}
	seconds, err := strconv.ParseInt(strings.TrimSpace(stamp), 10, 64)
	if err != nil {
		return err
	}
	common, version, err := c.common()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	for _, t := range targets {
		p := pack{name: "kiraform_" + version + "_" + t.String(), at: time.Unix(seconds, 0).UTC(), files: make(map[string][]byte)}
		maps.Copy(p.files, common)
		path, err := c.build(t)
		if err != nil {
			return err
		}
		if p.files[t.program()], err = os.ReadFile(path); err != nil {
			return err
		}
		if p.files["sbom.cdx.json"], err = bom(path, version, p.at); err != nil {
			return err
		}
		if err := p.write(out, t.os == "windows"); err != nil {
			return err
		}
		fmt.Println(p.name)
	}
	return checksums(out)
}

// build builds the program for a system, and returns its path.
func (c copied) build(t target) (string, error) {
	path := filepath.Join(c.source, "bin", t.String(), t.program())
	env := []string{"CGO_ENABLED=0", "GOOS=" + t.os, "GOARCH=" + t.arch}
	_, err := c.run(c.source, env, "go", "build", "-trimpath", "-ldflags=-s -w -buildid=", "-o", path, ".")
	return path, err
}

// common has the files that the archives of all systems have: completion, pages and
// texts. The program of this system writes the first, and says which version it is.
func (c copied) common() (files map[string][]byte, version string, err error) {
	own, err := c.build(target{runtime.GOOS, runtime.GOARCH})
	if err != nil {
		return nil, "", err
	}
	files = make(map[string][]byte)
	for shell, name := range map[string]string{"bash": "kiraform.bash", "zsh": "_kiraform", "fish": "kiraform.fish", "powershell": "kiraform.ps1"} {
		text, err := c.run(c.source, nil, own, "completion", shell)
		if err != nil {
			return nil, "", err
		}
		files["completion/"+name] = []byte(text)
	}
	pages := filepath.Join(c.source, "bin", "man")
	if _, err := c.run(c.source, nil, "go", "run", "./internal/tools/man", pages); err != nil {
		return nil, "", err
	}
	all, err := filepath.Glob(filepath.Join(pages, "*.1"))
	for _, path := range append(all, filepath.Join(c.source, "README.md"), filepath.Join(c.source, "CHANGELOG.md")) {
		name := filepath.Base(path)
		if strings.HasSuffix(name, ".1") {
			name = "man/man1/" + name
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, "", err
		}
		files[name] = data
	}
	if err != nil {
		return nil, "", err
	}
	said, err := c.run(c.source, nil, own, "version")
	word, _, _ := strings.Cut(strings.TrimPrefix(said, "kiraform v"), "\n")
	return files, word, err
}

// run runs a program and returns its output.
func (c copied) run(dir string, env []string, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=readonly")
	if c.cache != "" {
		cmd.Env = append(cmd.Env, "GOCACHE="+c.cache)
	}
	cmd.Env = append(cmd.Env, env...)
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, complaint.String())
	}
	return out.String(), nil
}
