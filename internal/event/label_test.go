package event_test

import (
	"testing"

	"kiraform/internal/event"
)

func TestLabelsAreQuotedWhereHCLNeedsIt(t *testing.T) {
	for name, want := range map[string]string{"a_b-1": "a_b-1", "": `""`, "1a": `"1a"`, "-a": `"-a"`, "a b": `"a b"`, "é": `"é"`} {
		if got := (event.Node{Name: name}).Label(event.ObjectShape); got != want {
			t.Errorf("label(%q) = %s, want %s", name, got, want)
		}
	}
	if got := (event.Node{Name: "a"}).Label(event.MapShape); got != `"a"` {
		t.Errorf("a map key is %s, want it quoted", got)
	}
	if got := (event.Node{Name: "a"}).Label(event.ListShape); got != "" {
		t.Errorf("an element of a list is called %s", got)
	}
}
