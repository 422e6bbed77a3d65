package state_test

import (
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
