package tui

import (
	"io"
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"kiraform/internal/event"
)

// heardCommand is something a person can do with events.
type heardCommand struct {
	key.Binding
	hint    string
	rank    int                    // where there is no room for all, hints of a low rank stay
	offered func(*heardModel) bool // nil means always
	do      func(*heardModel) tea.Cmd
}

func heardCommands() []heardCommand {
	return []heardCommand{
		{Binding: bind("↑ k", "up", "up", "k"), do: heardMove(-1)},
		{Binding: bind("↓ j", "down", "down", "j"), do: heardMove(1)},
		{Binding: bind("pgup", "a page up", "pgup", "ctrl+b"), do: func(m *heardModel) tea.Cmd { return heardMove(-m.page())(m) }},
		{Binding: bind("pgdn", "a page down", "pgdown", "ctrl+f"), do: func(m *heardModel) tea.Cmd { return heardMove(m.page())(m) }},
		{Binding: bind("g", "to the first", "g", "home"), do: heardMove(-1 << 30)},
		{Binding: bind("G", "to the newest, and follow", "G", "end", "f"), do: (*heardModel).newest},
		{Binding: bind("tab", "to the other pane", "tab", "enter"), hint: "details", rank: 2, do: func(m *heardModel) tea.Cmd { m.detailed = !m.detailed; return nil }},
		{Binding: bind("/", "filter by event, id, object or verdict", "/"), hint: "filter", rank: 4, do: func(m *heardModel) tea.Cmd { m.typing = true; return nil }},
		{Binding: bind("esc", "back, or filter no more", "esc"), do: (*heardModel).back},
		{Binding: bind("r", "replay: send it again as it came", "r"), hint: "replay", rank: 3, do: (*heardModel).replay},
		{Binding: bind("v", "verify its signature once more", "v"), hint: "verify", rank: 5, offered: func(m *heardModel) bool { return m.opts.Verify != nil }, do: (*heardModel).verify},
		{Binding: bind("y", "copy its id", "y"), hint: "copy", rank: 6, offered: heardCopies, do: heardCopy("id", func(h Heard) event.Foreign { return h.ID })},
		{Binding: bind("Y", "copy its body, byte for byte", "Y"), offered: heardCopies, do: heardCopy("body", func(h Heard) event.Foreign { return h.Body })},
		{Binding: bind("?", "this help", "?"), hint: "help", rank: 1, do: func(m *heardModel) tea.Cmd { m.help = !m.help; return nil }},
		{Binding: bind("q", "stop listening", "q", "ctrl+c"), hint: "stop", do: func(m *heardModel) tea.Cmd { m.leaving = true; return tea.Quit }},
	}
}

func heardCopies(m *heardModel) bool { return m.opts.Output != nil }

// press runs the command of a key.
func (m *heardModel) press(k tea.KeyMsg) tea.Cmd {
	if m.typing {
		return m.takeKey(k)
	}
	all := heardCommands()
	i := slices.IndexFunc(all, func(c heardCommand) bool { return key.Matches(k, c.Binding) && (c.offered == nil || c.offered(m)) })
	if i < 0 {
		return nil
	}
	if m.help && k.String() != "ctrl+c" {
		m.help = false
		return nil
	}
	m.notice = ""
	return all[i].do(m)
}

// takeKey takes a key of the filter.
func (m *heardModel) takeKey(k tea.KeyMsg) tea.Cmd {
	switch k.String() {
	case "esc", "ctrl+c":
		m.typing, m.typed = false, ""
	case "enter":
		m.typing = false
	default:
		m.typed = edited(m.typed, k)
	}
	on, _ := m.current()
	m.filter = newFilter(m.typed)
	m.relist(on.Key)
	return nil
}

// heardMove moves the cursor, or the detail pane if that has the keys.
func heardMove(by int) func(*heardModel) tea.Cmd {
	return func(m *heardModel) tea.Cmd {
		if m.detailed {
			m.scroll = max(0, m.scroll+by)
			return nil
		}
		m.follow, m.scroll = false, 0
		m.cursor.at = max(0, min(m.cursor.at+by, len(m.rows)-1))
		return nil
	}
}

// point takes the wheel of a mouse, and a click that goes to an event.
func (m *heardModel) point(e tea.MouseMsg) {
	l, top := m.layout(), 3
	if m.height < low {
		top = 2
	}
	y := e.Y - top
	over := l.overDetail(e.X, y)
	switch by := turned(e); {
	case m.help || m.width < minWidth || m.height < minHeight:
	case by != 0 && over:
		m.scroll = max(0, m.scroll+by)
	case by != 0:
		m.follow, m.scroll = false, 0
		m.cursor = m.cursor.scroll(by, len(m.rows), max(l.list.height, 1), 0)
	case clicked(e) && y >= 0 && y < l.whole().height:
		m.detailed = over
		if at := m.cursor.top + y; !over && at < len(m.rows) {
			m.follow, m.scroll, m.cursor.at = false, 0, at
		}
	}
}

func (m *heardModel) page() int { return m.layout().page(m.detailed) }

func (m *heardModel) newest() tea.Cmd {
	if m.detailed {
		return heardMove(1 << 30)(m)
	}
	m.follow, m.scroll = true, 0
	m.cursor.at = len(m.rows) - 1
	return nil
}

func (m *heardModel) back() tea.Cmd {
	if m.detailed {
		m.detailed = false
		return nil
	}
	on, _ := m.current()
	m.filter, m.typed = nil, ""
	m.relist(on.Key)
	return nil
}

// replay sends the event again, outside of the view.
func (m *heardModel) replay() tea.Cmd {
	h, ok := m.current()
	switch {
	case !ok:
		return nil
	case m.opts.Replay == nil:
		m.notice = "Listen with -forward=URL to send events on to there, and again."
		return nil
	case h.Verdict != "valid":
		m.notice = "Only verified events are passed on."
		return nil
	}
	send, to := m.opts.Replay, m.opts.To
	m.notice = "Sending " + inline(h.ID) + " ..."
	return func() tea.Msg {
		if err := send(h); err != nil {
			return told("Not sent: " + inline(err.Error()))
		}
		return told("Sent " + inline(h.ID) + " to " + inline(to) + ", as it came.")
	}
}

func (m *heardModel) verify() tea.Cmd {
	h, ok := m.current()
	if !ok {
		return nil
	}
	verify := m.opts.Verify
	return func() tea.Msg { return told(inline(verify(h))) }
}

// heardCopy has the terminal put a part of the event into the clipboard (OSC 52).
func heardCopy(name string, part func(Heard) event.Foreign) func(*heardModel) tea.Cmd {
	return func(m *heardModel) tea.Cmd {
		h, ok := m.current()
		if !ok {
			return nil
		}
		out := m.opts.Output
		return func() tea.Msg {
			if _, err := io.WriteString(out, ansi.SetSystemClipboard(string(part(h)))); err != nil {
				return told("Could not copy: " + err.Error())
			}
			return told("Copied the " + name + " of " + inline(h.ID) + ".")
		}
	}
}
