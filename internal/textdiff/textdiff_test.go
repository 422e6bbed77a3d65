package textdiff_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kiraform/internal/textdiff"
)

func ExampleLines() {
	fmt.Print(textdiff.Lines("city: MEX\nzip: 06600\n", "city: CDMX\nzip: 06600\n"))
	// Output:
	// -city: MEX
	// +city: CDMX
	//  zip: 06600
}

func TestLines(t *testing.T) {
	for name, c := range map[string]struct{ a, b, want string }{
		"equal texts have no difference":       {"a\nb\n", "a\nb\n", ""},
		"nothing becomes something":            {"", "a\n", "+a\n"},
		"something becomes nothing":            {"a\n", "", "-a\n"},
		"an empty line is a line":              {"a\nb\n", "a\n\nb\n", " a\n+\n b\n"},
		"only the line feed at the end is new": {"a", "a\n", "-a\n+a\n"},
		"lines are whole, not single letters":  {"abc\n", "abd\n", "-abc\n+abd\n"},
	} {
		if got := textdiff.Lines(c.a, c.b); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// The lines without the added ones spell the first text, those without the
// removed ones the second.
func TestDiffSpellsBothTexts(t *testing.T) {
	text := rapid.Map(rapid.SliceOf(rapid.SampledFrom([]string{"", "a", "b", "c c", "\r", "é"})), func(lines []string) string {
		if len(lines) == 0 {
			return ""
		}
		return strings.Join(lines, "\n") + "\n"
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		var first, second strings.Builder
		for _, l := range textdiff.Diff(a, b) {
			if l.Op != textdiff.Add {
				first.WriteString(l.Text + "\n")
			}
			if l.Op != textdiff.Remove {
				second.WriteString(l.Text + "\n")
			}
		}
		if first.String() != a || second.String() != b {
			t.Errorf("spells %q and %q, want %q and %q", first.String(), second.String(), a, b)
		}
	})
}
