package cli

import (
	"io"
	"strings"
	"testing"

	"kiraform/internal/event"
	"kiraform/internal/ui/text"
)

// The text that a view leaves behind on the screen names the place of the run,
// too.
func TestTheEpilogueSaysWhere(t *testing.T) {
	e := &epilogue{text: func(w io.Writer, quiet bool) *text.View { return text.New(text.Options{Out: w, Quiet: quiet}) }}
	for _, ev := range []event.Event{
		event.Start{Command: "apply", Place: event.Place{Environment: "production", Address: "https://api.balampay.com", Account: "1a2b3c4d", Production: true}},
		event.Planned{Addr: "kira_user.maria", Kind: "kira_user", Name: "maria", Action: "create"},
		event.PlanEnd{Counts: map[string]int{"create": 1}},
		event.Finish{Command: "apply", Done: map[string]int{"create": 1}},
	} {
		e.handle(ev)
	}
	var out strings.Builder
	e.show(&out)
	if want := "On Kira's PRODUCTION at https://api.balampay.com, account 1a2b3c4d.\n\nApply complete! Resources: 1 added, 0 changed.\n"; out.String() != want {
		t.Errorf("it says\n%s\nwant\n%s", &out, want)
	}
}

// Of a run that had nothing to do, the text says that, and to whom nothing is managed yet
// how to begin.
func TestTheEpilogueSaysThatNothingIsManaged(t *testing.T) {
	e := &epilogue{text: func(w io.Writer, quiet bool) *text.View {
		return text.New(text.Options{Out: w, Quiet: quiet, Brief: true})
	}}
	for _, ev := range []event.Event{event.Start{Command: "apply"}, event.PlanEnd{}, event.Finish{Command: "apply"}} {
		e.handle(ev)
	}
	var out strings.Builder
	e.show(&out)
	if said := out.String(); !strings.Contains(said, "No changes. Nothing is managed here.") || !strings.Contains(said, "kiraform explain kira_user") {
		t.Errorf("it says\n%s", said)
	}
}
