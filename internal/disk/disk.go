// Package disk writes files so that no crash leaves half of one: states, their
// journals and generations, keys and saved plans.
package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// Disk is the file system. Its zero value, and nil, are the real thing; tests
// count flushes, let any call fail, and stop between two steps.
type Disk struct {
	Step func(what string)    // called before each step; nil for nothing
	Sync func(*os.File) error // nil means (*os.File).Sync
	Fail func(c Call) error   // asked before each call whether it fails; nil means that none does
}

// Call is one call on the file system that can fail.
type Call struct {
	Op, Path string
	File     *os.File // of a write
	Data     []byte   // of a write
}

// Begin tells that a step begins.
func (d *Disk) Begin(what string) {
	if d != nil && d.Step != nil {
		d.Step(what)
	}
}

// allow returns the error that c is to end with, or nil.
func (d *Disk) allow(c Call) error {
	if d == nil || d.Fail == nil {
		return nil
	}
	if err := d.Fail(c); err != nil {
		return &fs.PathError{Op: c.Op, Path: c.Path, Err: err}
	}
	return nil
}

// Read is [os.ReadFile].
func (d *Disk) Read(path string) ([]byte, error) {
	if err := d.allow(Call{Op: "read", Path: path}); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// Open is [os.OpenFile] for a file that is there.
func (d *Disk) Open(path string, flag int) (*os.File, error) {
	if err := d.allow(Call{Op: "open", Path: path}); err != nil {
		return nil, err
	}
	return os.OpenFile(path, flag, 0)
}

// Write writes data to f.
func (d *Disk) Write(f *os.File, data []byte) error {
	if err := d.allow(Call{Op: "write", Path: f.Name(), File: f, Data: data}); err != nil {
		return err
	}
	_, err := f.Write(data)
	return err
}

// Cut makes f as long as size, and goes to its end.
func (d *Disk) Cut(f *os.File, size int64) error {
	if err := d.allow(Call{Op: "truncate", Path: f.Name()}); err != nil {
		return err
	}
	return errors.Join(f.Truncate(size), end(f))
}

func end(f *os.File) error {
	_, err := f.Seek(0, io.SeekEnd)
	return err
}

// Remove is [os.Remove].
func (d *Disk) Remove(path string) error {
	if err := d.allow(Call{Op: "remove", Path: path}); err != nil {
		return err
	}
	return os.Remove(path)
}

func (d *Disk) rename(from, to string) error {
	if err := d.allow(Call{Op: "rename", Path: to}); err != nil {
		return err
	}
	return os.Rename(from, to)
}

// Flush makes the bytes written to f durable.
func (d *Disk) Flush(f *os.File) error {
	if err := d.allow(Call{Op: "sync", Path: f.Name()}); err != nil {
		return err
	}
	if d != nil && d.Sync != nil {
		return d.Sync(f)
	}
	return f.Sync()
}

// Folder makes dir unless it is there.
func (d *Disk) Folder(dir string) error {
	if err := d.allow(Call{Op: "mkdir", Path: dir}); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// WriteFile makes data the content of the file at path, as the state is written:
// readable by its owner only, whoever could read the old file; and whenever it
// stops, the file holds the old content or the new. It follows symbolic links, and
// refuses a path that is no file.
func WriteFile(path string, data []byte) error {
	real := Real(path)
	if info, err := os.Stat(real); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s: it is no file", path)
	}
	return (*Disk)(nil).Replace(real, data)
}

// Replace makes data the content of path, readable by its owner only. Whenever
// it stops, path holds the old content or the new and never half of either;
// once it returns, the new survives a loss of power.
func (d *Disk) Replace(path string, data []byte) error {
	if err := d.exchange(path, data); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func (d *Disk) exchange(path string, data []byte) error {
	name := filepath.Base(path)
	d.Begin("write " + name)
	if err := d.allow(Call{Op: "create", Path: path}); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+name+".*") // its mode is 0600
	if err != nil {
		return err
	}
	if err := d.Fill(tmp, data); err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	d.Begin("rename " + name)
	if err := d.rename(tmp.Name(), path); err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	d.Begin("flush the folder of " + name)
	return d.FlushFolder(filepath.Dir(path))
}

// Fill writes data to f durably and closes it.
func (d *Disk) Fill(f *os.File, data []byte) error {
	err := d.Write(f, data)
	if err == nil {
		err = d.Flush(f)
	}
	return errors.Join(err, f.Close())
}

// FlushFolder makes renames and removals in dir durable.
func (d *Disk) FlushFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // a folder cannot be opened there
	}
	f, err := d.Open(dir, os.O_RDONLY)
	if err != nil {
		return err
	}
	err = d.Flush(f)
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EINVAL) {
		err = nil // some network file systems keep folders durable by themselves
	}
	return errors.Join(err, f.Close())
}
