package text_test

import (
	"testing"

	"kiraform/internal/event"
	"kiraform/internal/golden"
	view "kiraform/internal/ui/text"
)

func TestRefreshed(t *testing.T) {
	old, now := "Maria", "Mary"
	events := []event.Event{
		event.Start{Format: 1, Command: "refresh"},
		event.Refresh{Total: 3},
		event.Planned{Addr: "kira_user.maria", Kind: "kira_user", Name: "maria", Action: "drift", ID: "usr_1", Nodes: []event.Node{
			{Name: "first_name", Op: event.Change, Shape: event.LeafShape, Before: event.Leaf{Text: new(event.Foreign(old))}, After: event.Leaf{Text: new(event.Foreign(now))}},
		}},
		event.Planned{Addr: "kira_user.otto", Kind: "kira_user", Name: "otto", Action: "gone", ID: "usr_2"},
		event.PlanEnd{Counts: map[string]int{"drift": 1, "gone": 1, "no-op": 1}},
		event.Finish{Command: "refresh"},
	}
	golden.Equal(t, "refreshed.golden", show(view.Options{}, events))
	none := []event.Event{events[0], event.PlanEnd{Counts: map[string]int{"no-op": 3}}}
	golden.Equal(t, "refreshed-none.golden", show(view.Options{}, none))
}
