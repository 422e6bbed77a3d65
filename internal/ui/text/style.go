package text

import (
	"strings"

	"kiraform/internal/event"
)

// The SGR codes in use, Terraform's.
const (
	bold      = "1"
	underline = "4"
	red       = "31"
	green     = "32"
	yellow    = "33"
	magenta   = "35"
	cyan      = "36"
	grey      = "90"
)

// style colours text, or leaves it as it is.
type style struct{ color bool }

// paint shows text in the given codes. The meaning of colours is said in words
// too, so text without them is the same text.
func (s style) paint(text string, codes ...string) string {
	if !s.color || text == "" {
		return text
	}
	return "\x1b[" + strings.Join(codes, ";") + "m" + text + "\x1b[0m"
}

// signs colours each sign of text, such as "+/-", by its meaning.
func (s style) signs(text string) string {
	var b strings.Builder
	for _, r := range text {
		b.WriteString(s.sign(string(r)))
	}
	return b.String()
}

func (s style) sign(sign string) string {
	switch sign {
	case "+":
		return s.paint(sign, green)
	case "-", ".":
		return s.paint(sign, red)
	case "~":
		return s.paint(sign, yellow)
	case "=", "<":
		return s.paint(sign, cyan)
	case "»":
		return s.paint(sign, magenta)
	default:
		return sign
	}
}

// visible makes s safe to show: Kira's answers and the user's files end up
// here, and neither may move the cursor. Line feeds and tabs stay.
func visible[T ~string](s T) string { return event.Foreign(s).Lines() }

// inline is visible for a text that has to stay on its line.
func inline[T ~string](s T) string { return event.Foreign(s).Line() }

// firstLine is the beginning of a text of which the rest is said elsewhere.
func firstLine[T ~string](s T) string { return event.Foreign(s).First() }
