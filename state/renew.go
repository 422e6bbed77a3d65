package state

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Renewal is the change of a state from one key to another.
type Renewal struct {
	Old  Key // the zero Key if it is lost
	New  Key
	Kept string // the file that the old key is moved to; "" if it stays where it is

	path, fresh string // where the new key goes, and where it is until then
}

// Lost reports whether nobody has the old key.
func (r Renewal) Lost() bool { return r.Old.secret == nil }

// Renew finds the key with that id, as far as it is at hand, and the key that takes
// its place: the one in KIRAFORM_KEY or in the first file, if that is another, or
// else one that is made. Nothing is in its place before Finish: until then the new
// key is in a file of its own, so that wherever a run dies the state finds its key.
func (k Keys) Renew(id string) (r Renewal, err error) {
	files := Keys{Paths: k.Paths}
	old, err := files.Have(id)
	_, missing := errors.AsType[*OtherKeyError](err)
	if err != nil && !missing {
		return r, err
	}
	if !missing {
		r.Old = old
	}
	if k.Env != "" {
		if r.New, err = parseKey(k.Env); err != nil {
			return r, fmt.Errorf("KIRAFORM_KEY: %w", err)
		}
		if r.New.ID() == id {
			return r, fmt.Errorf("KIRAFORM_KEY is the key that the state has. Put that key into %s, set KIRAFORM_KEY to another one, and run this again", k.Paths[0])
		}
		return r, nil
	}
	r.path = k.Paths[0]
	switch first, err := ReadKey(r.path, ""); {
	case err == nil && first.ID() != id:
		r.New = first
		return r, nil
	case err == nil:
		r.Kept = r.path + "." + id
	case !errors.Is(err, fs.ErrNotExist):
		return r, err
	}
	r.fresh = r.path + ".new"
	if r.New, err = LoadKey(r.fresh, ""); err != nil {
		return r, err
	}
	named := r.path + "." + r.New.ID()
	if err = os.Rename(r.fresh, named); err != nil {
		return r, err
	}
	r.fresh = named
	return r, new(disk).flushFolder(filepath.Dir(named))
}

// Finish puts the new key in its place, once the state is saved with it.
func (r Renewal) Finish() error {
	if r.fresh == "" {
		return nil
	}
	if r.Kept != "" {
		if err := os.Rename(r.path, r.Kept); err != nil {
			return err
		}
	}
	if err := os.Rename(r.fresh, r.path); err != nil {
		return err
	}
	return new(disk).flushFolder(filepath.Dir(r.path))
}

// Abandon removes a key that was made and is not used.
func (r Renewal) Abandon() error {
	if r.fresh == "" {
		return nil
	}
	return os.Remove(r.fresh)
}
