package engine_test

import (
	"slices"
	"strings"
	"testing"
)

// People are told apart by their place in a list also where one is sliced out.
func TestPeopleByPosition(t *testing.T) {
	for _, of := range []string{`["ana"][count.index]`, `element(["ana"], count.index)`, `slice(["ana"], count.index, count.index + 1)[0]`} {
		w := newWorld(t)
		said := w.diagnosed(t, simulated+userBlock("u", "  count = 1", of, `"a@x.example"`))
		if !slices.Contains(said, "warning people-by-position") {
			t.Errorf("%s: said %q\n%s", of, said, strings.TrimSpace(w.said()))
		}
	}
}
