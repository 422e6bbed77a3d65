package file_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"kiraform/state"
	"kiraform/state/file"
	"kiraform/state/statetest"
)

func newIdentity(t testing.TB) *age.X25519Identity {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// encrypted returns a store of a state that is encrypted for id.
func encrypted(t *testing.T, id *age.X25519Identity) (file.Store, *state.State) {
	t.Helper()
	f := newFile(t)
	f.Identity = id.String()
	s := state.New("lineage")
	s.Apply(object("canary"))
	s.Recipients = []string{id.Recipient().String()}
	save(t, f, s)
	return f, s
}

// filesOf returns all that stands in the files beside f.
func filesOf(t *testing.T, f file.Store) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(filepath.Dir(f.Path), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		all.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

func TestAnEncryptedStateKeepsTheRulesOfAStore(t *testing.T) {
	id := newIdentity(t)
	store := encryptingStore{newFile(t), []string{id.Recipient().String()}}
	store.Identity = id.String()
	statetest.TestStore(t, func() state.Store { return store })
}

// encryptingStore encrypts whatever is saved.
type encryptingStore struct {
	file.Store
	to []string
}

func (e encryptingStore) Save(ctx context.Context, s *state.State) error {
	s.Recipients = e.to
	return e.Store.Save(ctx, s)
}

func TestEverythingBesideAnEncryptedStateIsEncrypted(t *testing.T) {
	id := newIdentity(t)
	f, s := encrypted(t, id)
	journal(t, f, s, object("canary-of-the-journal"), state.Record{Addr: user("canary"), Intent: &state.Intent{Key: "canary-key"}})
	if text := filesOf(t, f); strings.Contains(text, "canary") {
		t.Errorf("in clear:\n%s", text)
	}
	got := load(t, f)
	statetest.Same(t, got, s)
	save(t, f, got) // and its generations
	if text := filesOf(t, f); strings.Contains(text, "canary") {
		t.Errorf("in clear:\n%s", text)
	}
}

func TestAStateInClearIsEncryptedOnTheNextSave(t *testing.T) {
	id := newIdentity(t)
	f := newFile(t)
	s := state.New("lineage")
	s.Apply(object("canary"))
	save(t, f, s)
	f.Identity = id.String()
	s = load(t, f)
	s.Recipients = []string{id.Recipient().String()}
	save(t, f, s)
	if text := filesOf(t, f); strings.Contains(text, "canary") {
		t.Errorf("in clear, be it in a generation:\n%s", text)
	}
	s = load(t, f)
	s.Recipients = nil
	save(t, f, s)
	if text := filesOf(t, f); !strings.Contains(text, "canary") || strings.Contains(text, "AGE") {
		t.Errorf("still encrypted:\n%s", text)
	}
}

func TestRotation(t *testing.T) {
	old, young := newIdentity(t), newIdentity(t)
	f, s := encrypted(t, old)
	s.Recipients = []string{young.Recipient().String()}
	if err := f.Save(t.Context(), s); err == nil || !strings.Contains(err.Error(), "the next run could not read it") {
		t.Errorf("for a key that is not at hand: %v", err)
	}
	keys := filepath.Join(t.TempDir(), "keys")
	write(t, keys, []byte("# both\n"+old.String()+"\n"+young.String()+"\n"))
	f.Identity = keys
	save(t, f, s)
	f.Identity = young.String()
	statetest.Same(t, load(t, f), s)

	f.Identity = old.String()
	paths, err := filepath.Glob(filepath.Join(filepath.Dir(f.Path), ".kiraform", "history", "*.0*"))
	if err != nil || len(paths) != 2 {
		t.Fatalf("generations %q, %v; want two", paths, err)
	}
	for _, path := range append(paths, f.Path) {
		f.Path = path
		if _, err := f.Load(t.Context()); err == nil || !strings.Contains(err.Error(), "not for the key") {
			t.Errorf("%s with the old key: %v", filepath.Base(path), err)
		}
	}
}

func TestAnEncryptedStateWithoutItsKey(t *testing.T) {
	f, s := encrypted(t, newIdentity(t))
	journal(t, f, s, object("a"))
	for _, c := range []struct{ name, identity, want string }{
		{"without a key it says which variable to set", "", "is encrypted, and KIRAFORM_AGE_IDENTITY is not set"},
		{"with another key it says so", newIdentity(t).String(), "not for the key in KIRAFORM_AGE_IDENTITY"},
		{"what is no key is not quoted", "AGE-SECRET-KEY-1CANARY", "holds no secret key of age"},
		{"a file that is not there is named", "/nowhere/key", "/nowhere/key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f.Identity = c.identity
			_, err := f.Load(t.Context())
			if _, ok := errors.AsType[*state.EncryptedError](err); !ok || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "CANARY") {
				t.Errorf("Load = %v, want %q", err, c.want)
			}
			if err := f.Save(t.Context(), s); err == nil {
				t.Error("it was saved over what cannot be read")
			}
		})
	}
}

func TestADamagedEncryptedStateIsNotTakenForNone(t *testing.T) {
	f, _ := encrypted(t, newIdentity(t))
	data, err := os.ReadFile(f.Path)
	if err != nil {
		t.Fatal(err)
	}
	whole := len(bytes.TrimSpace(data)) // the end of the last line may be missing, and nothing with it
	for n := range whole {
		if n%7 != 0 && n != whole-1 {
			continue
		}
		write(t, f.Path, data[:n])
		if s, err := f.Load(t.Context()); err == nil {
			t.Fatalf("cut at byte %d of %d, it is read as %v", n, len(data), s)
		}
	}
}
