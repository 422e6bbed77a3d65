package state_test

import (
	"slices"
	"testing"

	"kiraform/internal/addr"
	"kiraform/state"
)

func TestMove(t *testing.T) {
	a, b, c := user("a"), user("b"), user("c")
	s := state.New("l")
	s.Resources[a] = state.Object{ID: "1"}
	s.Resources[b] = state.Object{ID: "2", Needs: []addr.Resource{a, user("z")}}
	s.Intents["k"] = state.Intent{Key: "k", Addr: b}
	s.Left = []state.LeftBehind{{Addr: a, ID: "0"}}
	before := s

	s = s.Move(map[addr.Resource]addr.Resource{a: b, b: a})
	if s.Resources[a].ID != "2" || s.Resources[b].ID != "1" || len(s.Resources) != 2 {
		t.Errorf("the two did not change places: %+v", s.Resources)
	}
	if want := []addr.Resource{b, user("z")}; !slices.Equal(s.Resources[a].Needs, want) {
		t.Errorf("it needs %v, want %v", s.Resources[a].Needs, want)
	}
	if s.Intents["k"].Addr != a || len(s.Intents) != 1 {
		t.Errorf("the request did not go along: %+v", s.Intents)
	}
	if s.Left[0].Addr != a {
		t.Errorf("the ledger has %s now", s.Left[0].Addr)
	}
	if before.Resources[a].ID != "1" || before.Resources[b].Needs[0] != a || before.Intents["k"].Addr != b {
		t.Error("the state from before was changed")
	}

	s = s.Move(map[addr.Resource]addr.Resource{a: c})
	if s.Resources[c].ID != "2" || s.Resources[b].ID != "1" || len(s.Resources) != 2 || s.Intents["k"].Addr != c {
		t.Errorf("after a rename: %+v, %+v", s.Resources, s.Intents)
	}
}

func TestMoveLosesNothing(t *testing.T) {
	s := state.New("l")
	s.Resources[user("a")], s.Resources[user("b")] = state.Object{ID: "1"}, state.Object{ID: "2"}
	defer func() {
		if recover() == nil {
			t.Error("two objects came to one address")
		}
	}()
	s.Move(map[addr.Resource]addr.Resource{user("a"): user("b")})
}
