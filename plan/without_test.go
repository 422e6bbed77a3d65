package plan_test

import (
	"testing"

	"kiraform/plan"
	"kiraform/state"
)

func TestWithout(t *testing.T) {
	prior := state.New("l")
	prior.Resources[at("note.old")[0]] = object{id: "n1", sent: `text = "a"`}.state(t, "note")
	p, diags := plan.Make(plan.Input{Prior: prior, Kinds: kinds, Key: key, Program: compile(t, block(
		`user "u" { type = "firm" }; account "a" { user_id = user.u.id }; note "n" { text = account.a.id }; note "other" { text = "x" }`))})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	p.Without(at("account.a"), kinds, key)
	if got, want := brief(p, nil), "forget note.old; create note.other; create user.u"; got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}
