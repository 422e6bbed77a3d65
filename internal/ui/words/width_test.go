package words_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kiraform/internal/ui/words"
)

func TestFold(t *testing.T) {
	for name, c := range map[string]struct {
		in    string
		width int
		want  []string
	}{
		"breaks at spaces":                     {"one two three", 7, []string{"one two", "three"}},
		"a long word stands alone":             {"a incomprehensible b", 5, []string{"a", "incomprehensible", "b"}},
		"an indented line stays whole":         {"one two\n  three four five\nsix seven", 7, []string{"one two", "  three four five", "six", "seven"}},
		"empty lines stay":                     {"a\n\nb", 5, []string{"a", "", "b"}},
		"wide characters take two cells":       {"日本 日本 x", 6, []string{"日本", "日本 x"}},
		"combining characters take none":       {"e\u0301e\u0301 e\u0301", 4, []string{"e\u0301e\u0301 e\u0301"}},
		"nothing is one empty line":            {"", 5, []string{""}},
		"a width without room breaks anywhere": {"a b", 0, []string{"a", "b"}},
	} {
		if got := words.Fold(c.in, c.width); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestFoldKeepsEveryWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.StringMatching(`([a-z]{1,9}[ \n]?){0,20}`).Draw(t, "text")
		width := rapid.IntRange(1, 30).Draw(t, "width")
		lines := words.Fold(in, width)
		if got, want := strings.Fields(strings.Join(lines, "\n")), strings.Fields(in); !slices.Equal(got, want) {
			t.Errorf("words %q, want %q", got, want)
		}
		for _, l := range lines {
			if words.Cells(l) > width && strings.Contains(strings.TrimSpace(l), " ") {
				t.Errorf("%q is wider than %d and could be broken", l, width)
			}
		}
	})
}
