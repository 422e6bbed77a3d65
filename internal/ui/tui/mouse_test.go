package tui

import (
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

func click(x, y int) tea.Msg {
	return tea.MouseMsg{X: x, Y: y, Button: tea.MouseButtonLeft, Action: tea.MouseActionPress}
}

func wheel(x, y int, b tea.MouseButton) tea.Msg {
	return tea.MouseMsg{X: x, Y: y, Button: b, Action: tea.MouseActionPress}
}

func drag(x, y int) tea.Msg {
	return tea.MouseMsg{X: x, Y: y, Button: tea.MouseButtonLeft, Action: tea.MouseActionMotion}
}

func press1(k string) tea.Msg { return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(k)} }

// The wheel scrolls the list below the cursor, which moves as far as it has to.
func TestTheWheelScrolls(t *testing.T) {
	m := play(Options{CanApply: true}, 120, 40, crowd(250))
	for range 5 {
		m = send(m, wheel(10, 10, tea.MouseButtonWheelDown))
	}
	if m.cursor.top != 15 || m.cursor.at < m.cursor.top || m.cursor.at > 17 {
		t.Errorf("after five turns the window begins at %d, and the cursor is at %d", m.cursor.top, m.cursor.at)
	}
	for range 9 {
		m = send(m, wheel(10, 10, tea.MouseButtonWheelUp))
	}
	if m.cursor.top != 0 || m.cursor.at > 17 {
		t.Errorf("back at the top the window begins at %d, and the cursor is at %d", m.cursor.top, m.cursor.at)
	}
	for range 200 {
		m = send(m, wheel(10, 10, tea.MouseButtonWheelDown))
	}
	if m.cursor.at != len(m.rows)-1 {
		t.Errorf("the wheel ends at row %d of %d", m.cursor.at, len(m.rows))
	}
}

// The mouse unfolds diagnostics that are alike, and goes to them.
func TestTheMouseInTheDiagnostics(t *testing.T) {
	m := keys(play(Options{}, 120, 40, alikes(9)), "e")
	m = send(m, click(2, 4), click(10, 6))
	shows(t, m, "▾ ! 9 × Never answered", "›     ! kira_user.u[1]")
	m = send(m, click(10, 6))
	shows(t, m, "›   + u[1]")
}

// While the question is not to be seen, since the terminal is too small, no key
// answers it.
func TestAnUnseenQuestionIsNotAnswered(t *testing.T) {
	m, decided := review(t)
	m = send(keys(m, "a"), tea.WindowSizeMsg{Width: 39, Height: 11})
	m = keys(m, "y", "w", "enter")
	if len(*decided) > 0 {
		t.Fatalf("decided %v", *decided)
	}
	m = send(m, tea.WindowSizeMsg{Width: 120, Height: 40})
	shows(t, m, "Apply to SANDBOX")
	if keys(m, "y"); len(*decided) != 1 {
		t.Errorf("decided %v once it was seen", *decided)
	}
}

// Keys that come together over a slow line look and move, and decide nothing.
func TestKeysThatComeTogether(t *testing.T) {
	for typed, want := range map[string]string{"jj": "›   ~ acme", "nw": "Why kira_user.acme", "/usd": "/usd█", "ay": "› +/- supplier", "jq": "› ▾ kira_user"} {
		m, decided := review(t)
		m = send(m, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(typed)})
		shows(t, m, want)
		if m.asking() || m.leaving || len(*decided) > 0 {
			t.Errorf("%q asks %t, leaves %t, decides %v", typed, m.asking(), m.leaving, *decided)
		}
	}
	m, decided := review(t)
	m = send(keys(m, "a"), tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("yy")})
	shows(t, m, "Apply to SANDBOX")
	if len(*decided) > 0 {
		t.Errorf("decided %v", *decided)
	}
}

// A mouse that another program has taken over is asked for again.
func TestTheMouseComesBack(t *testing.T) {
	m, _ := review(t)
	for _, msg := range []tea.Msg{returned("done"), tea.ResumeMsg{}} {
		if _, cmd := m.Update(msg); cmd == nil || cmd() != tea.EnableMouseCellMotion() {
			t.Errorf("%T does not bring it back", msg)
		}
	}
	if _, cmd := m.Update(tea.KeyMsg{Type: tea.KeyCtrlZ}); cmd == nil || cmd() != tea.Suspend() {
		t.Error("ctrl-z does not suspend")
	}
}

func TestTheMouse(t *testing.T) {
	for name, c := range map[string]struct {
		do    []tea.Msg
		shows string
	}{
		"a click goes to a row":                   {[]tea.Msg{click(10, 6)}, "›   ~ acme"},
		"a second click opens it":                 {[]tea.Msg{click(10, 6), click(10, 6)}, " ┃ "},
		"a click on the heading of the cursor":    {[]tea.Msg{click(10, 5), click(10, 5)}, "› ▸ kira_user"},
		"a click below the rows does nothing":     {[]tea.Msg{click(10, 35)}, "› +/- supplier"},
		"a click on an arrow folds at once":       {[]tea.Msg{click(2, 5)}, "› ▸ kira_user"},
		"a drag does nothing":                     {[]tea.Msg{drag(10, 6), drag(10, 9)}, "› +/- supplier"},
		"the right button does nothing":           {[]tea.Msg{tea.MouseMsg{X: 10, Y: 6, Button: tea.MouseButtonRight, Action: tea.MouseActionPress}}, "› +/- supplier"},
		"where all rows fit, the wheel moves":     {[]tea.Msg{wheel(10, 6, tea.MouseButtonWheelDown)}, "›   + maria"},
		"the wheel moves back":                    {[]tea.Msg{wheel(10, 6, tea.MouseButtonWheelDown), wheel(10, 6, tea.MouseButtonWheelUp)}, "› +/- supplier"},
		"the wheel over the details moves no key": {[]tea.Msg{wheel(100, 6, tea.MouseButtonWheelDown), press1("j")}, "› ▾ kira_user"},
		"a click goes to a row of a filter":       {[]tea.Msg{press1("/"), press1("u"), click(10, 6)}, "› "},
	} {
		m, decided := review(t)
		if m = send(m, c.do...); len(*decided) > 0 {
			t.Errorf("%s: decided %v", name, *decided)
		}
		shows(t, m, c.shows)
	}
}

// No click and no turn of the wheel answers a question.
func TestTheMouseApprovesNothing(t *testing.T) {
	m, decided := review(t)
	m = keys(m, "a")
	for y := range 40 {
		for x := 0; x < 120; x += 3 {
			m = send(m, click(x, y), wheel(x, y, tea.MouseButtonWheelDown))
		}
	}
	shows(t, m, "Apply to SANDBOX")
	if len(*decided) > 0 {
		t.Errorf("decided %v", *decided)
	}
}
