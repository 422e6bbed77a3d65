package state_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
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

// Consents that wait for the same changes are written with one list, in a format of
// their own; those of before are read as they were.
func TestConsentsShareTheirChanges(t *testing.T) {
	var after []addr.Resource
	for i := range 50 {
		after = append(after, user(fmt.Sprintf("x%02d", i)))
	}
	s := state.New("l")
	consent := func(name string, after []addr.Resource) {
		s.Resources[user(name)] = state.Object{ID: name}
		s.Consents[user(name)] = state.Consent{ID: name, After: after}
	}
	consent("a", after[:1])
	if s.Version() != 3 {
		t.Errorf("a state that needs nothing new has version %d", s.Version())
	}
	consent("b", after)
	consent("c", slices.Clone(after))
	consent("d", nil)
	consent("e", after)
	data, err := state.Encode(s, "")
	if n := bytes.Count(data, []byte("kira_user.x49")); err != nil || n != 2 || s.Version() != 5 {
		t.Errorf("the list is there %d times in version %d, want 2 in 5 (%v):\n%s", n, s.Version(), err, data)
	}
	got, err := state.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	for a, want := range s.Consents {
		if !got.Consents[a].Equal(want) {
			t.Errorf("%s: %v, want %v", a, got.Consents[a], want)
		}
	}
	again, _ := state.Encode(got, "")
	if !bytes.Equal(again, data) {
		t.Errorf("equal states are other bytes:\n%s\n%s", data, again)
	}
	got.Apply(state.Record{Addr: after[7], Object: &state.Object{ID: "2"}, Ends: []string{"k"}})
	got.Intents["k"] = state.Intent{Key: "k", Addr: after[7]}
	got.Apply(state.Record{Addr: after[7], Object: &state.Object{ID: "2"}, Ends: []string{"k"}})
	if got.Consents[user("b")].After != nil || got.Consents[user("e")].After != nil || len(got.Consents[user("a")].After) != 1 {
		t.Errorf("after one of the changes the consents are %v", got.Consents)
	}

	old := strings.ReplaceAll(string(data), `"after_same":true`, `"after":["kira_user.x00","kira_user.x01"]`)
	old = strings.Replace(old, `"version":5`, `"version":4`, 1)
	if was, err := state.Decode([]byte(old)); err != nil || len(was.Consents[user("c")].After) != 2 || len(was.Consents[user("b")].After) != 50 {
		t.Errorf("a state of version 4: %v, %v", was, err)
	}
	first := strings.Replace(string(data), `"after":["kira_user.x00"]`, `"after_same":true`, 1)
	if _, err := state.Decode([]byte(first)); first == string(data) {
		t.Fatalf("there is no such list in:\n%s", data)
	} else if _, damaged := errors.AsType[*state.DamagedError](err); !damaged {
		t.Errorf("a list of no other consent: %v", err)
	}
}
