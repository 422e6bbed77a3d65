package tui

import (
	"fmt"
	"io"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"kiraform/internal/event"
)

// Heard is an event of Kira's as a listener has kept it.
type Heard struct {
	Key             string // names it among those that are shown: one with the same key takes its place
	At              time.Time
	Event, ID       event.Foreign
	About           event.Foreign // the object it is about, such as "user 51000000-..."
	Verdict         string        // "valid", "forged" or "unverified"
	Times           int           // how often it came
	Head            []string      // its headers, a line each
	Body            event.Foreign // byte for byte
	SHA256, Dropped string        // of the body; why it was not kept, if it was not

	search string // the text that a filter looks through
}

// HeardOptions are the abilities of a view of events. The zero value shows.
type HeardOptions struct {
	Address, Store string // where it listens, and where events are kept
	Unverified     bool   // there is no secret to verify with

	// Replay sends an event as it came to where To says, and Verify tells in a
	// sentence which secret its signature is made with. Both are called outside of
	// the view; nil means that they are not offered.
	Replay func(Heard) error
	To     string
	Verify func(Heard) string

	Color  bool
	Back   Background
	Input  io.Reader // nil means that of the process
	Output io.Writer // nil means that of the process; nothing is copied then
}

// heardEvent carries a Heard through the queue of a view.
type heardEvent struct {
	event.Event
	Heard
}

// heardSaid carries a remark.
type heardSaid struct {
	event.Event
	text string
}

// HeardView is a program that shows events as they come. Use [Listen] to make one.
type HeardView struct{ *View }

// Listen takes over the terminal and shows the events that it is given. It never
// holds up who gives them.
func Listen(o HeardOptions) *HeardView {
	if o.Output != nil {
		o.Output = shared(o.Output)
	}
	return &HeardView{launch(newHeard(o), o.Input, o.Output, time.Now)}
}

// Add shows an event, in the place of one with the same key.
func (v *HeardView) Add(h Heard) { v.Handle(heardEvent{Heard: h}) }

// Say shows a remark at the bottom.
func (v *HeardView) Say(text string) { v.Handle(heardSaid{text: text}) }

// heardModel is the knowledge of the view. Like [Model], only its latest copy is
// of use.
type heardModel struct {
	opts          HeardOptions
	style         style
	width, height int

	all  []Heard
	at   map[string]int // in all, by key
	rows []int          // in all, those that the filter keeps

	cursor   list
	follow   bool // the cursor goes to the newest
	filter   filter
	typing   bool
	typed    string
	detailed bool
	detail   []line // of the current event, for a width
	detailOf string // which that is
	scroll   int
	help     bool
	notice   string
	leaving  bool
}

func newHeard(o HeardOptions) heardModel {
	return heardModel{opts: o, style: style{o.Color, o.Back}, at: make(map[string]int), follow: true}
}

// Init implements [tea.Model].
func (m heardModel) Init() tea.Cmd { return nil }

// Update implements [tea.Model].
func (m heardModel) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := m.update(msg)
	m.settle()
	return m, cmd
}

func (m *heardModel) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
	case batch:
		on, _ := m.current()
		for _, e := range msg.events {
			switch e := e.(type) {
			case heardEvent:
				m.add(e.Heard)
			case heardSaid:
				m.notice = inline(e.text)
			}
		}
		m.relist(on.Key)
	case told:
		m.notice = string(msg)
	case ended, leave:
		m.leaving = true
		return tea.Quit
	case tea.KeyMsg:
		return m.press(msg)
	case tea.MouseMsg:
		m.point(msg)
	}
	return nil
}

func (m *heardModel) add(h Heard) {
	if i, again := m.at[h.Key]; again {
		if h.Verdict == "valid" && m.all[i].Verdict != "valid" { // it could not be verified when it came first
			h.search = strings.ReplaceAll(m.all[i].search, m.all[i].Verdict, h.Verdict)
			m.all[i] = h
		}
		m.all[i].Times = h.Times
		return
	}
	if len(m.all) == mostHeard {
		m.all = append([]Heard(nil), m.all[mostHeard/10:]...)
		clear(m.at)
		for i := range m.all {
			m.at[m.all[i].Key] = i
		}
	}
	h.search = bareText(strings.Join([]string{string(h.Event), string(h.ID), string(h.About), h.Verdict}, "\n"))
	m.at[h.Key] = len(m.all)
	m.all = append(m.all, h)
}

// mostHeard is how many events are shown; the store has all of them.
const mostHeard = 5000

// relist lists the events again, and keeps the cursor on the one called on.
func (m *heardModel) relist(on string) {
	m.rows = m.rows[:0:0]
	for i := range m.all {
		if m.filter.has(m.all[i].search) {
			m.rows = append(m.rows, i)
		}
	}
	for i, at := range m.rows {
		if m.all[at].Key == on {
			m.cursor.at = i
		}
	}
	if m.follow {
		m.cursor.at = len(m.rows) - 1
	}
}

// has reports whether a text in small letters has all words of the filter.
func (f filter) has(text string) bool {
	for _, word := range f {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

func (m *heardModel) current() (Heard, bool) {
	if m.cursor.at < 0 || m.cursor.at >= len(m.rows) {
		return Heard{}, false
	}
	return m.all[m.rows[m.cursor.at]], true
}

// settle brings the cursor and the window to where there is something.
func (m *heardModel) settle() {
	l := m.layout()
	m.cursor = m.cursor.settle(len(m.rows), max(l.list.height, 1))
	h, _ := m.current()
	width := max(l.detail.width, minWidth)
	if of := fmt.Sprint(h.Key, h.Times, h.Verdict, width); of != m.detailOf {
		m.detail, m.detailOf = m.details(width), of
	}
	m.scroll = max(0, min(m.scroll, len(m.detail)-max(l.detail.height, 1)))
}

func (m *heardModel) layout() layout { return arrange(m.width, m.height, m.detailed, false) }
