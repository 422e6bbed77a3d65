package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Writable returns an error, of the type [*fs.PathError], if nobody could make a file in
// dir, which need not be there yet, and the folder that refuses. It leaves nothing behind.
func Writable(dir string) (at string, err error) {
	for at = dir; ; at = filepath.Dir(at) {
		_, err := os.Stat(at)
		if err == nil {
			break
		}
		if !errors.Is(err, fs.ErrNotExist) || filepath.Dir(at) == at {
			return at, err
		}
	}
	try, err := os.MkdirTemp(at, ".kiraform-")
	if err != nil {
		return at, err
	}
	return at, os.Remove(try)
}

// Changeable returns an error if a file that is there cannot be written to.
func Changeable(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}
