package state_test

import (
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/state"
)

// A copy of an object is known to be unchanged without a look at its values, which
// lets a store write one row of many.
func TestUnchanged(t *testing.T) {
	value := func(text string) state.Sealed {
		return state.SealedOf(cty.ObjectVal(map[string]cty.Value{"email": cty.StringVal(text)}))
	}
	s := state.New("lineage")
	was := state.Object{ID: "1", Sent: value("a"), Seen: value("b"), Unproven: []string{"ein"}}
	s.Resources[user("maria")] = was
	if is := s.Clone().Resources[user("maria")]; !is.Unchanged(was) {
		t.Error("a copy is not known to be unchanged")
	}
	for name, change := range map[string]func(*state.Object){
		"the id":   func(o *state.Object) { o.ID = "2" },
		"sent":     func(o *state.Object) { o.Sent = value("c") },
		"seen":     func(o *state.Object) { o.Seen = state.Sealed{} },
		"unproven": func(o *state.Object) { o.Unproven = nil },
		"stored":   func(o *state.Object) { o.Stored = []state.Stored{{Path: "email"}} },
		"trusted":  func(o *state.Object) { o.Trusted = &state.Trust{By: "ana"} },
		"needs":    func(o *state.Object) { o.Needs = append(o.Needs, user("ana")) },
	} {
		is := s.Clone().Resources[user("maria")]
		change(&is)
		if is.Unchanged(was) {
			t.Errorf("%s changed, and it counts as unchanged", name)
		}
	}
}
