package state

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// Keys says where the key of a state is looked for. A state names the key that
// made its fingerprints, so that another one is never taken for it.
type Keys struct {
	Env   string   // the value of KIRAFORM_KEY; if it is set, no file is looked at
	Paths []string // of files, at least one; a key is made in the first

	// Others lists the states that share the key in the first file, for which no
	// second key may be made. Nil means that there are none.
	Others func() ([]Sharer, error)
}

// Sharer is a state that shares a key with others.
type Sharer struct {
	Name  string                 // for messages
	KeyID func() (string, error) // returns the id of the key that it names: "" for none, or if there is no state
}

// OtherKeyError reports that the key of a state is not at hand.
type OtherKeyError struct {
	Want  string   // the id of the key that is looked for
	Of    string   // the state that names it; "" for the one that is worked on
	Env   string   // the id of the key in KIRAFORM_KEY; "" if that is not set
	Files []string // where no such key is, or, if Env is set, where it is
	Has   []string // the ids of the keys in Files, "" for none
}

func (e *OtherKeyError) Error() string { return "the key " + e.Want + " is not here" }

// Find returns the key with that id. For a state that names no key, "", it is the
// key at hand, which is made if there is none, and if no other state that shares
// it names one. The error is an *OtherKeyError if the key is not here.
func (k Keys) Find(id string) (Key, error) {
	found, err := k.Have(id)
	if id != "" || !errors.Is(err, fs.ErrNotExist) {
		return found, err
	}
	if k.Others != nil {
		if err := k.shared(); err != nil {
			return Key{}, err
		}
	}
	return LoadKey(k.Paths[0], "")
}

// Have is [Keys.Find] for a key that was made before. For the id "" the error is
// fs.ErrNotExist if there is no key at hand.
func (k Keys) Have(id string) (Key, error) {
	if k.Env != "" || id == "" {
		found, err := ReadKey(k.Paths[0], k.Env)
		if err != nil || id == "" || found.ID() == id {
			return found, err
		}
		return Key{}, k.another(id, found)
	}
	missing := &OtherKeyError{Want: id}
	var damaged error
	for _, path := range k.Paths {
		found, err := ReadKey(path, "")
		for _, at := range []string{beside(path, id), path + renewing} { // the folder got another key since, or gets one
			if kept, err := ReadKey(at, ""); err == nil && kept.ID() == id {
				return kept, nil
			}
		}
		switch {
		case errors.Is(err, fs.ErrNotExist):
			found = Key{}
		case err != nil:
			damaged = errors.Join(damaged, err)
			continue
		case found.ID() == id:
			return found, nil
		}
		missing.add(path, found)
	}
	if damaged != nil {
		return Key{}, damaged
	}
	return Key{}, missing
}

// another says that KIRAFORM_KEY is not the key with that id, and whether a file
// has it.
func (k Keys) another(id string, env Key) error {
	e := &OtherKeyError{Want: id, Env: env.ID()}
	if found, err := (Keys{Paths: k.Paths}).Have(id); err == nil {
		for _, path := range k.Paths {
			for _, at := range []string{path, beside(path, id), path + renewing} {
				if same, err := ReadKey(at, ""); err == nil && same.ID() == found.ID() && len(e.Files) == 0 {
					e.add(at, same)
				}
			}
		}
	}
	return e
}

// Back is the file into which the key can be put, so that the state finds it: not
// over another key that is there. It is "" if there is none.
func (e *OtherKeyError) Back() string {
	switch {
	case len(e.Files) == 0:
		return ""
	case e.Env == "" && e.Has[0] != "":
		return beside(e.Files[0], e.Want)
	}
	return e.Files[0]
}

// AtHand says which keys are here instead.
func (e *OtherKeyError) AtHand() string {
	if e.Env != "" {
		return "KIRAFORM_KEY is the key " + e.Env
	}
	var none, others []string
	for i, path := range e.Files {
		if e.Has[i] == "" {
			none = append(none, path)
		} else {
			others = append(others, path+" has the key "+e.Has[i])
		}
	}
	if none != nil {
		others = append(others, "there is no "+strings.Join(none, " and no "))
	}
	return strings.Join(others, ", and ")
}

func (e *OtherKeyError) add(path string, k Key) {
	id := ""
	if k.secret != nil {
		id = k.ID()
	}
	e.Files, e.Has = append(e.Files, path), append(e.Has, id)
}

// shared returns an *OtherKeyError if a state that shares the key names one.
func (k Keys) shared() error {
	others, err := k.Others()
	if err != nil {
		return err
	}
	for _, f := range others {
		id, err := f.KeyID()
		if err != nil {
			return fmt.Errorf("no key is made before it is known which one %s has: %w", f.Name, err)
		}
		if id != "" {
			e := &OtherKeyError{Want: id, Of: f.Name}
			e.add(k.Paths[0], Key{})
			return e
		}
	}
	return nil
}
