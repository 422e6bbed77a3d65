package state_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/state"
)

func newKey(t testing.TB, text string) state.Key {
	t.Helper()
	k, err := state.NewKey([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

const secret = "sixteen bytes ok"

func TestNewKeyRefusesAShortSecret(t *testing.T) {
	if _, err := state.NewKey([]byte(secret[1:])); err == nil {
		t.Error("15 bytes are taken")
	}
}

func TestKeyID(t *testing.T) {
	k := newKey(t, secret)
	if len(k.ID()) != 8 || k.ID() != newKey(t, secret).ID() {
		t.Errorf("ID is %q, then %q", k.ID(), newKey(t, secret).ID())
	}
	if k.ID() == newKey(t, secret+"!").ID() {
		t.Error("two keys have one ID")
	}
}

func TestLoadKeyMakesOneThatStays(t *testing.T) {
	dir := filepath.Join(t.TempDir(), ".kiraform")
	path := filepath.Join(dir, "key")
	first, err := state.LoadKey(path, "")
	if err != nil {
		t.Fatal(err)
	}
	for p, want := range map[string]os.FileMode{dir: os.ModeDir | 0o700, path: 0o600} {
		if info, err := os.Stat(p); err != nil || info.Mode() != want {
			t.Errorf("%s has mode %v, want %v (%v)", p, info.Mode(), want, err)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.TrimSpace(string(data))
	if raw, err := base64.StdEncoding.DecodeString(text); err != nil || len(raw) != 32 {
		t.Errorf("the file holds %d bytes, %v; want 32 in base64", len(raw), err)
	}
	again, err := state.LoadKey(path, "")
	if err != nil || again.ID() != first.ID() {
		t.Errorf("loaded again: %v, %v", again.ID(), err)
	}
	inEnv, err := state.LoadKey("no such file", text)
	if err != nil || inEnv.ID() != first.ID() {
		t.Errorf("the content of the file as KIRAFORM_KEY: %v, %v", inEnv.ID(), err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	other, err := state.LoadKey(path, "")
	if err != nil || other.ID() == first.ID() {
		t.Errorf("a key that was lost is made again as %v, %v", other.ID(), err)
	}
}

func TestLoadKeyForms(t *testing.T) {
	raw := []byte("0123456789abcdef\xff\xfe")
	want := newKey(t, string(raw)).ID()
	for _, text := range []string{
		hex.EncodeToString(raw), strings.ToUpper(hex.EncodeToString(raw)),
		base64.StdEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw) + "\n",
	} {
		if k, err := state.LoadKey("", text); err != nil || k.ID() != want {
			t.Errorf("%q is key %v, %v; want %v", text, k.ID(), err, want)
		}
	}
	phrase := "a phrase, not in any code"
	if k, err := state.LoadKey("", phrase); err != nil || k.ID() != newKey(t, phrase).ID() {
		t.Errorf("a passphrase is key %v, %v", k.ID(), err)
	}
	if _, err := state.LoadKey("", "hunter2hunter2"); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a short key: %v; want an error that keeps it secret", err)
	}
}

func TestLoadKeyNeverReplacesADamagedFile(t *testing.T) {
	for _, content := range []string{"", "short\n"} {
		path := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := state.LoadKey(path, ""); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%q: %v, want an error that names the file", content, err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != content {
			t.Errorf("the file now holds %q", got)
		}
	}
}

func TestRunsThatMakeAKeyAtOnceAgree(t *testing.T) {
	path := filepath.Join(t.TempDir(), ".kiraform", "key")
	ids := make([]string, 8)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			k, err := state.LoadKey(path, "")
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = k.ID()
		})
	}
	all.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("several keys: %q", ids)
		}
	}
}

