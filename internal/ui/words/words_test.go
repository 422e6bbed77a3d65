package words_test

import (
	"strings"
	"testing"
	"time"

	"kiraform/internal/ui/words"
)

func TestSentences(t *testing.T) {
	for _, test := range []struct{ got, want string }{
		{words.Count(0, "resource"), "0 resources"},
		{words.Count(1, "resource"), "1 resource"},
		{words.Count(2, "resource"), "2 resources"},
		{words.Count(2, "address"), "2 addresses"},
		{words.And(), ""},
		{words.And("a"), "a"},
		{words.And("a", "b"), "a and b"},
		{words.Or("a", "b", "c"), "a, b or c"},
		{words.Quoted("a", `b"`), `"a", "b\""`},
		{words.Few(2, "a", "b"), "a, b"},
		{words.Few(2, "a", "b", "c"), "a, b and 1 more"},
		{words.Article("string"), "a string"},
		{words.Article("object"), "an object"},
		{words.Article("an object"), "an object"},
		{words.Lower("Creating"), "creating"},
		{words.Moment(time.Date(2026, 3, 20, 13, 5, 6, 7, time.FixedZone("", 3600))), "2026-03-20 12:05:06 UTC"},
		{words.Minute(time.Date(2026, 3, 20, 0, 5, 6, 7, time.FixedZone("", 3600))), "2026-03-19 23:05 UTC"},
		{words.Clock(time.Date(2026, 3, 20, 0, 5, 6, 7, time.FixedZone("", 3600))), "23:05:06 UTC"},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}

// A column stands straight only if every view measures in the same way.
func TestCells(t *testing.T) {
	for s, want := range map[string]int{
		"": 0, "email": 5, "ünïcode": 7, "e\u0301": 1, "日本語": 6,
		"👩‍👩‍👧": 2, "❤️": 2, "👍🏽": 2, "🇲🇽": 2,
	} {
		if got := words.Cells(s); got != want {
			t.Errorf("%q takes %d cells, want %d", s, got, want)
		}
		if got := words.Cells(words.Pad(s, 9)); got != 9 {
			t.Errorf("%q in 9 cells takes %d", s, got)
		}
	}
}

func TestEveryActionHasItsWords(t *testing.T) {
	for _, a := range append(words.Actions, words.Of("frobnicate")) {
		if a.Name == "" || words.Cells(a.Sign) != 3 || a.Will == "" || a.Begin == "" || a.Done == "" || a.Plan == "" || a.Did == "" {
			t.Errorf("%+v lacks words", a)
		}
		if a.Begin != "" && a.Begin[:1] != strings.ToUpper(a.Begin[:1]) {
			t.Errorf("%q does not begin a line", a.Begin)
		}
	}
	if got := words.Of("adopt").Plan; got != "to adopt" {
		t.Errorf("an adoption is planned as %q", got)
	}
}
