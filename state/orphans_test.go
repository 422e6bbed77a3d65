package state_test

import (
	"fmt"
	"testing"
	"time"

	"kiraform/internal/addr"
	"kiraform/state"
)

func TestOrphansAreNotManaged(t *testing.T) {
	at := time.Date(2026, 5, 26, 12, 0, 0, 0, time.UTC)
	maria, otto := addr.Resource{Kind: "kira_user", Name: "maria"}, addr.Resource{Kind: "kira_user", Name: "otto"}
	s := state.New("l")
	s.Resources[maria] = state.Object{ID: "u1"}
	s.Resources[otto] = state.Object{ID: "u2", Adopted: true}
	s.Forget(maria, "forgotten", at)
	s.Forget(otto, "removed from the state", at.Add(time.Hour))
	if left := s.Orphans(); len(left) != 2 || left[0].ID != "u1" || !left[1].Adopted {
		t.Errorf("the orphans are %+v; want both, oldest first", left)
	}
	s.Resources[addr.Resource{Kind: "kira_user", Name: "mary"}] = state.Object{ID: "u1"}
	if left := s.Orphans(); len(left) != 1 || left[0].ID != "u2" {
		t.Errorf("the orphans are %+v; want none that is managed again, under whatever address", left)
	}
	if len(s.Left) != 2 {
		t.Error("the ledger itself must keep what it has")
	}
}

// An object that was left behind stays where it was when the state goes to
// another place, and back.
func TestRebindKeepsWhereThingsWereLeft(t *testing.T) {
	a, b, port := state.Place{Address: "http://a"}, state.Place{Address: "http://b"}, state.Place{Address: "http://a:1"}
	s := state.New("lineage")
	s.Place = a
	leave := func(id string) {
		s.Left = append(s.Left, state.LeftBehind{Addr: user(id), ID: id, Why: "forgotten", At: noon})
	}
	check := func(want string) {
		t.Helper()
		var got []string
		for _, l := range s.Left {
			got = append(got, l.ID+" "+l.Place.Address)
		}
		if fmt.Sprint(got) != want {
			t.Errorf("at %s the ledger is %q, want %s", s.Place.Address, got, want)
		}
	}
	leave("1")
	s.Rebind(b, false, nil, noon)
	check("[1 http://a]")
	leave("2")
	s.Rebind(a, true, nil, noon)
	check("[1  2 http://b]")
	s.Left = s.Left[:1]
	s.Rebind(port, true, nil, noon)
	check("[1 ]")
}

// An object that is not at the place that a state is bound to lives on where it
// was, and no later step of the state enters it as an object of the new place.
func TestRebindRemembersWhereTheMissingAre(t *testing.T) {
	a, b := state.Place{Address: "http://a"}, state.Place{Address: "http://b"}
	s := state.New("lineage")
	s.Place = a
	s.Resources[user("maria")], s.Resources[user("otto")] = state.Object{ID: "1"}, state.Object{ID: "2"}
	missing := []addr.Resource{user("maria"), user("otto")}
	check := func(want string, left []state.LeftBehind) {
		t.Helper()
		var got []string
		for _, l := range left {
			got = append(got, l.ID+" "+l.Place.Address)
		}
		if fmt.Sprint(got) != want {
			t.Errorf("at %s the ledger is %q, want %s", s.Place.Address, got, want)
		}
	}
	s.Rebind(b, false, missing, noon)
	check("[1 http://a 2 http://a]", s.Left)
	check("[]", s.Orphans()) // they are managed still
	back := s.Clone()
	back.Rebind(a, false, nil, noon)
	check("[]", back.Left)

	s.Forget(user("maria"), "removed from the state", noon)
	s.Leave(state.LeftBehind{Addr: user("otto"), ID: "2", Why: "gone", At: noon})
	s.Resources[user("otto")] = state.Object{ID: "3"} // made anew
	check("[1 http://a 2 http://a]", s.Orphans())

	s.Rebind(a, false, []addr.Resource{user("otto")}, noon)
	check("[1  2  3 http://b]", s.Left)
}
