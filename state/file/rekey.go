package file

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"kiraform/state"
)

// rekey makes the generations that are kept readable for recipients, and for
// nobody else: a key that was taken away must not open states that were saved
// before. Which recipients they were encrypted for is kept beside them as a
// digest, so that this is done only when they change.
func (f Store) rekey(recipients []string) error {
	mark := filepath.Join(f.historyPath(), filepath.Base(f.path())+".recipients")
	was, err := f.disk.Read(mark)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	now := recipientsDigest(recipients)
	if string(was) == now {
		return nil
	}
	paths, err := f.generationPaths("")
	if err != nil {
		return err
	}
	for _, path := range paths {
		err := f.reencrypt(path, recipients)
		if _, damaged := errors.AsType[*state.DamagedError](err); damaged {
			continue // nobody can read it, and History says so
		}
		if err != nil {
			return fmt.Errorf("encrypt %s for other keys: %w", path, err)
		}
	}
	return f.disk.Replace(mark, []byte(now))
}

func (f Store) reencrypt(path string, recipients []string) error {
	data, err := f.disk.Read(path)
	if err == nil {
		data, err = f.unseal(data)
	}
	if err == nil {
		data, err = f.encrypt(data, recipients)
	}
	if err == nil {
		err = f.disk.Replace(path, data)
	}
	return err
}

// recipientsDigest is the same for the same recipients in any order, and empty
// for none.
func recipientsDigest(recipients []string) string {
	if len(recipients) == 0 {
		return ""
	}
	sum := sha256.Sum256([]byte(strings.Join(slices.Sorted(slices.Values(recipients)), "\n")))
	return hex.EncodeToString(sum[:])
}
