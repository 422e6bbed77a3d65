package tui

import (
	"strconv"
	"strings"
)

// style is the look of inks on this terminal. Without colour the attributes
// stay: signs and words say everything that colours do.
type style struct {
	color bool
	back  Background
}

// sgr returns the codes of an ink, such as "1;31". The sixteen colours are
// used because a person has chosen them to be readable.
func (s style) sgr(i ink) string {
	var codes []string
	add := func(with ink, code string) {
		if i&with != 0 {
			codes = append(codes, code)
		}
	}
	add(bold, "1")
	add(underline, "4")
	add(reverse, "7")
	if !s.color {
		return strings.Join(codes, ";")
	}
	add(red, "31")
	add(green, "32")
	add(yellow, "33")
	add(cyan, "36")
	add(magenta, "35")
	switch s.back {
	case DarkBackground:
		add(faint, "38;5;245")
	case LightBackground:
		add(faint, "38;5;242")
	default:
		add(faint, "38;5;244") // can be read on either
	}
	return strings.Join(codes, ";")
}

// selected is how the row of the cursor looks in the pane that has the keys,
// and in the others.
func (s style) selected(focused bool) string {
	switch {
	case !focused:
		return ""
	case !s.color || s.back == UnknownBackground:
		return "7"
	case s.back == DarkBackground:
		return "48;5;237"
	}
	return "48;5;254"
}

// paint spells l with escape codes; base, if not "", lies below all of it.
func (s style) paint(b *strings.Builder, l line, base string) {
	for _, p := range l {
		codes := s.sgr(p.ink)
		if codes != "" && base != "" {
			codes += ";"
		}
		if codes += base; codes == "" {
			b.WriteString(p.text)
			continue
		}
		b.WriteString("\x1b[" + codes + "m" + p.text + "\x1b[0m")
	}
}

// Background is how dark a terminal's background is, as far as that is known.
type Background uint8

// The backgrounds.
const (
	UnknownBackground Background = iota // the selected row is in reverse video
	DarkBackground
	LightBackground
)

// AskBackground tells whether the terminal of the process is dark, by the variable
// that some set. It asks the terminal nothing: an answer that comes late would be
// taken for keys that a person pressed.
func AskBackground(colorfgbg string) Background {
	_, bg, ok := strings.Cut(colorfgbg, ";")
	if i := strings.LastIndex(bg, ";"); i >= 0 {
		bg = bg[i+1:]
	}
	n, err := strconv.Atoi(bg)
	switch {
	case !ok || err != nil:
		return UnknownBackground
	case n < 7 || n == 8:
		return DarkBackground
	}
	return LightBackground
}
