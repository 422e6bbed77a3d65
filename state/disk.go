package state

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// disk is what a File does to the file system. Its zero value is the real
// thing; tests count flushes, let them fail, and stop between two steps.
type disk struct {
	step func(what string)    // called before each step; nil for nothing
	sync func(*os.File) error // nil means (*os.File).Sync
}

func (d *disk) begin(what string) {
	if d != nil && d.step != nil {
		d.step(what)
	}
}

func (d *disk) flush(f *os.File) error {
	if d != nil && d.sync != nil {
		return d.sync(f)
	}
	return f.Sync()
}

// replace makes data the content of path, readable by its owner only. Whenever
// it stops, path holds the old content or the new and never half of either;
// once it returns, the new survives a loss of power.
func (d *disk) replace(path string, data []byte) error {
	name := filepath.Base(path)
	d.begin("write " + name)
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+name+".*") // its mode is 0600
	if err != nil {
		return err
	}
	if err := d.fill(tmp, data); err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	d.begin("rename " + name)
	if err := os.Rename(tmp.Name(), path); err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	d.begin("flush the folder of " + name)
	return d.flushFolder(filepath.Dir(path))
}

// fill writes data to f durably and closes it.
func (d *disk) fill(f *os.File, data []byte) error {
	_, err := f.Write(data)
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
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.flush(f)
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EINVAL) {
		err = nil // some network file systems keep folders durable by themselves
	}
	return errors.Join(err, f.Close())
}
