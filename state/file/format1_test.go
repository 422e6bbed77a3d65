package file_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kiraform/state"
	"kiraform/state/file"
)

func TestThePlaceIsKept(t *testing.T) {
	f := newFile(t)
	s := state.New("lineage")
	s.Place = state.Place{Environment: "sandbox", Address: "https://api.balampay.com/sandbox", Account: state.Account("a")}
	save(t, f, s)
	if got := load(t, f).Place; got != s.Place {
		t.Errorf("the place is %+v, want %+v", got, s.Place)
	}

	// Nothing rolls the place back: not a generation from before the state was bound anew.
	was := s.Serial
	s.Place.Address = "https://elsewhere.example/sandbox"
	save(t, f, s)
	var other *state.OtherPlaceError
	if _, err := f.Restore(t.Context(), was, admitted); !errors.As(err, &other) || other.Now != s.Place || other.Of == s.Place {
		t.Errorf("restore of a generation of another place: %v", err)
	}
	if got := load(t, f).Place; got != s.Place {
		t.Errorf("after that, the place is %+v, want %+v", got, s.Place)
	}
}

// TestFormat1 holds that a state which an earlier kiraform wrote is read, is
// bound to no place, and is written in the format of today.
func TestFormat1(t *testing.T) {
	f := newFile(t)
	write(t, f.Path, read(t, filepath.Join("testdata", "format1.json")))
	s := load(t, f)
	if len(s.Resources) != 3 || s.Serial != 2 || !s.Place.IsZero() || len(s.Outputs) != 1 {
		t.Fatalf("read %d resources, serial %d, place %+v", len(s.Resources), s.Serial, s.Place)
	}
	before := s.Clone()
	s.Place = state.Place{Environment: "simulator", World: "w"}
	save(t, f, s)
	again := load(t, f)
	if again.Place != s.Place || again.Serial != 3 || again.Lineage != before.Lineage {
		t.Errorf("read again: place %+v, serial %d", again.Place, again.Serial)
	}
	for a, o := range before.Resources {
		if got := again.Resources[a]; got.ID != o.ID || !got.Seen.Same(o.Seen) || !got.Sent.Same(o.Sent) {
			t.Errorf("%s is not what it was", a)
		}
	}
	if !strings.Contains(string(read(t, f.Path)), `"version": 3`) {
		t.Error("it was not written in format 2")
	}
}

// TestADanglingLinkIsFollowed holds that two folders which share a state by
// symbolic links share it from the first run on, before there is a file.
func TestADanglingLinkIsFollowed(t *testing.T) {
	for name, to := range map[string]string{"relative": "../shared/s.json", "absolute": "", "a link to a link": "../shared/link.json"} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			for _, dir := range []string{"a", "b", "shared"} {
				if err := os.Mkdir(filepath.Join(root, dir), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			real := filepath.Join(root, "shared", "s.json")
			if err := os.Symlink("s.json", filepath.Join(root, "shared", "link.json")); err != nil {
				t.Fatal(err)
			}
			if to == "" {
				to = real
			}
			files := make(map[string]file.Store)
			for _, dir := range []string{"a", "b"} {
				f := file.Store{Path: filepath.Join(root, dir, "kiraform.state.json")}
				if err := os.Symlink(to, f.Path); err != nil {
					t.Fatal(err)
				}
				files[dir] = f
			}
			unlock, err := files["a"].Lock(t.Context(), state.Holder{ID: "a"})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := files["b"].Lock(t.Context(), state.Holder{ID: "b"}); err == nil {
				t.Error("two runs hold the lock of one state")
			}
			s := state.New("lineage")
			s.Apply(object("o"))
			save(t, files["a"], s)
			if err := unlock(); err != nil {
				t.Fatal(err)
			}
			if got := load(t, files["b"]); len(got.Resources) != 1 {
				t.Error("the other folder does not see the state")
			}
			for dir, f := range files {
				if info, err := os.Lstat(f.Path); err != nil || info.Mode()&os.ModeSymlink == 0 {
					t.Errorf("the link in %s was replaced: %v, %v", dir, info, err)
				}
			}
			if _, err := os.Stat(real); err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("links in a circle are an error", func(t *testing.T) {
		f := newFile(t)
		if err := os.Symlink(f.Path, f.Path); err != nil {
			t.Fatal(err)
		}
		if err := f.Save(t.Context(), state.New("lineage")); err == nil {
			t.Error("a state was saved over a link that leads to itself")
		}
	})
}

// TestFormat1OfARunThatDied holds that the journal of an earlier kiraform is
// folded in, and gone on with.
func TestFormat1OfARunThatDied(t *testing.T) {
	f := newFile(t)
	write(t, f.Path, read(t, filepath.Join("testdata", "format1_killed.json")))
	write(t, f.Path+".journal", read(t, filepath.Join("testdata", "format1_killed.journal")))
	s := load(t, f)
	if len(s.Resources) != 2 || s.Resources[user("maria")].ID != "51000000-f000-426a-a6c2-01771893a08a" || len(s.Intents) != 0 {
		t.Fatalf("read %v, and %d intents", s.Addrs(), len(s.Intents))
	}
	journal(t, f, s, object("more"))
	s = load(t, f)
	save(t, f, s)
	if got := load(t, f); len(got.Resources) != 3 || got.Serial != 2 {
		t.Errorf("saved, it has %v and serial %d", got.Addrs(), got.Serial)
	}
}
