package tui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"kiraform/internal/ui/words"
)

// View implements [tea.Model].
func (m heardModel) View() string {
	if m.leaving || m.width <= 0 || m.height <= 0 {
		return ""
	}
	s := &screen{style: m.style}
	if m.width < minWidth || m.height < minHeight {
		s.tooSmall(m.width, m.height, "press q to leave")
		return s.String()
	}
	l := m.layout()
	s.put(m.title(), "")
	s.put(m.counts().fill(m.width), "")
	if m.height >= low {
		joint := "┬"
		if m.help {
			joint = "─"
		}
		s.put(rule(l, joint), "")
	}
	m.body(s, l)
	s.put(m.bottomNotice().fill(m.width), "")
	s.put(m.hints().fill(m.width), "")
	return s.String()
}

// rule separates the head from the panes.
func rule(l layout, joint string) line { return (&Model{}).rule(l, joint) }

func (m *heardModel) title() line {
	l := line{{"kiraform webhook listen", bold}, {" on ", plain}, {inline(m.opts.Address), plain}}
	right := inked(faint, inline(m.opts.Store))
	if m.opts.Unverified {
		right = inked(yellow, "not verified: there is no secret")
	}
	return l.spread(right, m.width)
}

// counts says how much has come.
func (m *heardModel) counts() line {
	events, again, forged := 0, 0, 0
	for i := range m.all {
		if m.all[i].Verdict == "forged" {
			forged++
			continue
		}
		events++
		again += max(0, m.all[i].Times-1)
	}
	l := uninked(words.Count(events, "event"))
	if again > 0 {
		l = append(l, span{", " + words.Count(again, "duplicate"), plain})
	}
	if forged > 0 {
		l = append(l, span{fmt.Sprintf(", %d forged", forged), red})
	}
	if len(m.filter) > 0 {
		l = append(l, span{fmt.Sprintf("  %d shown by the filter", len(m.rows)), faint})
	}
	return l
}

func (m *heardModel) body(s *screen, l layout) {
	if m.help {
		s.pane(m.helpLines(), l.whole())
		return
	}
	detail := func(i int) line {
		if at := i + m.scroll; at < len(m.detail) {
			return m.detail[at]
		}
		return nil
	}
	for i := range l.list.height {
		row, base := m.listRow(i, l.list)
		s.put(row.fill(l.list.width), base)
		if l.beside {
			s.paint(&s.Builder, (&Model{detailed: m.detailed}).separator(), "")
			s.paint(&s.Builder, detail(i).fill(l.detail.width), "")
		}
	}
	if l.beside {
		return
	}
	if l.list.height > 0 && l.detail.height > 0 {
		s.put(rule(layout{width: l.width}, ""), "")
	}
	for i := range l.detail.height {
		s.put(detail(i).fill(l.width), "")
	}
}

func (m *heardModel) listRow(i int, b box) (l line, base string) {
	if len(m.rows) == 0 {
		text := ""
		switch {
		case i != 1:
		case len(m.filter) > 0:
			text = "  No event is like that."
		default:
			text = "  Events will be listed here as they come."
		}
		return inked(faint, text), ""
	}
	from, to := m.cursor.window(len(m.rows), b.height)
	i += from
	if i >= to {
		return nil, ""
	}
	mark := span{"  ", plain}
	if i == m.cursor.at {
		mark, base = span{"› ", bold | cyan}, m.style.selected(!m.detailed)
	}
	h := m.all[m.rows[i]]
	sign, look := h.sign()
	l = line{mark, {sign, look}, {" " + h.At.UTC().Format(time.TimeOnly) + "  ", faint}, {h.name(), plain}}
	if h.Times > 1 {
		l = append(l, span{fmt.Sprintf("  x%d", h.Times), yellow})
	}
	return append(l, span{"  " + inline(h.About), faint}), base
}

// sign says how an event stands, without colours too.
func (h Heard) sign() (string, ink) {
	switch h.Verdict {
	case "valid":
		return "✓", green
	case "forged":
		return "✗", red | bold
	}
	return "?", yellow
}

func (h Heard) name() string {
	if h.Event == "" {
		return "(no event)"
	}
	return inline(h.Event)
}

// details is the detail pane.
func (m *heardModel) details(width int) (all []line) {
	h, ok := m.current()
	if !ok {
		return nil
	}
	all = append(all, inked(bold, h.name()))
	sign, look := h.sign()
	verdict := map[string]string{"valid": "the signature is right", "forged": "FORGED: signed with another secret, or not at all",
		"unverified": "not verified: there was no secret"}[h.Verdict]
	add := func(name, text string, i ink) {
		if text != "" {
			l := line{{name + strings.Repeat(" ", max(1, 10-len(name))), faint}, {text, i}}
			all = append(all, l.wrap(width, 10)...)
		}
	}
	add("id", inline(h.ID), plain)
	add("came", h.At.UTC().Format("2006-01-02 15:04:05.000 UTC"), plain)
	add("about", inline(h.About), plain)
	add("verdict", sign+" "+verdict, look)
	if h.Times > 1 {
		add("times", fmt.Sprintf("%d: it counts once", h.Times), yellow)
	}
	add("not kept", inline(h.Dropped), red)
	add("sha256", inline(h.SHA256), faint)
	all = append(all, nil)
	for _, head := range h.Head {
		all = append(all, inked(faint, inline(head)).wrap(width, 2)...)
	}
	if len(h.Head) > 0 {
		all = append(all, nil)
	}
	body := string(h.Body)
	if b := new(bytes.Buffer); json.Indent(b, []byte(h.Body), "", "  ") == nil { // for the eye alone
		body = b.String()
	}
	for text := range strings.SplitSeq(safe(body), "\n") {
		all = append(all, uninked(text).wrap(width, len(text)-len(strings.TrimLeft(text, " "))+2)...)
	}
	return all
}

func (m *heardModel) helpLines() []line {
	out := []line{inked(bold, "Keys")}
	for _, c := range heardCommands() {
		if c.offered == nil || c.offered(m) {
			h := c.Help()
			out = append(out, line{{"  " + h.Key, cyan}, {words.Pad("", max(1, 8-words.Cells(h.Key))) + h.Desc, plain}})
		}
	}
	return out
}

func (m *heardModel) bottomNotice() line {
	if m.typing {
		return line{{"/", bold}, {inline(m.typed), plain}, {"▏", cyan}}
	}
	return uninked(m.notice)
}

func (m *heardModel) hints() (out line) {
	if m.typing {
		return line{{"enter", bold}, {" keep", faint}, {"  esc", bold}, {" no filter", faint}}
	}
	hinted := slices.DeleteFunc(heardCommands(), func(c heardCommand) bool { return c.hint == "" || c.offered != nil && !c.offered(m) })
	for rank := range hinted { // as few as there is room for
		for _, c := range hinted {
			if c.rank > len(hinted)-rank {
				continue
			}
			next := line{{c.Help().Key, bold}, {" " + c.hint, faint}}
			if len(out) > 0 {
				next = append(line{{"  ", plain}}, next...)
			}
			out = append(out, next...)
		}
		if out.cells() <= m.width {
			return out
		}
		out = nil
	}
	return out
}
