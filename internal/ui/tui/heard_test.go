package tui

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"kiraform/internal/event"
	"kiraform/internal/norace"
)

// listening is a view of three events, of which one is forged, and one came
// twice.
func listening(o HeardOptions, width, height int) tea.Model {
	o.Address, o.Store = "http://127.0.0.1:8788", ".kiraform/webhooks"
	m, _ := tea.Model(newHeard(o)).Update(tea.WindowSizeMsg{Width: width, Height: height})
	return hear(m,
		Heard{Key: "1", Event: "user.created", ID: "e-1", About: "user u-1", Verdict: "valid", Times: 1, At: noon, SHA256: strings.Repeat("ab", 32),
			Head: []string{"X-Signature-Sha256: 0c1d"}, Body: `{"event":"user.created","data":{"event_id":"e-1","user_id":"u-1","amount":1.0}}`},
		Heard{Key: "2", Event: "user.verification.failed", ID: "e-2", About: "user u-1", Verdict: "valid", Times: 1, At: noon.Add(time.Second),
			Body: `{"event":"user.verification.failed","data":{"event_id":"e-2","reasons":["Source of funds is missing"]}}`},
		Heard{Key: "2", Event: "user.verification.failed", ID: "e-2", About: "user u-1", Verdict: "unverified", Times: 2, At: noon.Add(2 * time.Second)},
		Heard{Key: "forged 3", Event: "payout.completed", ID: "e-3", About: "payout p-1", Verdict: "forged", Times: 1, At: noon.Add(3 * time.Second), Body: "not \x1b[31mJSON\u202e"})
}

func hear(m tea.Model, all ...Heard) tea.Model {
	var events []event.Event
	for _, h := range all {
		events = append(events, heardEvent{Heard: h})
	}
	m, _ = m.Update(batch{noon, events})
	return m
}

// typing presses keys, and carries out their commands.
func typing(m tea.Model, names ...string) tea.Model {
	for _, n := range names {
		for _, msg := range keyMsgs(n) {
			var cmd tea.Cmd
			if m, cmd = m.Update(msg); cmd != nil {
				if then := cmd(); then != nil {
					m, _ = m.Update(then)
				}
			}
		}
	}
	return m
}

func TestHeardFrames(t *testing.T) {
	for _, size := range [][2]int{{120, 30}, {80, 24}, {50, 14}, {40, 12}, {30, 5}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			frame := ansi.Strip(typing(listening(HeardOptions{}, size[0], size[1]), "g").View())
			rows := strings.Split(frame, "\n")
			for i, r := range rows {
				if ansi.StringWidth(r) > size[0] {
					t.Errorf("row %d is wider than the terminal: %q", i, r)
				}
				rows[i] = strings.TrimRight(r, " ")
			}
			if len(rows) > size[1] {
				t.Errorf("%d rows on %d", len(rows), size[1])
			}
			golden.RequireEqual(t, []byte(strings.Join(rows, "\n")+"\n"))
		})
	}
}

func TestHeardKeys(t *testing.T) {
	for _, s := range []struct {
		name         string
		keys         []string
		shows, hides []string
	}{
		{"it follows the newest", nil, []string{"› ✗", "payout.completed", "FORGED", "2 events, 1 duplicate, 1 forged"}, []string{"\x1b", "\u202e"}},
		{"a body commands nothing", nil, []string{`not \u001b[31mJSON\u202e`}, nil},
		{"up to an event that came twice", []string{"k"}, []string{"› ✓", "x2", "2: it counts once", `"Source of funds is missing"`, "the signature is right"}, nil},
		{"g to the first, whose body is as it came", []string{"g"}, []string{`"amount": 1.0`, "X-Signature-Sha256: 0c1d", "user u-1"}, nil},
		{"a filter keeps what has all words", []string{"/", "v", "e", "r", "i", "f", "enter"}, []string{"user.verification.failed", "1 shown by the filter"}, []string{"payout.completed"}},
		{"esc filters no more", []string{"/", "x", "x", "enter", "esc"}, []string{"payout.completed", "user.created"}, nil},
		{"nothing is like that", []string{"/", "z", "z"}, []string{"No event is like that.", "/zz"}, nil},
		{"r replays a verified one", []string{"k", "r"}, []string{"Sent e-2 to http://there, as it came."}, nil},
		{"r does not replay a forged one", []string{"r"}, []string{"Only verified events are passed on."}, nil},
		{"r says why it failed", []string{"g", "r"}, []string{"Not sent: it was refused"}, nil},
		{"v verifies", []string{"v"}, []string{"verdict on forged 3"}, nil},
		{"y copies the id", []string{"y"}, []string{"Copied the id of e-3."}, nil},
		{"Y copies the body", []string{"Y"}, []string{"Copied the body of e-3."}, nil},
		{"the help names the keys", []string{"?"}, []string{"replay: send it again as it came", "stop listening"}, nil},
	} {
		t.Run(s.name, func(t *testing.T) {
			var out bytes.Buffer
			m := typing(listening(HeardOptions{Output: &out, To: "http://there",
				Replay: func(h Heard) error {
					if h.Key == "1" {
						return errors.New("it was refused")
					}
					return nil
				}, Verify: func(h Heard) string { return "verdict on " + h.Key }}, 120, 30), s.keys...)
			frame := m.View()
			for _, want := range s.shows {
				if !strings.Contains(ansi.Strip(frame), want) {
					t.Errorf("nothing shows %q:\n%s", want, ansi.Strip(frame))
				}
			}
			for _, not := range s.hides {
				if strings.Contains(ansi.Strip(frame), not) {
					t.Errorf("%q is shown:\n%s", not, ansi.Strip(frame))
				}
			}
			if (s.name[0] == 'y' || s.name[0] == 'Y') && out.Len() == 0 {
				t.Error("nothing is copied")
			}
		})
	}
}

