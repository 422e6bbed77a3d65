package plan_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"kiraform/internal/addr"
	"kiraform/plan"
	"kiraform/state"
)

// An object is never lost and never at two addresses, whichever moves a plan has and
// whichever of them a selection leaves out.
func TestMovesOfASelection(t *testing.T) {
	const renamed = `note "b" { text = "1" }; note "d" { text = "2" }` + "\nmoved {\n from = note.a\n to = note.b\n}\nmoved {\n from = note.c\n to = note.d\n}"
	for _, tt := range []struct {
		name, src, found string // found is address=id of an import
		in               plan.Input
		moves, prior     string
		says             string
	}{
		{"all", renamed, "", plan.Input{}, "a -> b, c -> d", "b=id-a d=id-c", "no-op note.b; no-op note.d"},
		{"one by both of its addresses", renamed, "", plan.Input{Targets: append(at("note.a"), at("note.b")...)}, "a -> b", "b=id-a c=id-c", "no-op note.b; warning partial-plan"},
		{"one by its new address alone", renamed, "", plan.Input{Targets: at("note.b")}, "", "a=id-a c=id-c", "no-op note.b; error half-a-move"},
		{"one by its former address alone", renamed, "", plan.Input{Targets: at("note.a")}, "", "a=id-a c=id-c", "error half-a-move"},
		{"all but one", renamed, "", plan.Input{Exclude: at("note.d")}, "a -> b", "b=id-a c=id-c", "no-op note.b; warning partial-plan"},
		{"an import of an object at an address that is not written any more", `note "x" { text = "1" }; note "c" { text = "2" }`, "x=id-a", plan.Input{},
			"a -> x", "c=id-c x=id-a", "no-op note.c; no-op note.x"},
		{"an import of an object at an address that is written", `note "x" { text = "1" }; note "a" { text = "1" }; note "c" { text = "2" }`, "x=id-a", plan.Input{},
			"", "a=id-a c=id-c", "no-op note.a; no-op note.c; adopt note.x; error already-managed"},
	} {
		in := tt.in
		in.Program, in.Kinds, in.Key, in.Prior = compile(t, block(tt.src)), kinds, key, state.New("l")
		in.Prior.Resources[at("note.a")[0]] = object{id: "id-a", sent: `text = "1"`}.state(t, "note")
		in.Prior.Resources[at("note.c")[0]] = object{id: "id-c", sent: `text = "2"`}.state(t, "note")
		if name, id, ok := strings.Cut(tt.found, "="); ok {
			in.Found = map[addr.Resource]state.Object{at("note." + name)[0]: {ID: id, Seen: in.Prior.Resources[at("note.a")[0]].Seen}}
		}
		p, diags := plan.Make(in)
		var moves, prior []string
		for _, m := range p.Moves {
			moves = append(moves, m.From.Name+" -> "+m.To.Name)
		}
		for _, a := range slices.SortedFunc(maps.Keys(p.Prior.Resources), addr.Resource.Compare) {
			prior = append(prior, fmt.Sprintf("%s=%s", a.Name, p.Prior.Resources[a].ID))
		}
		if got := strings.Join(moves, ", "); got != tt.moves {
			t.Errorf("%s: moves are %q, want %q", tt.name, got, tt.moves)
		}
		if got := strings.Join(prior, " "); got != tt.prior {
			t.Errorf("%s: the state has %q, want %q", tt.name, got, tt.prior)
		}
		if got := brief(p, diags); got != tt.says {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.says)
		}
	}
}
