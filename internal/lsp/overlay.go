package lsp

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kiraform/internal/config"
)

// overlay is the folder of a configuration as the editor has it: a text that is not
// saved yet takes the place of the file. Of the files that are on disk it has those of
// the configuration only; all others are not there.
type overlay struct {
	fs.FS
	dir   string            // absolute
	texts map[string]string // by absolute path
}

var _ config.Folders = overlay{}

// Close closes the folder on disk, if it can be closed.
func (o overlay) Close() error {
	if c, ok := o.FS.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// ours reports whether a file is one of a configuration.
func ours(name string) bool {
	base := path.Base(name)
	return strings.HasSuffix(base, config.NativeSuffix) || strings.HasSuffix(base, config.JSONSuffix) ||
		strings.HasSuffix(base, ".kiravars.hcl") || strings.HasSuffix(base, ".kiravars.json") || config.IsPolicyFile(base) || config.IsTest(base)
}

// Open implements [fs.FS].
func (o overlay) Open(name string) (fs.File, error) {
	if text, ok := o.texts[filepath.Join(o.dir, filepath.FromSlash(name))]; ok && fs.ValidPath(name) {
		return &textFile{textInfo{path.Base(name), int64(len(text))}, strings.NewReader(text)}, nil
	}
	if o.only(name) {
		return &textFile{textInfo{path.Base(name), -1}, nil}, nil
	}
	info, err := fs.Stat(o.FS, name)
	if err == nil && ours(name) && (info.Mode().IsRegular() || info.IsDir()) { // to open a pipe waits for somebody who writes
		return o.FS.Open(name)
	}
	if err != nil || !info.IsDir() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return o.FS.Open(name)
}

// Stat implements [fs.StatFS]: of a pipe it says that it is one.
func (o overlay) Stat(name string) (fs.FileInfo, error) {
	if _, text := o.texts[filepath.Join(o.dir, filepath.FromSlash(name))]; !text && ours(name) && !o.only(name) {
		return fs.Stat(o.FS, name)
	}
	f, err := o.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	return info, errors.Join(err, f.Close())
}

// only reports whether a folder is not on disk, and the editor has a document in it: the
// first one that is not saved makes it.
func (o overlay) only(name string) bool {
	if _, err := fs.Stat(o.FS, name); !errors.Is(err, fs.ErrNotExist) {
		return false
	}
	at := filepath.Join(o.dir, filepath.FromSlash(name))
	for file := range o.texts {
		if filepath.Dir(file) == at {
			return true
		}
	}
	return false
}

// nowhere is a folder that is not on disk.
type nowhere struct{}

func (nowhere) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

func (nowhere) Folder(at string) (fs.FS, error) {
	return nil, &fs.PathError{Op: "open", Path: at, Err: fs.ErrNotExist}
}

// ReadDir implements [fs.ReadDirFS].
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(o.FS, name)
	if err != nil && !o.only(name) {
		return nil, err
	}
	for file, text := range o.texts {
		if filepath.Dir(file) != filepath.Join(o.dir, filepath.FromSlash(name)) {
			continue
		}
		base := filepath.Base(file)
		if !slices.ContainsFunc(all, func(e fs.DirEntry) bool { return e.Name() == base }) {
			all = append(all, fs.FileInfoToDirEntry(textInfo{base, int64(len(text))}))
		}
	}
	slices.SortFunc(all, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return all, nil
}

// Folder implements [config.Folders].
func (o overlay) Folder(at string) (fs.FS, error) {
	f, ok := o.FS.(config.Folders)
	if !ok {
		return nil, fs.ErrPermission
	}
	inner, err := f.Folder(at)
	if err != nil {
		return nil, err
	}
	return overlay{inner, filepath.Join(o.dir, filepath.FromSlash(at)), o.texts}, nil
}

// stoppable is a folder of which nothing is read any more once a check is overtaken.
type stoppable struct {
	fs.FS
	ctx context.Context
}

var _ config.Folders = stoppable{}

// Open implements [fs.FS].
func (f stoppable) Open(name string) (fs.File, error) {
	if err := f.ctx.Err(); err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return f.FS.Open(name)
}

// Stat implements [fs.StatFS].
func (f stoppable) Stat(name string) (fs.FileInfo, error) { return fs.Stat(f.FS, name) }

// ReadDir implements [fs.ReadDirFS].
func (f stoppable) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(f.FS, name) }

// Folder implements [config.Folders].
func (f stoppable) Folder(at string) (fs.FS, error) {
	inner, err := f.FS.(config.Folders).Folder(at)
	if err != nil {
		return nil, err
	}
	return stoppable{inner, f.ctx}, nil
}

// textFile is a text that is not saved, as a file, or a folder of such.
type textFile struct {
	textInfo
	io.Reader
}

func (f *textFile) Stat() (fs.FileInfo, error) { return f.textInfo, nil }
func (f *textFile) Close() error               { return nil }

type textInfo struct {
	name string
	size int64 // -1 of a folder
}

func (i textInfo) Name() string { return i.name }
func (i textInfo) Size() int64  { return max(0, i.size) }
func (i textInfo) Mode() fs.FileMode {
	if i.IsDir() {
		return fs.ModeDir | 0o700
	}
	return 0o600
}
func (i textInfo) ModTime() time.Time { return time.Time{} }
func (i textInfo) IsDir() bool        { return i.size < 0 }
func (i textInfo) Sys() any           { return nil }
