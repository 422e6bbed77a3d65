package state_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

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

// A need that stands for all instances of a block, or of a module, goes on standing
// for all of them wherever they move, and one that nothing has moved of stays.
func TestMoveOfAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := state.New("l")
		modules := []addr.Module{"", "module.m", `module.m["k"]`, `module.m["l"]`, `module.n["k"].module.m["k"]`}
		var all []addr.Resource
		for i := range rapid.IntRange(1, 8).Draw(t, "objects") {
			a := user(rapid.SampledFrom([]string{"a", "b"}).Draw(t, "name"))
			a.Module = rapid.SampledFrom(modules).Draw(t, "module")
			if rapid.Bool().Draw(t, "keyed") {
				a.Key = addr.Int(rapid.IntRange(0, 3).Draw(t, "key"))
			}
			if _, twice := s.Resources[a]; !twice {
				s.Resources[a] = state.Object{ID: fmt.Sprint(i)}
				all = append(all, a)
			}
		}
		to := make(map[addr.Resource]addr.Resource)
		for i, a := range all {
			if rapid.Bool().Draw(t, "moves") {
				to[a] = rapid.SampledFrom([]addr.Resource{user("c").Instance(addr.Int(i)), user(fmt.Sprint("c", i))}).Draw(t, "to")
			}
		}
		last := all[len(all)-1]
		wholes := last.Wholes()
		if len(wholes) == 0 {
			return
		}
		need := rapid.SampledFrom(wholes).Draw(t, "need")
		needer := user("needer")
		s.Resources[needer] = state.Object{ID: "n", Needs: []addr.Resource{need}}
		now := s.Move(to).Resources[needer].Needs
		stands := func(needs []addr.Resource, a addr.Resource) bool {
			return slices.ContainsFunc(needs, func(n addr.Resource) bool { return n == a || slices.Contains(a.Wholes(), n) })
		}
		moved := false
		for _, a := range all {
			if !stands([]addr.Resource{need}, a) || a == need {
				continue
			}
			at, moves := to[a]
			if !moves {
				at = a
			}
			moved = moved || moves
			if !stands(now, at) {
				t.Fatalf("%v became %v, which does not stand for %s, which was %s", need, now, at, a)
			}
		}
		if _, itself := to[need]; !moved && !itself && !slices.Equal(now, []addr.Resource{need}) {
			t.Fatalf("%v became %v, and nothing of it has moved", need, now)
		}
	})
}
