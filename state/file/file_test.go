package file_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/schema"
	"kiraform/state"
	"kiraform/state/file"
	"kiraform/state/statetest"
)

func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kiraform.state.json")
	statetest.TestStore(t, func() state.Store { return file.Store{Path: path} })
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func user(name string) addr.Resource { return addr.Resource{Kind: "kira_user", Name: name} }

func object(id string) state.Record {
	return state.Record{Addr: user(id), Object: &state.Object{ID: id, Sent: sealed(map[string]cty.Value{"n": cty.StringVal(id)})}}
}

// sealed is the form in which the state keeps an object with attributes that are
// no secret.
func sealed(attrs map[string]cty.Value) state.Sealed {
	key, err := state.NewKey([]byte("a key for the tests"))
	if err != nil {
		panic(err)
	}
	kind := &schema.Kind{Name: "kira_user"}
	for name, v := range attrs {
		kind.Attrs = append(kind.Attrs, schema.Attr{Name: name, Type: v.Type()})
	}
	return key.Seal(kind, "salt", cty.ObjectVal(attrs))
}

// admitted leaves a state that is restored encrypted for whom it was.
func admitted(*state.State) error { return nil }

func newFile(t *testing.T) file.Store {
	return file.Store{Path: filepath.Join(t.TempDir(), "kiraform.state.json")}
}

// generation is where f keeps the generation with that serial.
func generation(f file.Store, serial int) string {
	dir, name := filepath.Split(f.Path)
	return filepath.Join(dir, ".kiraform", "history", fmt.Sprintf("%s.lineage.%08d.gz", name, serial))
}

// packed is the content of a generation's file; unpacked is the other way.
func packed(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func unpacked(t *testing.T, data []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if data, err = io.ReadAll(z); err != nil {
		t.Fatal(err)
	}
	return data
}

func save(t *testing.T, f file.Store, s *state.State) {
	t.Helper()
	if err := f.Save(t.Context(), s); err != nil {
		t.Fatal(err)
	}
}

func load(t *testing.T, f file.Store) *state.State {
	t.Helper()
	s, err := f.Load(t.Context())
	if err != nil || s == nil {
		t.Fatalf("Load = %v, %v", s, err)
	}
	return s
}

// journal appends records to the journal of s and to s itself.
func journal(t *testing.T, f file.Store, s *state.State, records ...state.Record) {
	t.Helper()
	j, err := f.Journal(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if err := j.Append(r); err != nil {
			t.Fatal(err)
		}
		s.Apply(r)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestFilesAreForTheirOwnerOnly(t *testing.T) {
	f := newFile(t)
	s := state.New("lineage")
	save(t, f, s)
	save(t, f, s)
	journal(t, f, s, object("a"))
	unlock, err := f.Lock(t.Context(), state.Holder{ID: "run"})
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	for _, path := range []string{f.Path, f.Path + ".journal", f.Path + ".lock", f.Path + ".lock.info", generation(f, 1), generation(f, 2)} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != 0o600 {
			t.Errorf("%s has mode %v, want 0600", info.Name(), info.Mode())
		}
	}
}

func TestSaveFollowsASymbolicLink(t *testing.T) {
	f := newFile(t)
	link := file.Store{Path: f.Path + ".link"}
	s := state.New("lineage")
	save(t, f, s)
	if err := os.Symlink(f.Path, link.Path); err != nil {
		t.Fatal(err)
	}
	s.KeyID = "changed"
	save(t, link, s)
	if got := load(t, f).KeyID; got != "changed" {
		t.Errorf("what the link leads to has key %q", got)
	}
}

func TestWhatCannotBeReadIsAnError(t *testing.T) {
	kept := state.New("lineage")
	kept.Serial = 7
	kept.Apply(object("a"))
	good, err := state.Encode(kept, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, content string
		want          []string
	}{
		{"an empty file", "", []string{"0 bytes", "state restore 7"}},
		{"a file that was cut", string(good[:40]), []string{"not JSON at byte 40 of 40", "generation 7", "resources: 1"}},
		{"text", "Hello", []string{"not JSON at byte 1 of 5"}},
		{"something after the end", string(good) + "{}", []string{"not JSON at byte"}},
		{"another JSON file", `{"name": "x"}`, []string{"no version and lineage"}},
		{"null", `null`, []string{"no version and lineage"}},
		{"an attribute that nobody knows", `{"version": 1, "lineage": "l", "more": 1}`, []string{`unknown field "more"`}},
		{"a newer version", `{"version": 6, "kiraform_version": "9.1", "lineage": {}, "more": 1}`,
			[]string{"kiraform 9.1", "version 6", "use the newer one"}},
		{"an address that is none", `{"version": 1, "lineage": "l", "resources": [{"address": "x", "kind": "y"}]}`, []string{"not a resource address"}},
		{"a resource without an address", `{"version": 1, "lineage": "l", "resources": [{}]}`, []string{`has the address "."`}},
		{"a value that does not have its type", `{"version": 1, "lineage": "l", "outputs": {"n": {"value": "x", "type": "number"}}}`,
			[]string{"output n", "string in place of number"}},
		{"one address twice", `{"version": 1, "lineage": "l", "resources": [{"address": "a.b", "kind": "a", "id": "1"}, {"address": "a.b", "kind": "a", "id": "2"}]}`,
			[]string{"a.b is in it twice"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFile(t)
			write(t, f.Path, []byte(tt.content))
			if err := os.MkdirAll(filepath.Dir(generation(f, 7)), 0o700); err != nil {
				t.Fatal(err)
			}
			write(t, generation(f, 7), packed(t, good))
			s, err := f.Load(t.Context())
			if err == nil || s != nil {
				t.Fatalf("Load = %v, %v; want an error", s, err)
			}
			for _, want := range append(tt.want, f.Path) {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
			_, damaged := errors.AsType[*state.DamagedError](err)
			_, newer := errors.AsType[*state.NewerError](err)
			if damaged == newer {
				t.Errorf("the error is a %T", err)
			}
			if err := f.Save(t.Context(), state.New("lineage")); err == nil {
				t.Error("Save replaces what it cannot read")
			}
			if got := string(read(t, f.Path)); got != tt.content {
				t.Errorf("the file is changed to %q", got)
			}
		})
	}
}

func TestWithoutAGenerationNoneIsPromised(t *testing.T) {
	f := newFile(t)
	write(t, f.Path, nil)
	_, err := f.Load(t.Context())
	if err == nil || strings.Contains(err.Error(), "restore") {
		t.Errorf("Load = %v", err)
	}
}

func TestAFolderThatIsNotThere(t *testing.T) {
	f := file.Store{Path: filepath.Join(t.TempDir(), "no", "state.json")}
	if err := f.Save(t.Context(), state.New("lineage")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Save = %v, want that it does not exist", err)
	}
	if _, err := f.Lock(t.Context(), state.Holder{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Lock = %v, want that it does not exist", err)
	}
}

func TestFileKeepsTheOtherRules(t *testing.T) {
	for name, rules := range map[string]func(*testing.T, func() state.Store){
		"history": statetest.TestHistory, "lock": statetest.TestWarden, "arrival": statetest.TestArrival,
	} {
		t.Run(name, func(t *testing.T) {
			f := newFile(t)
			rules(t, func() state.Store { return f })
		})
	}
}
