package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// MakeFolder makes a folder for kiraform's own files, such as .kiraform, that
// nobody else can read. Version control leaves it out: the key is in it.
func MakeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return KeepOut(dir)
}

// KeepOut tells version control to leave a folder of the name .kiraform out,
// unless a person has told it something there already.
func KeepOut(dir string) error {
	if abs, err := filepath.Abs(dir); err != nil || filepath.Base(abs) != ".kiraform" {
		return err
	}
	f, err := os.OpenFile(filepath.Join(dir, ".gitignore"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString("*\n")
	return errors.Join(err, f.Close())
}
