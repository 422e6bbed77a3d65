package tui

import (
	"strings"

	"kiraform/internal/event"
)

// safe spells out everything that a terminal, or the log of a CI server that
// has one, would act on. Kira's answers and the user's files end up on the
// screen, and neither may move the cursor. Line feeds stay; a tab becomes
// spaces, since its width depends on where it stands.
func safe[T ~string](s T) string {
	return strings.ReplaceAll(event.Quiet(event.Foreign(s).Lines()), "\t", "    ")
}

// inline is safe for a text that has to stay on its row.
func inline[T ~string](s T) string { return strings.ReplaceAll(safe(s), "\n", " ") }

// firstLine is the beginning of a text of which the rest is shown elsewhere.
func firstLine(s string) string {
	first, _, _ := strings.Cut(s, "\n")
	return safe(first)
}
