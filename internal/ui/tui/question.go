package tui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// questionBox is the question before anything is done, in a frame: where, how many
// resources now and later, and the part that stays for ever. It has at most the
// given number of rows.
func (m *Model) questionBox(width, height int) []line {
	inner := min(width, 92) - 4
	look := plain
	if m.run.place.Production {
		look = red | bold
	}
	answers := m.answers(inner)
	var body []line
	if m.run.place.Production && height > 3 { // where does not fit beside the title
		body = m.whereLines(inner)
	}
	room := max(0, height-2-len(answers))
	body = append(body, m.entries(inner, room-len(body))...)
	if room > len(body) {
		body = append(body, nil)
	}
	if len(body) > room {
		n := max(0, room-1)
		body = append(body[:n:n], inked(yellow, fmt.Sprintf("… %d more rows; enlarge the terminal", len(body)-n)))
	}
	body = append(body[:min(len(body), room):min(len(body), room)], answers...)
	title := m.questionTitle(inner)
	frame := line{{"╭ ", look}}
	frame = append(append(frame, title...), span{" " + strings.Repeat("─", max(0, inner-title.cells())) + "╮", look})
	out := []line{frame}
	for _, l := range body {
		row := append(line{{"│ ", look}}, l.fill(inner)...)
		out = append(out, append(row, span{" │", look}))
	}
	return append(out, line{{"╰" + strings.Repeat("─", inner+2) + "╯", look}})
}

// whereLines say where a run on production is: the address and the account, or the
// account alone where both take more than a row.
func (m *Model) whereLines(width int) []line {
	for _, where := range places(m.run.place)[:2] {
		if l := inked(red|bold, where); where != "" && l.cells() <= width {
			return []line{l}
		}
	}
	return inked(red|bold, places(m.run.place)[0]).wrap(width, 0)
}

// questionTitle asks, and says where, in width cells.
func (m *Model) questionTitle(width int) line {
	title := "Apply to "
	switch m.run.command {
	case "destroy":
		title = "Forget all of these, on "
	case refreshCommand:
		title = "Take this into the state, from "
	}
	p := m.run.place
	if p.Environment == "" {
		return inked(bold, strings.TrimRight(strings.NewReplacer(" to ", "", ", on ", "", ", from ", "").Replace(title), " ")+"?")
	}
	name := strings.ToUpper(inline(p.Environment))
	if p.Production {
		return line{{title, bold}, {" PRODUCTION ", red | bold | reverse}}
	}
	for _, where := range places(p) {
		l := line{{title, bold}, {name, bold}}
		if where != "" {
			l = append(l, span{" · " + where, plain})
		}
		if l.cells() <= width || where == "" {
			return l.cut(width)
		}
	}
	return nil
}

// questionBody says the consequences of a yes, for width cells, with all actions on
// one row if it has to be terse.
func (m *Model) questionBody(width int, terse bool) (out []line) {
	var t tally
	later := m.run.later(m.choice)
	for _, a := range words.Actions {
		kinds := map[string]int{}
		n := 0
		for _, res := range m.run.resources {
			if _, out := m.choice.excluded(res.Addr); out && res.Action != event.Move || res.Action != a.Name || still(res.Action) && res.Action != event.Move ||
				res.Action == event.Defer || slices.Contains(later, res) {
				continue
			}
			kinds[nounOf(res.Kind)]++
			n++
		}
		t.add(strings.TrimSpace(a.Sign), tones[a.Tone], n, a.Plan)
		if n > 0 && !terse {
			out = append(out, entryLine(strings.TrimSpace(a.Sign), tones[a.Tone]|bold, fmt.Sprintf("%d %s", n, a.Plan), spellKinds(kinds), width))
		}
	}
	if terse && len(t) > 0 {
		out = append(out, t.line(width))
	}
	if len(out) == 0 && len(later) == 0 {
		out = append(out, uninked("Only outputs change."))
	}
	if len(later) > 0 {
		out = append(out, entryLine("◷", magenta|bold, fmt.Sprintf("%d later", len(later)), m.run.waitText(later), width))
	}
	stays := "an object that is created can never be deleted at Kira"
	if width < 50 {
		stays = "Kira deletes none of these"
	}
	switch m.run.command {
	case "destroy":
		out = append(out, entryLine("!", yellow|bold, "stays", "Kira cannot delete: all of them live on there", width))
	case refreshCommand:
		out = append(out, uninked("Nothing is changed at Kira."))
	default:
		if m.run.creates(m.choice) {
			out = append(out, entryLine("!", yellow|bold, "stays", stays, width))
		}
	}
	if n := m.run.includes(choice{}) - m.run.includes(m.choice); n > 0 {
		out = append(out, entryLine("○", bold, fmt.Sprintf("%d left out", n), "", width))
	}
	if len(m.filter) > 0 {
		out = append(out, inked(yellow, "The filter only hides: hidden rows are applied as well."))
	}
	return out
}

