package state

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"kiraform/internal/disk"
)

// Renewal is the change of a state from one key to another.
type Renewal struct {
	Old  Key // the zero Key if it is lost
	New  Key
	Kept string // the file that the old key is moved to; "" if it stays where it is
	Back string // the file in which the old key would be found; "" if it is not lost

	path, fresh string // where the new key goes, and where it is until then
}

// Lost reports whether nobody has the old key.
func (r Renewal) Lost() bool { return r.Old.secret == nil }

// Renew finds the key with that id, as far as it is at hand, and the key that takes
// its place: the one in KIRAFORM_KEY or in the first file, if that is another, or
// else one that is made. Nothing is in its place before Finish: until then the new
// key is in a file of its own, where [Keys.Have] looks too, so that wherever a run
// dies the state finds its key. A change that died after the state was saved is
// brought to its end first.
func (k Keys) Renew(id string) (r Renewal, err error) {
	files := Keys{Paths: k.Paths}
	old, err := files.Have(id)
	other, missing := errors.AsType[*OtherKeyError](err)
	if err != nil && !missing {
		return r, err
	}
	if missing {
		r.Back = other.Back()
	} else {
		r.Old = old
	}
	first := k.Paths[0]
	if k.Env != "" {
		if r.New, err = parseKey(k.Env); err != nil {
			return r, fmt.Errorf("KIRAFORM_KEY: %w", err)
		}
		if r.New.ID() == id {
			return r, fmt.Errorf("KIRAFORM_KEY is the key that the state has. Put that key into %s, set KIRAFORM_KEY to another one, and run this again", beside(first, id))
		}
		return r, nil
	}
	r.path, r.fresh = first, first+renewing
	if next, err := ReadKey(r.fresh, ""); err == nil && next.ID() == id {
		if err := (Renewal{New: next, path: r.path, fresh: r.fresh}).Finish(); err != nil {
			return r, err
		}
	}
	switch there, err := ReadKey(r.path, ""); {
	case err == nil && there.ID() != id:
		r.New, r.fresh = there, ""
		return r, nil
	case err == nil:
		r.Kept = beside(r.path, id)
	case !errors.Is(err, fs.ErrNotExist):
		return r, err
	}
	r.New, err = LoadKey(r.fresh, "")
	return r, err
}

// renewing is at the end of the name of the file that has a new key until the state
// is saved with it.
const renewing = ".new"

// beside is the file that has the key with that id where the file at path has
// another one.
func beside(path, id string) string { return path + "." + id }

// Finish puts the new key in its place, once the state is saved with it.
func (r Renewal) Finish() error {
	if r.fresh == "" {
		return nil
	}
	switch there, err := ReadKey(r.path, ""); {
	case err == nil && there.ID() == r.New.ID():
		return nil // by a run with another state that shares the key
	case err == nil:
		if err := os.Rename(r.path, beside(r.path, there.ID())); err != nil {
			return err
		}
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if err := os.Rename(r.fresh, r.path); err != nil {
		return err
	}
	return new(disk.Disk).FlushFolder(filepath.Dir(r.path))
}

// Abandon removes a key that was made and is not used.
func (r Renewal) Abandon() error {
	if r.fresh == "" || !r.New.Fresh() {
		return nil
	}
	return os.Remove(r.fresh)
}
