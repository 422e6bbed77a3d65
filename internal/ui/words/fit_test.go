package words_test

import (
	"strings"
	"testing"

	"kiraform/internal/ui/words"
)

func TestFit(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"a short line":            {"one two\n", "one two\n"},
		"a long one":              {"one two three four five\nsix\n", "one two three four\n  five\nsix\n"},
		"below its first word":    {"    one two three four\n", "    one two three\n    four\n"},
		"behind a sign":           {"  + one two three four\n", "  + one two three\n    four\n"},
		"a word that is too long": {"one https://example.com/long two\n", "one\n  https://example.com/long\n  two\n"},
		"a command to paste":      {"  kiraform apply -wait=15m -target=x\n", "  kiraform apply -wait=15m -target=x\n"},
		"one behind a text":       {"to see it once more: kiraform plan -target=x\n", "to see it once\n  more:\n  kiraform plan -target=x\n"},
		"codes take no room":      {"\x1b[1mone two\x1b[0m \x1b[31mthree four\x1b[0m\n", "\x1b[1mone two\x1b[0m \x1b[31mthree four\x1b[0m\n"},
		"wide characters":         {"日本語 日本語 日本語 日本語\n", "日本語 日本語\n  日本語 日本語\n"},
	} {
		if got := words.Fit(c.text, 18); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if got := words.Fit(c.text, 0); got != c.text {
			t.Errorf("%s, without a terminal: %q", name, got)
		}
	}
}

func TestTableIn(t *testing.T) {
	rows := [][]string{{"RESOURCE", "WAITS FOR"}, {"kira_user.maria", "kira_user.ana is CREATED, and Kira has to make it VERIFIED first"}, {"kira_user.ana", "nothing"}}
	beside := "RESOURCE         WAITS FOR\nkira_user.maria  kira_user.ana is CREATED, and Kira\n                 has to make it VERIFIED first\nkira_user.ana    nothing\n"
	below := "RESOURCE\n    WAITS FOR\nkira_user.maria\n    kira_user.ana is CREATED, and Kira\n    has to make it VERIFIED first\nkira_user.ana\n    nothing\n"
	for width, want := range map[int]string{0: words.Table(rows), 100: words.Table(rows), 52: beside, 40: below} {
		got := words.TableIn(rows, width)
		if got != want {
			t.Errorf("in %d cells:\n%s\nwant\n%s", width, got, want)
		}
		for line := range strings.SplitSeq(got, "\n") {
			if width > 0 && words.Cells(line) > width {
				t.Errorf("in %d cells a row has %d: %s", width, words.Cells(line), line)
			}
		}
	}
}

// Columns that have no room stand below the others, each below its heading.
func TestTableInManyColumns(t *testing.T) {
	rows := [][]string{{"AT", "EVENT", "ABOUT", "AGAIN"}, {"2026-11-27 10:00", "user.created", "user 51000000-4dc4", "-"}, {"2026-11-27 10:01", "", "", "12"}}
	want := "AT                EVENT\n    ABOUT               AGAIN\n2026-11-27 10:00  user.created\n    user 51000000-4dc4  -\n2026-11-27 10:01\n                        12\n"
	if got := words.TableIn(rows, 32); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
