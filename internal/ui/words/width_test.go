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

func TestColumn(t *testing.T) {
	whole := func(s string) string { return s }
	for _, tt := range []struct {
		most int
		want []string
	}{
		{99, []string{"a   ", "名前", "four"}},
		{4, []string{"a   ", "名前", "four"}},
		{3, []string{"a  ", "名前", "four"}}, // a wider one stays whole
		{0, []string{"a", "名前", "four"}},
	} {
		if got := words.Column([]string{"a", "名前", "four"}, tt.most, whole); !slices.Equal(got, tt.want) {
			t.Errorf("at most %d cells: %q, want %q", tt.most, got, tt.want)
		}
	}
	if got := words.Column(nil, 9, whole); len(got) != 0 {
		t.Errorf("no labels are %q", got)
	}
}

func TestRemark(t *testing.T) {
	for _, tt := range []struct {
		replaces bool
		cause    string
		want     string
	}{
		{false, "", ""},
		{true, "", "# forces replacement"},
		{false, "changed at Kira", "# changed at Kira"},
		{true, "changed at Kira", "# forces replacement; changed at Kira"},
	} {
		if forced, why := words.Remark(tt.replaces, tt.cause); forced+why != tt.want || (forced != "") != tt.replaces {
			t.Errorf("%v, %q: %q and %q, want %q", tt.replaces, tt.cause, forced, why, tt.want)
		}
	}
}

func TestHang(t *testing.T) {
	text := strings.Repeat("word ", 20) + "end"
	for width, indent := range map[int]string{80: "          ", 120: "          ", 40: "          ", 24: "      "} {
		got := words.Hang("  -flag   ", text, width)
		for i, line := range strings.Split(got, "\n") {
			if words.Cells(line) > width || i > 0 && !strings.HasPrefix(line, indent+"word") && line != indent+"end" {
				t.Errorf("line %d is %q, want it below the text and within %d cells", i, line, width)
			}
		}
	}
	if got := words.Hang("  -flag   ", text, 0); got != "  -flag   "+text {
		t.Errorf("without a terminal it is %q", got)
	}
}
