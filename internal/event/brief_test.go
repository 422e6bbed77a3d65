package event_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"kiraform/internal/event"
)

// A name that somebody made up fills no page, and stays on its line.
func TestBrief(t *testing.T) {
	id := "51000000-0dfa-4fdf-b0d7-a48a2f2bc770"
	if got := event.Foreign(id).Brief(); got != id {
		t.Errorf("an id is %q", got)
	}
	for _, long := range []string{strings.Repeat("A", 900_000), strings.Repeat("é\n\x1b", 300_000), strings.Repeat("\xff", 900_000)} {
		if got := event.Foreign(long).Brief(); len(got) > 1000 || !utf8.ValidString(got) || strings.ContainsAny(got, "\n\x1b") || !strings.HasSuffix(got, "…") {
			t.Errorf("%d bytes: %.200q", len(got), got)
		}
	}
}
