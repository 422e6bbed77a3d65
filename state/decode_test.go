package state_test

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kiraform/internal/addr"
	"kiraform/state"
)

// A file that contradicts itself is damaged: nothing of it is taken, so that no request,
// run or object is lost without a word.
func TestAStateThatContradictsItself(t *testing.T) {
	object := func(more string) string {
		return `"resources": [{"address": "a.b", "kind": "a", "id": "1"` + more + `}]`
	}
	for name, tt := range map[string]struct{ body, want string }{
		"a kind that is not the address's":     {`"resources": [{"address": "a.b", "kind": "c"}]`, `kind "c" has the address "a.b"`},
		"a sent value of another type":         {object(`, "sent": "x", "sent_type": "number"`), "a.b: sent"},
		"a seen value of another type":         {object(`, "seen": "x", "seen_type": "number"`), "a.b: seen"},
		"a stored value of another type":       {object(`, "stored": [{"path": "n", "seen": "x", "seen_type": "number"}]`), "a.b: stored"},
		"a request twice":                      {`"pending": [{"address": "a.b", "key": "k"}, {"address": "a.c", "key": "k"}]`, "the request with the key k is in it twice"},
		"a request without a key":              {`"pending": [{"address": "a.b", "action": "create"}]`, "the request for a.b has no key"},
		"a request for nothing":                {`"pending": [{"key": "k", "action": "create"}]`, `the request with the key k is for no resource`},
		"an object without an id":              {`"resources": [{"address": "a.b", "kind": "a"}]`, "a.b has no id"},
		"a request with a value of no type":    {`"pending": [{"address": "a.b", "key": "k", "sent": "x", "sent_type": "number"}]`, "a.b: sent"},
		"a run twice":                          {`"runs": [{"address": "a.b", "key": "k"}, {"address": "a.c", "key": "k"}]`, `the run with the key "k" is in it twice`},
		"a run without a key":                  {`"runs": [{"address": "a.b"}]`, `the run with the key "" is in it twice, or has none`},
		"a consent twice":                      {`"consents": [{"address": "a.b", "id": "1"}, {"address": "a.b", "id": "2"}]`, `the consents of "a.b" are not one`},
		"a consent for nothing":                {`"consents": [{"id": "1"}]`, "are not one"},
		"the changes of no other consent":      {`"consents": [{"address": "a.b", "id": "1", "after_same": true}]`, `the consent of "a.b" was given for the changes of no other`},
		"the changes of another and of itself": {`"consents": [{"address": "a.a", "id": "1", "after": ["a.b"]}, {"address": "a.b", "id": "1", "after": ["a.c"], "after_same": true}]`, `the consent of "a.b"`},
	} {
		s, err := state.Decode(fmt.Appendf(nil, `{"version": %d, "lineage": "l", %s}`, state.FormatVersion, tt.body))
		if _, damaged := errors.AsType[*state.DamagedError](err); !damaged || s != nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, %v; want %s", name, s, err, tt.want)
		}
	}
}

// A head says which format a file has, and whether there is one.
func TestTheHeadOfAState(t *testing.T) {
	for body, want := range map[string]string{
		fmt.Sprintf(`{"version": %d, "lineage": "l"}`, state.FormatVersion):   "",
		fmt.Sprintf(`{"version": %d, "lineage": "l"}`, state.FormatVersion+1): "newer",
		`{"lineage": "l"}`:                 "no version and lineage",
		`{"version": 1}`:                   "no version and lineage",
		`{"version": "1", "lineage": "l"}`: "it does not have the form of a state",
		`{"version": 1, "lineage": "l"`:    "it is not JSON",
		``:                                 "it is empty",
	} {
		_, head := state.DecodeHead([]byte(body))
		_, whole := state.Decode([]byte(body))
		for who, err := range map[string]error{"the head": head, "the whole": whole} {
			_, newer := errors.AsType[*state.NewerError](err)
			_, damaged := errors.AsType[*state.DamagedError](err)
			if (err == nil) != (want == "") || newer != (want == "newer") || want != "" && !newer && (!damaged || !strings.Contains(err.Error(), want)) {
				t.Errorf("%s of %s: %v, want %q", who, body, err, want)
			}
		}
	}
}

// A consent is for one object, for these attributes, and after these changes.
func TestConsentsThatAreEqual(t *testing.T) {
	base := state.Consent{ID: "1", Paths: []string{"a"}, After: []addr.Resource{user("a")}}
	for name, tt := range map[string]struct {
		change func(*state.Consent)
		want   bool
	}{
		"the same":                 {func(*state.Consent) {}, true},
		"the same in other memory": {func(c *state.Consent) { c.After = slices.Clone(c.After) }, true},
		"of another object":        {func(c *state.Consent) { c.ID = "2" }, false},
		"for another attribute":    {func(c *state.Consent) { c.Paths = []string{"b"} }, false},
		"for whatever is written":  {func(c *state.Consent) { c.Paths = nil }, false},
		"after another change":     {func(c *state.Consent) { c.After = []addr.Resource{user("b")} }, false},
		"after no change":          {func(c *state.Consent) { c.After = nil }, false},
	} {
		other := base
		tt.change(&other)
		if base.Equal(other) != tt.want || other.Equal(base) != tt.want {
			t.Errorf("%s: equal is %v", name, base.Equal(other))
		}
	}
	st := state.New("l")
	if _, ok := st.Consented(user("a")); ok {
		t.Error("what nobody has is consented to")
	}
	st.Consents[user("a")] = state.Consent{}
	if _, ok := st.Consented(user("a")); ok {
		t.Error("a consent for no object holds for an address without one")
	}
}

// Hexadecimal digits and base64 are read as such if they are enough for a key, and are
// else a passphrase, as any other text is.
func TestFormsOfAKeyAtTheirEdges(t *testing.T) {
	const sixteen = "0123456789abcdef"
	for name, tt := range map[string]struct{ env, want string }{
		"sixteen bytes in hexadecimal": {hex.EncodeToString([]byte(sixteen)), sixteen},
		"sixteen bytes in base64":      {base64.StdEncoding.EncodeToString([]byte(sixteen)), sixteen},
		"eight bytes in hexadecimal":   {sixteen, sixteen},
		"with space around":            {" \n" + sixteen + "\n", sixteen},
	} {
		k, err := state.ReadKey("", tt.env)
		if err != nil || k.ID() != newKey(t, tt.want).ID() {
			t.Errorf("%s: %s, %v", name, k.ID(), err)
		}
	}
	if _, err := state.ReadKey("", "0123456789abcde"); err == nil || strings.Contains(err.Error(), "0123") {
		t.Errorf("fifteen letters: %v", err)
	}
}

// A key that cannot be made is an error, and none.
func TestAKeyThatCannotBeMade(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "folder", "key"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(dir, "file", "key"), filepath.Join(dir, "folder", "key")} {
		if _, err := state.LoadKey(path, ""); err == nil {
			t.Errorf("at %s a key was made", path)
		}
	}
}