// The wheel of a mouse scrolls the pane below it, and a click goes to an event.
func TestHeardMouse(t *testing.T) {
	var m tea.Model = newHeard(HeardOptions{})
	m, _ = m.Update(tea.WindowSizeMsg{Width: 120, Height: 14})
	var all []event.Event
	for i := range 40 {
		all = append(all, heardEvent{Heard: Heard{Key: fmt.Sprint(i), Event: "user.created", ID: event.Foreign(fmt.Sprint("e-", i)), Verdict: "valid"}})
	}
	m, _ = m.Update(batch{noon, all})
	for _, step := range []struct {
		msg     tea.Msg
		at, top int
	}{
		{wheel(10, 6, tea.MouseButtonWheelUp), 36, 27},
		{click(10, 4), 29, 27},
		{wheel(100, 6, tea.MouseButtonWheelDown), 29, 27},
		{click(10, 60), 29, 27},
		{drag(10, 5), 29, 27},
	} {
		m, _ = m.Update(step.msg)
		if l := m.(heardModel).cursor; l.at != step.at || l.top != step.top {
			t.Errorf("after %v the cursor is at %d, and the window begins at %d", step.msg, l.at, l.top)
		}
	}
}

// Any number of events are shown without end, and the oldest make room.
func TestHeardMany(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	m := tea.Model(newHeard(HeardOptions{}))
	m, _ = m.Update(tea.WindowSizeMsg{Width: 120, Height: 30})
	for i := range mostHeard + 10 {
		m = hear(m, Heard{Key: fmt.Sprint(i), Event: "user.created", Verdict: "valid", Times: 1, At: noon})
	}
	h := m.(heardModel)
	if len(h.all) > mostHeard || h.all[len(h.all)-1].Key != fmt.Sprint(mostHeard+9) || h.at[fmt.Sprint(mostHeard+9)] != len(h.all)-1 {
		t.Errorf("%d are shown", len(h.all))
	}
}

// A filter that leaves fewer rows than the cursor has gone down shows one of them.
func TestHeardCursorStaysAmongTheRows(t *testing.T) {
	m := tea.Model(newHeard(HeardOptions{}))
	m, _ = m.Update(tea.WindowSizeMsg{Width: 120, Height: 30})
	for i := range 20 {
		m = hear(m, Heard{Key: fmt.Sprint(i), Event: event.Foreign(fmt.Sprintf("n%d.created", i)), Verdict: "valid", Times: 1, At: noon})
	}
	m = typing(m, "end", "/", "n", "3", "enter")
	h := m.(heardModel)
	if now, ok := h.current(); !ok || now.Event != "n3.created" || h.cursor.at != 0 {
		t.Errorf("of %d rows number %d is shown: %+v", len(h.rows), h.cursor.at, now)
	}
}

// The row of the cursor is in the window, whatever comes and whatever is filtered.
func TestHeardCursorIsSeen(t *testing.T) {
	m := tea.Model(newHeard(HeardOptions{}))
	m, _ = m.Update(tea.WindowSizeMsg{Width: 120, Height: 12})
	for i := range 40 {
		m = hear(m, Heard{Key: fmt.Sprint(i), Event: event.Foreign(fmt.Sprintf("n%d.created", i)), Verdict: "valid", Times: 1, At: noon})
	}
	for _, step := range []struct {
		keys []string
		at   int // in the rows
	}{{nil, 39}, {[]string{"g"}, 0}, {[]string{"G"}, 39}, {[]string{"/", "n", "3", "enter"}, 10}, {[]string{"esc"}, 39}} {
		m = typing(m, step.keys...)
		h := m.(heardModel)
		from, to := h.cursor.window(len(h.rows), h.layout().list.height)
		if h.cursor.at != step.at || h.cursor.at < from || h.cursor.at >= to {
			t.Errorf("after %v the cursor is at %d of %d, and the window has %d to %d; want it at %d", step.keys, h.cursor.at, len(h.rows), from, to, step.at)
		}
	}
}

// A terminal that is stuck holds up nobody, and q ends the view.
func TestHeardView(t *testing.T) {
	term := stuck{make(chan struct{})}
	in := &bytes.Buffer{}
	v := Listen(HeardOptions{Input: in, Output: term})
	for i := range 1000 {
		v.Add(Heard{Key: fmt.Sprint(i), Event: "user.created"}) // never returns if it waits for the terminal
	}
	v.Say("a remark")
	close(term.free)
	if err := v.Leave(); err != nil {
		t.Error(err)
	}
	select {
	case <-v.Done():
	case <-time.After(time.Minute):
		t.Error("the view goes on")
	}
}
