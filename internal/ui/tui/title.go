package tui

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// title names the command, its place, and how far it is. It is the first row of
// every page, so that nobody takes one account for another.
func (m *Model) title(width int) line {
	for _, now := range m.progressTitles() {
		for _, where := range places(m.run.place) {
			if l := m.heading("kiraform ", where); l.cells()+now.cells() < width {
				return l.spread(now, width)
			}
		}
		if l := m.heading("", ""); l.cells()+now.cells() < width {
			return l.spread(now, width)
		}
	}
	return m.heading("", "").cut(width)
}

// progressTitles are the forms of how far a run is, the longest first.
func (m *Model) progressTitles() []line {
	whole := m.progressTitle()
	short := whole[:len(whole):len(whole)]
	if text, _, more := strings.Cut(whole[0].text, " · "); more {
		short = inked(whole[0].ink, text)
	}
	return []line{whole, short}
}

func (m *Model) progressTitle() line {
	switch m.run.stage() {
	case planning:
		if m.stops > 0 {
			return inked(yellow|bold, m.stopTitle())
		}
		return uninked("planning")
	case reviewing:
		return uninked("review the plan")
	case applying:
		if m.stops > 0 {
			return inked(yellow|bold, m.stopTitle())
		}
		return uninked("applying, " + whole(m.elapsed()) + m.run.patience())
	}
	return m.verdict()
}

// stopTitle says of a run that was told to stop how long it has run, and the
// effect of the same key once more.
func (m *Model) stopTitle() string {
	said, then := "stopping", " · ctrl-c cancels"
	if m.stops > 1 {
		said, then = "cancelling", " · ctrl-c leaves"
	}
	if m.run.stage() == applying {
		said += ", " + whole(m.elapsed())
	}
	return said + then
}

// heading is the left part of the title.
func (m *Model) heading(name, where string) line {
	l := inked(bold, name+inline(cmp.Or(m.run.command, "run")))
	p := m.run.place
	environment := inline(p.Environment)
	if p.Production {
		l = append(l, span{" · ", faint}, span{" PRODUCTION ", red | bold | reverse})
	} else if environment != "" {
		l = append(l, span{" · ", faint}, span{environment, bold})
	}
	if where != "" {
		l = append(l, span{" · " + where, plain})
	}
	if m.opts.ReadOnly {
		l = append(l, span{"  read-only", faint})
	}
	return l
}

// places spells the parts of p that tell two accounts of an environment apart,
// the longest form first.
func places(p event.Place) []string {
	host, account := inline(bare(p.Address)), ""
	if p.Account != "" {
		account = "acct " + inline(p.Account)
	}
	return []string{joined(host, account), account, ""}
}

// bare is an address without its scheme.
func bare(address string) string {
	if _, rest, ok := strings.Cut(address, "://"); ok {
		return rest
	}
	return address
}

func joined(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, " · ")
}

// verdict says how a run ended.
func (m *Model) verdict() line {
	f := m.run.finish
	took := ""
	if m.elapsed() >= time.Second {
		took = " in " + whole(m.elapsed())
	}
	switch {
	case f == nil && m.run.errors() == 0:
		return inked(yellow|bold, "ended early"+took)
	case f != nil && f.Stopped:
		return inked(yellow|bold, "stopped early"+took)
	case f != nil && f.Failed+f.Actions.Failed > 0, m.run.errors() > 0:
		return inked(red|bold, "failed"+took)
	case f != nil && f.Deferred+f.Actions.Deferred+f.Unready > 0:
		text := fmt.Sprintf("%d done%s", m.run.progress(m.choice).done, took)
		if n := f.Deferred + f.Actions.Deferred; n > 0 {
			text += fmt.Sprintf(" · %d for later", n)
		}
		if f.Unready > 0 {
			text += fmt.Sprintf(" · %d not ready", f.Unready)
		}
		return inked(magenta|bold, text)
	case f != nil && len(f.Ended) > 0:
		return inked(yellow|bold, "done"+took+", "+words.Count(len(f.Ended), "resource")+" ended at Kira")
	}
	return inked(green|bold, "done"+took)
}