func TestFingerprint(t *testing.T) {
	k := newKey(t, secret)
	number := cty.StringVal("123-45-6789")
	f := k.Fingerprint("kira_user.ssn", "salt", number)
	if !state.IsSealed(cty.StringVal(f)) || f != k.Fingerprint("kira_user.ssn", "salt", number) {
		t.Errorf("fingerprint %q", f)
	}
	for what, other := range map[string]string{
		"another key":    newKey(t, secret+"!").Fingerprint("kira_user.ssn", "salt", number),
		"another place":  k.Fingerprint("kira_user.ein", "salt", number),
		"another value":  k.Fingerprint("kira_user.ssn", "salt", cty.StringVal("123-45-6780")),
		"another object": k.Fingerprint("kira_user.ssn", "tlas", number),
		"no salt":        k.Fingerprint("kira_user.ssn", "", number),
		"another type":   k.Fingerprint("kira_user.ssn", "salt", cty.NumberIntVal(1)),
	} {
		if other == f {
			t.Errorf("%s has the same fingerprint", what)
		}
	}
}

// A fingerprint of an earlier kiraform has to be found again for ever.
func TestFingerprintsStayWhatTheyAre(t *testing.T) {
	k := newKey(t, secret)
	for salt, want := range map[state.Salt]string{
		"":     "sealed:c2db4794386d623562d2fe850f1ef49519218eb6fa72fe105e5d537378a91204",
		"salt": "salted:058721fedb561c643d59f38671bbe4c9050936927b17f3ce97d83a9802f484af",
	} {
		if got := k.Fingerprint("kira_user.ssn", salt, cty.StringVal("123-45-6789")); got != want {
			t.Errorf("with the salt %q it is %q, and was %q", salt, got, want)
		}
	}
}

func TestIsSealed(t *testing.T) {
	for _, v := range []cty.Value{cty.NilVal, cty.StringVal("sealed:"), cty.StringVal("sealed:zz"), cty.StringVal("x"), cty.True,
		cty.NullVal(cty.String), cty.UnknownVal(cty.String), cty.StringVal("sealed:" + strings.Repeat("ab", 31))} {
		if state.IsSealed(v) {
			t.Errorf("%#v counts as sealed", v)
		}
	}
}

func TestDigest(t *testing.T) {
	k := newKey(t, secret)
	obj := func(v cty.Value) cty.Value { return cty.ObjectVal(map[string]cty.Value{"a": v}) }
	one, two := cty.NumberIntVal(1), cty.NumberIntVal(2)
	for _, tt := range []struct {
		name string
		a, b cty.Value
		same bool
	}{
		{"a list and a tuple", cty.ListVal([]cty.Value{one, two}), cty.TupleVal([]cty.Value{one, two}), true},
		{"a map and an object", cty.MapVal(map[string]cty.Value{"a": one}), obj(one), true},
		{"a marked value and a clear one", obj(one.Mark("sensitive")), obj(one), true},
		{"a null attribute and none", obj(cty.NullVal(cty.String)), cty.EmptyObjectVal, true},
		{"one number made in two ways", obj(cty.NumberFloatVal(0.5)), obj(cty.MustParseNumberVal("0.50")), true},
		{"a string and a number", obj(cty.StringVal("1")), obj(one), false},
		{"another order", cty.TupleVal([]cty.Value{one, two}), cty.TupleVal([]cty.Value{two, one}), false},
		{"numbers that are one as a double", cty.MustParseNumberVal("9007199254740993"), cty.MustParseNumberVal("9007199254740992"), false},
		{"a null in a list and none", cty.TupleVal([]cty.Value{cty.NullVal(cty.String)}), cty.EmptyTupleVal, false},
		{"an empty list and an empty object", cty.EmptyTupleVal, cty.EmptyObjectVal, false},
	} {
		if got := k.Digest(tt.a) == k.Digest(tt.b); got != tt.same {
			t.Errorf("%s: same digest is %v, want %v", tt.name, got, tt.same)
		}
	}
	if bytes.Contains([]byte(k.Digest(one)), []byte("sealed")) {
		t.Error("a digest looks like a fingerprint")
	}
}

func TestAZeroKeyIsABug(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("fingerprints are made without a key")
		}
	}()
	state.Key{}.ID()
}
