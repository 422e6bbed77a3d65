package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"kiraform/internal/config"
	"kiraform/internal/lang"
)

// files is the folder of a configuration, as the configuration itself sees
// it: nothing outside can be reached, not by "..", not by a symbolic link, and
// only the folders of -allow-read, and those of called modules, are let in.
type files struct {
	fs.FS
	dir     string // absolute
	allowed []allowed
	modules *[]allowed // outside of dir
	home    string

	opened *[]*os.Root // for Close
}

type allowed struct {
	fs.FS
	dir string // absolute
}

var (
	_ lang.Outside   = files{}
	_ config.Folders = files{}
	_ lang.Machine   = files{}
)

// openFiles opens dir. The folders stay open for as long as the process runs, unless they
// are closed.
func (a *app) openFiles(dir string, allow []string) (files, error) {
	root, abs, err := openRoot(dir)
	if err != nil {
		return files{}, err
	}
	f := files{FS: root.FS(), dir: abs, modules: new([]allowed), home: a.Environ["HOME"], opened: &[]*os.Root{root}}
	for _, name := range allow {
		from := name
		if !filepath.IsAbs(name) {
			from = filepath.Join(a.Dir, name)
		}
		root, abs, err := openRoot(from)
		if err != nil {
			return files{}, usage("-allow-read=%s: %v", name, err)
		}
		f.allowed = append(f.allowed, allowed{root.FS(), abs})
		*f.opened = append(*f.opened, root)
	}
	return f, nil
}

func openRoot(dir string) (*os.Root, string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, "", err
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return nil, "", fmt.Errorf("open the folder: %w", err)
	}
	return root, abs, nil
}

// Outside implements [lang.Outside].
func (f files) Outside(name string) (fs.FS, string, bool) {
	name = filepath.FromSlash(name)
	if !filepath.IsAbs(name) {
		name = filepath.Join(f.dir, name)
	}
	for _, a := range slices.Concat(f.allowed, *f.modules) {
		if rel, err := filepath.Rel(a.dir, name); err == nil && filepath.IsLocal(rel) {
			return a.FS, filepath.ToSlash(rel), true
		}
	}
	return nil, "", false
}

// Folder implements [config.Folders]: a module may be outside of the folder of
// the configuration, and its files may be read then.
func (f files) Folder(path string) (fs.FS, error) {
	root, abs, err := openRoot(filepath.Join(f.dir, filepath.FromSlash(path)))
	if err != nil {
		return nil, err
	}
	*f.modules = append(*f.modules, allowed{root.FS(), abs})
	*f.opened = append(*f.opened, root)
	return root.FS(), nil
}

// Close implements [io.Closer]: an editor has a folder opened for each request.
func (f files) Close() (err error) {
	for _, root := range *f.opened {
		err = errors.Join(err, root.Close())
	}
	return err
}

// Stat implements [fs.StatFS]: without it, a file is opened to be looked at, and to open a
// pipe waits for somebody who writes.
func (f files) Stat(name string) (fs.FileInfo, error) { return fs.Stat(f.FS, name) }

// Dir implements [lang.Machine].
func (f files) Dir() string { return f.dir }

// Home implements [lang.Machine].
func (f files) Home() string { return f.home }

// readFile reads a file, or a pipe, to its end. A device may have none.
func readFile(path string) ([]byte, error) {
	if info, err := os.Stat(path); err == nil && info.Mode()&fs.ModeDevice != 0 {
		return nil, fmt.Errorf("%s is a device, and no file", path)
	}
	return os.ReadFile(path)
}
