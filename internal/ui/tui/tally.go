package tui

import (
	"fmt"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// tally is a row of numbers, each with a sign and a word.
type tally []counted

type counted struct {
	sign string
	ink  ink
	n    int
	word string
}

// add counts n things. A count of zero is not mentioned.
func (t *tally) add(sign string, look ink, n int, word string) {
	if n > 0 {
		*t = append(*t, counted{sign, look, n, word})
	}
}

// planned counts actions, in order.
func (t *tally) planned(counts map[string]int) {
	for _, a := range words.Actions {
		if a.Name != event.NoOp {
			t.add(strings.TrimSpace(a.Sign), tones[a.Tone], counts[a.Name], a.Plan)
		}
	}
}

// actions counts actions that were due.
func (t *tally) actions(n event.Invocations) {
	for _, of := range []struct {
		sign string
		ink  ink
		n    int
		word string
	}{{"✗", red, n.Failed, "failed"}, {"»", magenta, n.Deferred, "deferred"}, {"⊘", yellow, n.Skipped, "skipped"}, {"·", yellow, n.Undone, "not run"}, {"✓", green, n.Run, "run"}} {
		t.add("!"+of.sign, of.ink, of.n, words.Plural(of.n, "action")+" "+of.word)
	}
}

// line spells the numbers in width cells: with their words if there is room,
// with signs alone if not.
func (t tally) line(width int) line {
	var long, terse line
	for i, c := range t {
		gap := ""
		if i > 0 {
			gap = "  "
		}
		sign := span{gap + c.sign, c.ink | bold}
		long = append(long, sign, span{fmt.Sprintf(" %d %s", c.n, c.word), plain})
		terse = append(terse, sign, span{fmt.Sprint(c.n), plain})
	}
	if long.cells() <= width {
		return long
	}
	return terse
}
