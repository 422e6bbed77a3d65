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

func TestMarkIsMovedToWholeCharacters(t *testing.T) {
	const code = "é = x" // é takes two bytes
	for name, c := range map[string]struct {
		mark     [2]int
		from, to int
	}{
		"as given":                  {[2]int{0, 2}, 0, 2},
		"inside of a character":     {[2]int{1, 3}, 2, 3},
		"before and after the code": {[2]int{-1, 99}, 0, len(code)},
		"backwards":                 {[2]int{4, 2}, 4, 4},
	} {
		if from, to := (&event.Source{Code: code, Mark: c.mark}).Marked(); from != c.from || to != c.to {
			t.Errorf("%s: %d to %d, want %d to %d", name, from, to, c.from, c.to)
		}
	}
}
