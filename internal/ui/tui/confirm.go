package tui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"kiraform/internal/event"
)

// prompt is a question that takes the keys until it is answered.
type prompt struct {
	filter bool   // asks for a filter, not whether to apply
	text   string // typed so far
	wrong  string // typed before, and not the word that was asked for
}

func (m *Model) askFilter() tea.Cmd {
	m.issues = false
	m.prompt = &prompt{filter: true, text: strings.Join(m.filter, " ")}
	return nil
}

func (m *Model) unfilter() { m.refilter("") }

// refilter shows the rows that text asks for.
func (m *Model) refilter(text string) {
	m.filter = newFilter(text)
	m.regrow()
}

// askApply asks whether to apply. A plan that cannot be applied is refused at
// once.
func (m *Model) askApply() tea.Cmd {
	switch {
	case m.run.errors() > 0:
		m.notice = "The plan has errors: e shows them."
	case m.run.includes(m.choice) > 0, len(m.run.outputs) > 0:
		m.prompt = &prompt{}
	case len(m.choice.without) > 0:
		m.notice = "Everything is left out, so there is nothing to apply."
	default:
		m.notice = "There is nothing to apply."
	}
	return nil
}

// answer takes a key while a question is open.
func (m *Model) answer(k tea.KeyMsg) tea.Cmd {
	p := *m.prompt
	m.notice = ""
	if by, moves := m.paces(k); moves && p.filter {
		return move(by)(m)
	}
	switch k.String() {
	case "esc", "ctrl+c":
		m.prompt = nil
		if p.filter {
			m.unfilter()
		}
		return nil
	case "enter":
		if p.filter {
			m.prompt = nil
			return nil
		}
		if m.opts.Confirm != "" {
			return m.typed(p.text)
		}
	}
	if !p.filter && m.opts.Confirm == "" {
		return m.decide(k.String())
	}
	p.text = edited(p.text, k)
	m.prompt = &p
	if p.filter {
		m.refilter(p.text)
	}
	return nil
}

// paces is how far a key moves that is no letter.
func (m *Model) paces(k tea.KeyMsg) (by int, moves bool) {
	switch k.String() {
	case "up":
		return -1, true
	case "down":
		return 1, true
	case "pgup":
		return -m.page(), true
	case "pgdown":
		return m.page(), true
	}
	return 0, false
}

// edited is a text after a key was pressed.
func edited(text string, k tea.KeyMsg) string {
	switch k.String() {
	case "backspace", "ctrl+h":
		if r := []rune(text); len(r) > 0 {
			return string(r[:len(r)-1])
		}
	case "ctrl+u":
		return ""
	case "ctrl+w":
		text = strings.TrimRight(text, " ")
		return text[:strings.LastIndex(text, " ")+1]
	default:
		if k.Type == tea.KeyRunes && !k.Alt || k.Type == tea.KeySpace {
			return text + oneLine(string(k.Runes))
		}
	}
	return text
}

// oneLine is a pasted text without the ends of its lines: one that was copied with the
// end of its line is meant as the same text.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\r' || r == '\n' }), " ")
}

// decide takes the single key that answers whether to apply.
func (m *Model) decide(k string) tea.Cmd {
	switch k {
	case "y", "Y":
		m.approve(false)
	case "w", "W":
		if m.canWait() {
			m.approve(true)
		}
	case "n", "N", "q":
		m.prompt = nil
	}
	return nil
}

func (m *Model) typed(text string) tea.Cmd {
	if text != m.opts.Confirm {
		m.prompt = &prompt{wrong: text}
		return nil
	}
	m.approve(false)
	return nil
}

// canWait reports whether applying and waiting for Kira is another answer than
// applying.
func (m *Model) canWait() bool {
	return m.opts.Patience > 0 && !m.waiting && m.run.command != refreshCommand && len(m.run.later(m.choice)) > 0
}

func (m *Model) approve(wait bool) {
	m.prompt, m.follow, m.waiting = nil, true, m.waiting || wait
	m.detailed, m.why = false, false
	m.run.act()
	m.opts.Decide(event.Apply{Without: m.choice.addrs(), Wait: wait})
}
