package state_test

import (
	"testing"

	"kiraform/internal/addr"
	"kiraform/state"
)

// A consent goes where its object goes, and ends with it.
func TestConsentFollowsItsObject(t *testing.T) {
	a, b := user("a"), user("b")
	s := state.New("l")
	s.Resources[a], s.Resources[b] = state.Object{ID: "1"}, state.Object{ID: "2"}
	s.Consents[a] = state.Consent{ID: "1", After: []addr.Resource{a}}
	before := s
	s = s.Move(map[addr.Resource]addr.Resource{a: b, b: a})
	if c, ok := s.Consented(b); !ok || c.ID != "1" || len(c.After) != 1 || c.After[0] != b || len(s.Consents) != 1 {
		t.Errorf("after a move the consents are %v", s.Consents)
	}
	if _, ok := before.Consented(a); !ok {
		t.Error("the state from before was changed")
	}
	s.Forget(b, "forgotten", noon)
	if len(s.Consents) != 0 {
		t.Errorf("after it was forgotten the consents are %v", s.Consents)
	}
}

// A consent that was given for a change holds once that was answered, and not
// when the object was just looked at.
func TestConsentHoldsOnceTheChangeIsMade(t *testing.T) {
	a, b := user("a"), user("b")
	s := state.New("l")
	s.Resources[a], s.Resources[b] = state.Object{ID: "1"}, state.Object{ID: "2"}
	s.Consents[a] = state.Consent{ID: "1", After: []addr.Resource{b}}
	for _, tt := range []struct {
		rec   state.Record
		waits int
	}{
		{state.Record{Addr: b, Intent: &state.Intent{Key: "k", Addr: b, ID: "2"}}, 1},
		{state.Record{Addr: b, Object: &state.Object{ID: "2"}}, 1},
		{state.Record{Addr: a, Object: &state.Object{ID: "1"}, Ends: []string{"l"}}, 1},
		{state.Record{Addr: b, Object: &state.Object{ID: "2"}, Ends: []string{"k"}}, 0},
	} {
		s.Apply(tt.rec)
		if c, ok := s.Consented(a); !ok || len(c.After) != tt.waits {
			t.Errorf("after %+v the consent is %+v, %v; want it to wait for %d", tt.rec, c, ok, tt.waits)
		}
	}
}
