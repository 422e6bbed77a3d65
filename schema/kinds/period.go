package kinds

import (
	"strings"
	"unicode"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// periodRule is of all actions: a period that looks like another one would let the
// same be done twice.
var periodRule = schema.Rule{ID: "period-spelling", Check: periodSpelling,
	Doc: "A period has no spaces at its ends or in a row, and no signs that nobody sees: two that look alike are one."}

func periodSpelling(v cty.Value, _ schema.Env) []schema.Problem {
	text, f := lookText(v, "period")
	if f != written {
		return nil
	}
	unseen := strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.IsSpace(r) && r != ' '
	})
	switch plain := strings.Join(strings.Fields(text), " "); {
	case plain == "":
		return mistake(path("period"), "period-spelling", "An empty period", "The period is empty, so that it tells no payout from another one. Write one, such as \"2026-03\", or remove it.")
	case unseen || plain != text:
		return mistake(path("period"), "period-spelling", "A period with hidden signs", "The period has spaces at an end or in a row, or signs that nobody sees, so that it would "+
			"look like another one. Write it without them, or use trimspace().")
	}
	return nil
}
