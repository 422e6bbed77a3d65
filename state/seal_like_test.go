package state_test

import (
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/state"
)

func TestSealLike(t *testing.T) {
	k := newKey(t, secret)
	sent := k.Seal(person, attrs("email", s("a@b.test").Mark("sensitive"), "metadata", attrs("a", s("1"))))
	seen := attrs("id", s("u-1"), "email", s("a@b.test"), "metadata", attrs("a", s("1")))
	got := k.SealLike(person, seen, sent)
	if !got.GetAttr("email").RawEquals(sent.GetAttr("email")) {
		t.Errorf("what was sent as a secret is kept as %#v", got.GetAttr("email"))
	}
	if id, a := got.GetAttr("id"), got.GetAttr("metadata").GetAttr("a"); id.AsString() != "u-1" || a.AsString() != "1" {
		t.Errorf("what was not a secret is kept as %#v and %#v", id, a)
	}
}

func TestBlind(t *testing.T) {
	k := newKey(t, secret)
	st := state.New("lineage")
	st.Resources[user("maria")] = state.Object{Sent: k.Seal(person, attrs("email", s("e"), "ssn", s("1"), "tags", cty.TupleVal([]cty.Value{s("x")})))}
	st.Resources[user("bare")] = state.Object{ID: "u-2"}
	st.Blind()
	got := st.Resources[user("maria")].Sent
	tag := got.GetAttr("tags").AsValueSlice()[0]
	if ssn := got.GetAttr("ssn"); got.GetAttr("email").AsString() != "e" || !state.IsBlank(ssn) || !state.IsSealed(ssn) || !state.IsBlank(tag) {
		t.Errorf("got %#v", got)
	}
	if o := st.Resources[user("bare")]; o.Sent != cty.NilVal || o.ID != "u-2" {
		t.Errorf("an object without values became %+v", o)
	}
}