// entryLine is one entry of the question: a sign, a number and the details.
func entryLine(sign string, look ink, number, text string, width int) line {
	gap := "  "
	if hang(width) > 4 {
		sign = words.Pad(sign, 3)
		if wide := words.Pad(number, 13); len(number) <= 13 {
			number, gap = wide, " "
		}
	}
	return line{{sign + " ", look}, {number + gap, bold}, {text, plain}}
}

// entries breaks the entries of the question into rows. Where there is no room for
// these, each is cut to one, and in the end all numbers share a row.
func (m *Model) entries(width, room int) (out []line) {
	all := m.questionBody(width, false)
	for _, l := range all {
		out = append(out, l.wrap(width, hang(width))...)
	}
	switch {
	case len(out) <= room:
		return out
	case len(all) <= room:
		return all
	}
	return m.questionBody(width, true)
}

// hang is how far the rows of an entry are indented after the first. In a narrow box
// there is no room for a column of numbers.
func hang(width int) int {
	if width < 50 {
		return 4
	}
	return 18
}

// answers are the keys that answer, or the text to type.
func (m *Model) answers(width int) []line {
	if m.opts.Confirm != "" {
		back, again := " and press enter; esc goes back.", "Type it again, or esc goes back."
		if width < 50 {
			back, again = ", or esc goes back.", ""
		}
		type_ := line{{"Type ", plain}, {inline(m.opts.Confirm), bold}, {back, plain}}
		if m.prompt.wrong != "" {
			type_ = line{{fmt.Sprintf("%s is not %s. ", quote(m.prompt.wrong), inline(m.opts.Confirm)), red | bold}, {again, plain}}
		}
		return append(type_.wrap(width, 0), line{{"> " + inline(m.prompt.text) + "█", plain}})
	}
	yes := "apply"
	switch {
	case m.run.command == "destroy":
		yes = "forget them"
	case m.run.command == refreshCommand:
		yes = "take it in"
	case m.run.wait > 0 && len(m.run.later(m.choice)) > 0:
		yes = forKira(m.run.wait)
	case m.waiting && len(m.run.later(m.choice)) > 0:
		yes = forKira(m.opts.Patience)
	}
	all := []line{{{"y", bold}, {" " + yes, plain}}}
	if m.canWait() {
		all = append(all, line{{"w", bold}, {" " + forKira(m.opts.Patience), plain}})
	}
	return beside(append(all, line{{"n", bold}, {" back", plain}}), width)
}

// forKira is the answer that waits for at most so long.
func forKira(wait time.Duration) string {
	text := "apply and wait for Kira"
	if wait > 0 {
		text += ", " + words.Lasting(wait) + " at most"
	}
	return text
}

// beside puts lines on one row where there is room for all, and else each on its own.
func beside(all []line, width int) []line {
	var row line
	for i, l := range all {
		if i > 0 {
			row = append(row, span{"     ", plain})
		}
		row = append(row, l...)
	}
	if row.cells() <= width {
		return []line{row}
	}
	return all
}
