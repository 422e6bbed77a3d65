package cli

import (
	"context"
	"fmt"
	"strings"

	"kiraform/internal/cipher"
	"kiraform/state"
	"kiraform/state/file"
)

// backend is a store of a state, as commands need it.
type backend interface {
	state.Store
	state.Historian
	state.Warden
}

// kept is the state that a command works on, where it is kept.
type kept struct {
	backend
	path string // of the file that it is in; "" if it is in none
	name string // of one that is in no file
	at   string // the address of that
}

// stateStore is the store of the state that a command works on: that of -state,
// or that of the selected workspace. The functions in tookOver are told of a run
// that died while it held the lock.
func (a *app) stateStore(ctx context.Context, st stateFlag, tookOver ...func(dead state.Holder)) (kept, error) {
	dir, err := a.dir()
	if err != nil {
		return kept{}, err
	}
	w, err := a.workspace(dir)
	switch {
	case err != nil:
		return kept{}, err
	case st.file != "" && w.name != defaultWorkspace:
		return kept{}, usage("-state=%s names a state, and so does the workspace %s, which %s selects. Leave one of them out",
			st.file, w.name, w.named)
	case st.file != "":
		return a.stored(in(dir, st.file), tookOver...), nil
	}
	s, err := a.shelf(dir)
	if err != nil {
		return kept{}, err
	}
	if r, ok := s.(remote); ok {
		if err := a.remember(ctx, dir, w.name, r); err != nil {
			return kept{}, err
		}
	}
	if err := known(ctx, s, w.name); err != nil {
		return kept{}, fmt.Errorf("%s: %w", w.named, err)
	}
	return s.open(w.name, tookOver...), nil
}

// stored is the store in a file.
func (a *app) stored(path string, tookOver ...func(dead state.Holder)) kept {
	f := a.file(path)
	f.TookOver = eachOf(tookOver)
	return kept{backend: f, path: path}
}

func eachOf(all []func(dead state.Holder)) func(state.Holder) {
	return func(dead state.Holder) {
		for _, each := range all {
			each(dead)
		}
	}
}

func (a *app) file(path string) file.Store {
	return file.Store{Path: path, Version: Version, Identity: a.identity()}
}

// sharer is the state in a file, as far as its key is shared.
func (a *app) sharer(path string) state.Sharer {
	return state.Sharer{Name: path, KeyID: a.file(path).KeyID}
}

// besides lists the files of the states in a folder, as far as one was saved there.
func besides(folder string) ([]string, error) { return file.Beside(folder) }

// identity is the key of age that opens encrypted files, or the path of it.
func (a *app) identity() string {
	identity := a.Environ["KIRAFORM_AGE_IDENTITY"]
	if identity != "" && !strings.HasPrefix(strings.ToUpper(identity), "AGE-SECRET-KEY-") {
		identity = in(a.Dir, identity)
	}
	return identity
}

// encrypt returns data as the file at path holds it for recipients.
func (a *app) encrypt(path string, data []byte, recipients []string) ([]byte, error) {
	return state.Encrypt(cipher.Identity(a.identity()), path, data, recipients)
}

// decrypt returns the content of the file at path, as it was before [app.encrypt].
func (a *app) decrypt(path string, data []byte) ([]byte, error) {
	return state.Decrypt(cipher.Identity(a.identity()), path, data)
}
