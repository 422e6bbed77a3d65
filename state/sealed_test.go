package state_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/state"
)

// A leaf once sealed stays sealed: Kira shows it, or it is written without a mark,
// or in another entry of the list.
func TestOnceSealedAlwaysSealed(t *testing.T) {
	k := newKey(t, secret)
	marked := k.Seal(person, "salt", attrs("email", s("a@b.test").Mark("sensitive"),
		"metadata", attrs("token", s("t").Mark("sensitive"), "team", s("x")), "ids", cty.TupleVal([]cty.Value{attrs("kind", s("a").Mark("sensitive"))})))
	open := attrs("id", s("u-1"), "email", s("a@b.test"), "metadata", attrs("token", s("t"), "team", s("x")),
		"ids", cty.TupleVal([]cty.Value{attrs("kind", s("b")), attrs("kind", s("a"))}))
	got := k.Seal(person, "salt", open, state.Sealed{}, marked)
	for at, sealed := range map[string]bool{"id": false, "email": true, "metadata.token": true, "metadata.team": false, "ids.0.kind": true, "ids.1.kind": true} {
		if v := got.At(path(at)).Shown(); state.IsSealed(v) != sealed {
			t.Errorf("%s is kept as %#v", at, v)
		}
	}
	if !k.Equal("kira_user", "salt", nil, got, open) {
		t.Error("it does not stand for what was sealed")
	}
	if again := k.Seal(person, "salt", open, got); !again.Same(got) {
		t.Errorf("sealed once more, it is %#v", again)
	}
}

// Two objects do not show that they share a value, and each is still compared.
func TestSalts(t *testing.T) {
	k := newKey(t, secret)
	ana, eva := k.Seal(person, "a", attrs("ssn", s("1"))), k.Seal(person, "b", attrs("ssn", s("1")))
	if ana.Same(eva) {
		t.Error("two people with one number show it")
	}
	at := path("ssn")
	for _, tt := range []struct {
		salt   state.Salt
		sealed state.Sealed
		open   cty.Value
		want   bool
	}{
		{"a", ana, s("1"), true},
		{"a", ana, s("2"), false},
		{"b", ana, s("1"), false},
		{"a", k.Seal(person, "", attrs("ssn", s("1"))), s("1"), true}, // of an earlier kiraform, before the object had a salt
		{"", k.Seal(person, "", attrs("ssn", s("1"))), s("1"), true},
		{"a", k.Seal(person, "", attrs("ssn", s("1"))), s("2"), false},
	} {
		if got := k.Equal("kira_user", tt.salt, at, tt.sealed.At(at), tt.open); got != tt.want {
			t.Errorf("with the salt %q, %#v stands for %#v: %t", tt.salt, tt.sealed, tt.open, got)
		}
	}
}

func TestEqual(t *testing.T) {
	k := newKey(t, secret)
	in := attrs("email", s("e"), "ssn", s("1"), "tags", cty.ListVal([]cty.Value{s("x"), s("y")}), "metadata", cty.MapVal(map[string]cty.Value{"a": s("1")}))
	sealed := k.Seal(person, "salt", in)
	for name, other := range map[string]cty.Value{
		"another leaf":          attrs("email", s("f"), "ssn", s("1"), "tags", cty.ListVal([]cty.Value{s("x"), s("y")}), "metadata", attrs("a", s("1"))),
		"another sealed leaf":   attrs("email", s("e"), "ssn", s("2"), "tags", cty.ListVal([]cty.Value{s("x"), s("y")}), "metadata", attrs("a", s("1"))),
		"another order":         attrs("email", s("e"), "ssn", s("1"), "tags", cty.ListVal([]cty.Value{s("y"), s("x")}), "metadata", attrs("a", s("1"))),
		"one element less":      attrs("email", s("e"), "ssn", s("1"), "tags", cty.ListVal([]cty.Value{s("x")}), "metadata", attrs("a", s("1"))),
		"one attribute more":    attrs("id", s("u"), "email", s("e"), "ssn", s("1"), "tags", cty.ListVal([]cty.Value{s("x"), s("y")}), "metadata", attrs("a", s("1"))),
		"a list for an object":  attrs("email", s("e"), "ssn", s("1"), "tags", attrs("x", s("y")), "metadata", attrs("a", s("1"))),
		"something not known":   attrs("email", cty.UnknownVal(cty.String), "ssn", s("1"), "tags", cty.ListVal([]cty.Value{s("x"), s("y")}), "metadata", attrs("a", s("1"))),
		"nothing":               cty.NullVal(person.Type()),
		"nothing at all":        cty.NilVal,
		"a text for everything": s("x"),
	} {
		if k.Equal("kira_user", "salt", nil, sealed, other) {
			t.Errorf("%s counts as equal", name)
		}
	}
	if !k.Equal("kira_user", "salt", nil, sealed, in) || !k.Equal("kira_user", "salt", nil, sealed, in.Mark("sensitive")) {
		t.Error("what was sealed does not count as equal")
	}
	if !k.Equal("kira_user", "salt", nil, state.Sealed{}, cty.NilVal) {
		t.Error("nothing is not nothing")
	}
}

func TestAtAndWith(t *testing.T) {
	k := newKey(t, secret)
	old := k.Seal(person, "salt", attrs("email", s("old"), "ssn", s("1"), "ids", cty.TupleVal([]cty.Value{attrs("kind", s("a"), "number", s("9"))})))
	now := k.Seal(person, "salt", attrs("email", s("new"), "metadata", attrs("a", s("1")), "ids", cty.TupleVal([]cty.Value{attrs("kind", s("a"), "number", s("8"))})))
	for _, at := range []string{"email", "ssn", "metadata", "ids.0.number", "ids"} {
		got := now.With(path(at), old.At(path(at)))
		if !got.At(path(at)).Same(old.At(path(at))) {
			t.Errorf("with the old %s it is %#v", at, got)
		}
		if at != "email" && !got.At(path("email")).Same(now.At(path("email"))) {
			t.Errorf("%s changed the e-mail as well", at)
		}
	}
	for _, at := range []string{"ids.1.number", "ids.x", "email.x", "bank.street"} {
		if got := now.With(path(at), old.At(path("email"))); !got.Same(now) {
			t.Errorf("%s leads nowhere, and the result is %#v", at, got)
		}
		if got := now.At(path(at)).Shown(); !got.IsNull() {
			t.Errorf("at %s there is %#v", at, got)
		}
	}
	if got := (state.Sealed{}).At(path("email")).Shown(); !got.IsNull() {
		t.Errorf("in nothing there is %#v", got)
	}
}

// path reads a path whose steps are joined by dots.
func path(text string) (p cty.Path) {
	for step := range strings.SplitSeq(text, ".") {
		if i, err := strconv.Atoi(step); err == nil {
			p = p.IndexInt(i)
		} else {
			p = p.GetAttr(step)
		}
	}
	return p
}

// A value that is neither written nor shown by Kira in more than one way has one
// path, however it is reached.
func TestPathOf(t *testing.T) {
	for _, p := range []cty.Path{cty.GetAttrPath("ids").IndexInt(3).GetAttr("number"), cty.GetAttrPath("ids").GetAttr("number"),
		cty.GetAttrPath("ids").IndexString("number")} {
		if got := state.PathOf("kira_user", p); got != "kira_user.ids.number" {
			t.Errorf("%#v is %q", p, got)
		}
	}
}
