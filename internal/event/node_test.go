package event_test

import (
	"testing"

	"kiraform/internal/event"
)

func TestLeaf(t *testing.T) {
	text := "a \"quoted\" \x1b[31m name"
	for _, c := range []struct {
		leaf event.Leaf
		want string
	}{
		{event.Leaf{}, "null"},
		{event.Leaf{Text: new(event.Foreign(text))}, `"a \"quoted\" \u001b[31m name"`},
		{event.Leaf{Sensitive: true}, "(sensitive value)"},
		{event.Leaf{Literal: "12"}, "12"},
	} {
		if got := c.leaf.Line(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}
