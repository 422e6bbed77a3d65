package state_test

import (
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/state"
)

// A sealed value stays sealed once its key is lost, and is like no value.
func TestBlind(t *testing.T) {
	k := newKey(t, secret)
	st := state.New("lineage")
	st.Resources[user("maria")] = state.Object{Salt: "salt", Sent: k.Seal(person, "salt", attrs("email", s("e"), "ssn", s("1"), "tags", cty.TupleVal([]cty.Value{s("x")})))}
	st.Resources[user("bare")] = state.Object{ID: "u-2"}
	st.Blind()
	got := st.Resources[user("maria")].Sent
	for _, path := range []cty.Path{cty.GetAttrPath("ssn"), cty.GetAttrPath("tags").IndexInt(0)} {
		if v := got.At(path); !state.IsSealed(v.Shown()) || k.Equal("kira_user", "salt", path, v, s("1")) || k.Equal("kira_user", "salt", path, v, s("x")) {
			t.Errorf("%v became %#v", path, v)
		}
	}
	if email := got.At(cty.GetAttrPath("email")).Shown(); !email.RawEquals(s("e")) {
		t.Errorf("what was clear became %#v", email)
	}
	if o := st.Resources[user("bare")]; !o.Sent.IsZero() || o.ID != "u-2" {
		t.Errorf("an object without values became %+v", o)
	}
}
