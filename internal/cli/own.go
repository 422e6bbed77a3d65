package cli

import (
	"errors"
	"os"
)

// openOwn opens a file that only its owner can read, also if it was there
// before and open to all. A path that is no regular file stays as it is.
func openOwn(path string, flag int) (*os.File, error) {
	f, err := os.OpenFile(path, flag|os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.Mode().IsRegular() && info.Mode().Perm() != 0o600 {
		err = f.Chmod(0o600)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// writeOwn writes a file that only its owner can read.
func writeOwn(path string, data []byte) error {
	f, err := openOwn(path, os.O_TRUNC)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}
