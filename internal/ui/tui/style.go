package tui

import (
	"strings"

	"github.com/charmbracelet/lipgloss"
)

// style says what inks come to on this terminal. Without colour the attributes
// stay: signs and words say everything that colours do.
type style struct{ color, dark bool }

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
	if s.dark {
		add(faint, "38;5;245")
	} else {
		add(faint, "38;5;242")
	}
	return strings.Join(codes, ";")
}

// selected is how the row of the cursor looks in the pane that has the keys,
// and in the others.
func (s style) selected(focused bool) string {
	switch {
	case !focused:
		return ""
	case !s.color:
		return "7"
	case s.dark:
		return "48;5;237"
	default:
		return "48;5;254"
	}
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

// DarkBackground asks the terminal of the process whether it is dark. One that
// cannot tell is dark. It has to be called before the view takes the terminal.
func DarkBackground() bool { return lipgloss.DefaultRenderer().Output().HasDarkBackground() }
