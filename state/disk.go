package state

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// disk is what a File does to the file system. Its zero value is the real
// thing; tests count flushes, let any call fail, and stop between two steps.
type disk struct {
	step func(what string)      // called before each step; nil for nothing
	sync func(*os.File) error   // nil means (*os.File).Sync
	fail func(c diskCall) error // asked before each call whether it fails; nil means that none does
}

// diskCall is one call on the file system that can fail.
type diskCall struct {
	op, path string
	file     *os.File // of a write
	data     []byte   // of a write
}

func (d *disk) begin(what string) {
	if d != nil && d.step != nil {
		d.step(what)
	}
}

// allow returns the error that c is to end with, or nil.
func (d *disk) allow(c diskCall) error {
	if d == nil || d.fail == nil {
		return nil
	}
	if err := d.fail(c); err != nil {
		return &fs.PathError{Op: c.op, Path: c.path, Err: err}
	}
	return nil
}

func (d *disk) read(path string) ([]byte, error) {
	if err := d.allow(diskCall{op: "read", path: path}); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

func (d *disk) open(path string, flag int) (*os.File, error) {
	if err := d.allow(diskCall{op: "open", path: path}); err != nil {
		return nil, err
	}
	return os.OpenFile(path, flag, 0)
}

func (d *disk) write(f *os.File, data []byte) error {
	if err := d.allow(diskCall{op: "write", path: f.Name(), file: f, data: data}); err != nil {
		return err
	}
	_, err := f.Write(data)
	return err
}

// cut makes f as long as size, and goes to its end.
func (d *disk) cut(f *os.File, size int64) error {
	if err := d.allow(diskCall{op: "truncate", path: f.Name()}); err != nil {
		return err
	}
	return errors.Join(f.Truncate(size), seekEnd(f))
}

func (d *disk) remove(path string) error {
	if err := d.allow(diskCall{op: "remove", path: path}); err != nil {
		return err
	}
	return os.Remove(path)
}

func (d *disk) rename(from, to string) error {
	if err := d.allow(diskCall{op: "rename", path: to}); err != nil {
		return err
	}
	return os.Rename(from, to)
}

func (d *disk) flush(f *os.File) error {
	if err := d.allow(diskCall{op: "sync", path: f.Name()}); err != nil {
		return err
	}
	if d != nil && d.sync != nil {
		return d.sync(f)
	}
	return f.Sync()
}

// folder makes dir unless it is there.
func (d *disk) folder(dir string) error {
	if err := d.allow(diskCall{op: "mkdir", path: dir}); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// WriteFile makes data the content of the file at path, as the state is written:
// readable by its owner only, whoever could read what was there; and whenever it
// stops, the file holds the old content or the new. It follows symbolic links, and
// refuses what is no file.
func WriteFile(path string, data []byte) error {
	f := File{Path: path}
	if info, err := os.Stat(f.path()); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s: it is no file", path)
	}
	return f.disk.replace(f.path(), data)
}

// replace makes data the content of path, readable by its owner only. Whenever
// it stops, path holds the old content or the new and never half of either;
// once it returns, the new survives a loss of power.
func (d *disk) replace(path string, data []byte) error {
	if err := d.exchange(path, data); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func (d *disk) exchange(path string, data []byte) error {
	name := filepath.Base(path)
	d.begin("write " + name)
	if err := d.allow(diskCall{op: "create", path: path}); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+name+".*") // its mode is 0600
	if err != nil {
		return err
	}
	if err := d.fill(tmp, data); err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	d.begin("rename " + name)
	if err := d.rename(tmp.Name(), path); err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	d.begin("flush the folder of " + name)
	return d.flushFolder(filepath.Dir(path))
}

// fill writes data to f durably and closes it.
func (d *disk) fill(f *os.File, data []byte) error {
	err := d.write(f, data)
	if err == nil {
		err = d.flush(f)
	}
	return errors.Join(err, f.Close())
}

// flushFolder makes what was renamed or removed in dir durable.
func (d *disk) flushFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // a folder cannot be opened there
	}
	f, err := d.open(dir, os.O_RDONLY)
	if err != nil {
		return err
	}
	err = d.flush(f)
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EINVAL) {
		err = nil // some network file systems keep folders durable by themselves
	}
	return errors.Join(err, f.Close())
}
