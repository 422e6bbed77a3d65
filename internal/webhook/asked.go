package webhook

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// asked is a line that says when Kira was asked to judge an object again:
// earlier events about it are out of date.
type asked struct {
	ID string    `json:"id"`
	At time.Time `json:"at"`
}

// Ask remembers that Kira was asked at that time to judge the object called id
// again. A folder that is not there has no events that could be out of date, and
// is not made.
func (s Store) Ask(id string, at time.Time) error {
	f, err := os.OpenFile(filepath.Join(s.Dir, "asked"+suffix), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("remember that %s is verified again: %w", id, err)
	}
	at = at.UTC()
	text, err := line{Asked: &asked{id, at}}.encode()
	if err == nil {
		_, err = f.Write(text)
	}
	return errors.Join(err, f.Sync(), f.Close())
}
