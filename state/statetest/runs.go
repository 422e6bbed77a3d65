package statetest

import (
	"slices"
	"testing"
	"time"

	"kiraform/internal/addr"
	"kiraform/state"
)

// runs are journalled before they are sent, folded in by a save, and never undone
// by a record that comes late.
func runs(t *testing.T, open func() state.Store) {
	rent := addr.Resource{Action: true, Kind: "kira_payout", Name: "rent", Key: addr.String("ana")}
	run := state.Run{Key: "r1", Addr: rent, Of: map[string]string{"amount": "100.00", "period": "2026-03"}, Digest: "d", At: noon, After: noon, Last: noon}
	done := run
	done.Done, done.ID, done.Status, done.Ended = true, "p-1", "CREATED", noon.Add(time.Minute)
	foreign := state.Run{Key: "known p-2", Addr: rent, Done: true, ID: "p-2", Foreign: true, At: noon}
	off := state.Run{Key: "r2", Addr: rent, At: noon}

	s := load(t, open())
	j, err := open().Journal(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	add := func(r state.Record) {
		t.Helper()
		r.Addr = rent
		if err := j.Append(r); err != nil {
			t.Fatal(err)
		}
	}
	add(state.Record{Run: &run})
	if got := load(t, open()).Runs["r1"]; got.Done || !got.Unanswered() {
		t.Errorf("a run that was begun is loaded as %+v", got)
	}
	add(state.Record{Run: &done})
	add(state.Record{Run: &run}) // which comes late
	add(state.Record{Run: &off})
	add(state.Record{Undone: "r2", Run: &foreign})
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	want := s.Clone()
	want.Runs = map[string]state.Run{"r1": done, "known p-2": foreign}
	Same(t, load(t, open()), want)

	next := load(t, open())
	save(t, open(), next)
	want.Serial = next.Serial
	Same(t, load(t, open()), want)
}

// due are struck off one by one, in a record whose length is independent of how many
// are left.
func due(t *testing.T, open func() state.Store) {
	first, second := addr.Resource{Action: true, Kind: "kira_payout", Name: "a"}, addr.Resource{Action: true, Kind: "kira_payout", Name: "b", Key: addr.String("ana")}
	third := addr.Resource{Action: true, Kind: "kira_verification", Name: "c"}
	s := load(t, open())
	o := state.Object{ID: "u-7", Due: []addr.Resource{first, second, third}}
	s.Resources[user("due")] = o
	save(t, open(), s)
	left := []addr.Resource{first, second, third}
	for _, struck := range []addr.Resource{second, first, first, third} {
		s := load(t, open())
		j, err := open().Journal(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		if err := j.Append(state.Record{Addr: user("due"), Ran: &struck}); err != nil {
			t.Fatal(err)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		left = slices.DeleteFunc(left, func(a addr.Resource) bool { return a == struck })
		if got := load(t, open()).Resources[user("due")]; got.ID != o.ID || !slices.Equal(got.Due, left) {
			t.Errorf("after %s was run, %v are left of %s, want %v", struck, got.Due, got.ID, left)
		}
	}
}
