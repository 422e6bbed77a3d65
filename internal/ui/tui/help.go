package tui

import (
	"slices"

	"kiraform/internal/ui/words"
)

// helpLines lists the commands that a person can give now, by topic, in as many
// columns as there is room for.
func (m *Model) helpLines(box box) []line {
	columns := max(1, min(box.width/40, 3))
	width := box.width / columns
	stacks := make([][]line, columns)
	var all [][]line
	for _, topic := range topics {
		if lines := m.topic(topic, width); len(lines) > 2 { // something of it is offered now
			all = append(all, lines)
		}
	}
	for _, lines := range append(all, mouseLines(width)) {
		low := 0 // a topic goes where least is
		for i := range stacks {
			if len(stacks[i]) < len(stacks[low]) {
				low = i
			}
		}
		stacks[low] = append(stacks[low], lines...)
	}
	rows := 0
	for _, s := range stacks {
		rows = max(rows, len(s))
	}
	out := make([]line, rows)
	for i := range rows {
		for _, s := range stacks {
			var l line
			if i < len(s) {
				l = s[i]
			}
			out[i] = append(out[i], l.fill(width)...)
		}
	}
	return out
}

// helpLine names a key and its effect, on as many rows as it takes.
func helpLine(key, says string, width int) []line {
	return line{{"  " + words.Pad(key, 8), cyan}, {says, plain}}.wrap(width-1, 10)
}

// mouseLines say the use of a mouse.
func mouseLines(width int) []line {
	out := []line{inked(bold, "Mouse")}
	out = append(out, helpLine("wheel", "scroll", width)...)
	out = append(out, helpLine("click", "go to a row, and again: as enter", width)...)
	return append(append(out, helpLine("shift", "with it the terminal marks text, to be copied", width)...), nil)
}

func (m *Model) topic(topic string, width int) []line {
	out := []line{inked(bold, topic)}
	for _, c := range m.given() {
		if c.topic == topic && !m.refuses(c) {
			h := c.Help()
			out = append(out, helpLine(h.Key, h.Desc, width)...)
		}
	}
	return append(out, nil)
}

// refuses reports whether c only says at the moment that it does nothing.
func (m *Model) refuses(c command) bool {
	return c.hint == "leave" && isWorking(m) && m.run.stage() != planning && !m.opts.ReadOnly
}

// given are the commands that are offered, without those whose keys all do something
// else now.
func (m *Model) given() (out []command) {
	taken := make(map[string]bool)
	for _, c := range m.commands {
		if !m.offers(c) || !slices.ContainsFunc(c.Keys(), func(k string) bool { return !taken[k] }) {
			continue
		}
		for _, k := range c.Keys() {
			taken[k] = true
		}
		out = append(out, c)
	}
	return out
}

// hints names the most useful keys, as many as fit.
func (m *Model) hints(width int) line {
	var out line
	hinted := m.given()
	if l := m.layout(); l.list.height == 0 || l.detail.height == 0 { // there is no telling that there is another pane
		i := slices.IndexFunc(hinted, func(c command) bool { return c.hint == "details" })
		if i >= 0 {
			hinted[i].rank = 3
		}
	}
	slices.SortStableFunc(hinted, func(a, b command) int { return a.rank - b.rank })
	for _, c := range hinted {
		if c.hint == "" || c.hint == "leave" && isWorking(m) && !m.opts.ReadOnly {
			continue
		}
		next := line{{c.Help().Key, bold}, {" " + c.hint, faint}}
		if len(out) > 0 {
			next = append(line{{"  ", plain}}, next...)
		}
		if out.cells()+next.cells() <= width {
			out = append(out, next...)
		}
	}
	return out
}
