package text

import (
	"strings"
	"testing"

	"kiraform/internal/event"
)

func TestShorten(t *testing.T) {
	long := strings.Repeat("abcdefghij", 13)
	for name, c := range map[string]struct{ before, after, from, to string }{
		"short strings are shown whole":  {"a", "b", `"a"`, `"b"`},
		"in the middle":                  {long + "X" + long, long + "Y" + long, `…"abcdefghijabcdefghijXabcdefghijabcdefghij"…`, `…"abcdefghijabcdefghijYabcdefghijabcdefghij"…`},
		"at the beginning":               {"X" + long, long, `"Xabcdefghijabcdefghij"…`, `"abcdefghijabcdefghij"…`},
		"at the end":                     {long, long + "Y", `…"abcdefghijabcdefghij"`, `…"abcdefghijabcdefghijY"`},
		"ends that overlap count once":   {long, long + "abcdefghij", `…"abcdefghijabcdefghij"`, `…"abcdefghijabcdefghijabcdefghij"`},
		"characters are not cut in half": {long + "é", long + "è", `…"abcdefghijabcdefghijé"`, `…"abcdefghijabcdefghijè"`},
		"nothing in common":              {long, "x", `"` + long + `"`, `"x"`},
	} {
		if from, to := shorten(c.before, c.after); from != c.from || to != c.to {
			t.Errorf("%s: %s -> %s, want %s -> %s", name, from, to, c.from, c.to)
		}
	}
}

func TestQuote(t *testing.T) {
	for in, want := range map[string]string{
		"plain":           `"plain"`,
		`a "b" \ c`:       `"a \"b\" \\ c"`,
		"a\nb\tc\rd":      `"a\nb\tc\rd"`,
		"\x1b[2J":         `"\u001b[2J"`,
		"right\u202eleft": `"right\u202eleft"`,
		"\U000e0041":      `"\U000e0041"`,
		"\xff\xfe":        "\"\ufffd\ufffd\"",
		"${x} 日本 é":       `"${x} 日本 é"`,
	} {
		if got := quote(in); got != want {
			t.Errorf("quote(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestLineFeedAtTheEndOfAChange(t *testing.T) {
	for name, c := range map[string]struct{ before, after, want string }{
		"is new":                   {"a\nb", "a\nb\n", "# the line feed at the end is new"},
		"goes":                     {"a\nb\n", "a\nb", "# the line feed at the end goes"},
		"is no news when it stays": {"a\n", "b\n", ""},
	} {
		b := body{}
		b.node(line{}, event.Node{Op: event.Change, Shape: event.LeafShape, Before: event.Leaf{Text: new(event.Foreign(c.before))}, After: event.Leaf{Text: new(event.Foreign(c.after))}})
		_, got, _ := strings.Cut(strings.SplitN(b.String(), "\n", 2)[0], "EOT")
		if strings.TrimSpace(got) != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
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
