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

func TestTheMouse(t *testing.T) {
	for name, c := range map[string]struct {
		do    []tea.Msg
		shows string
	}{
		"a click goes to a row":                   {[]tea.Msg{click(10, 6)}, "›   ~ acme"},
		"a second click opens it":                 {[]tea.Msg{click(10, 6), click(10, 6)}, " ┃ "},
		"a click on the heading of the cursor":    {[]tea.Msg{click(10, 5), click(10, 5)}, "› ▸ kira_user"},
		"a click below the rows does nothing":     {[]tea.Msg{click(10, 35)}, "› +/- supplier"},
		"the wheel moves":                         {[]tea.Msg{wheel(10, 6, tea.MouseButtonWheelDown)}, "›   + maria"},
		"the wheel moves back":                    {[]tea.Msg{wheel(10, 6, tea.MouseButtonWheelDown), wheel(10, 6, tea.MouseButtonWheelUp)}, "› +/- supplier"},
		"the wheel over the details scrolls them": {[]tea.Msg{wheel(100, 6, tea.MouseButtonWheelDown)}, " ┃ "},
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
