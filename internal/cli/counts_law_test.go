package cli_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"kiraform/internal/event"
	"kiraform/internal/ui/review"
	"kiraform/internal/ui/text"
	"kiraform/internal/ui/tfjson"
	"kiraform/internal/ui/tui"
	"kiraform/internal/ui/words"
)

// drawPlan draws the events of a plan, with the counts that it ends with.
func drawPlan(t *rapid.T) (changes []event.Planned, end event.PlanEnd) {
	actions := rapid.SliceOfN(rapid.SampledFrom([]string{event.NoOp, event.Create, event.Update, event.Replace, event.Adopt, event.Forget, event.Defer, event.Invoke, event.Later}), 1, 12).Draw(t, "actions")
	end.Counts = make(map[string]int)
	for i, action := range actions {
		p := event.Planned{Addr: fmt.Sprintf("kira_user.u%d", i), Kind: "kira_user", Name: fmt.Sprintf("u%d", i), Action: action}
		if action == event.Invoke || action == event.Later {
			p.Kind, p.Addr = "kira_payout", fmt.Sprintf("action.kira_payout.u%d", i)
		}
		if action == event.Later {
			p.Action = event.Defer
		}
		if p.Action != event.Forget && p.Kind == "kira_user" && rapid.Bool().Draw(t, "moved") {
			p.From = p.Addr + "_before"
			end.Counts[event.Move]++
		}
		changes = append(changes, p)
		end.Counts[p.Counted()]++
	}
	return changes, end
}

var numbered = regexp.MustCompile(`(\d+) ([a-z][a-z ]*[a-z])`)

// numbersOf are the numbers of actions in a text, by their words.
func numbersOf(s string) map[string]int {
	plans := make(map[string]bool)
	for _, a := range words.Actions {
		plans[a.Plan] = !a.Idle
	}
	all := make(map[string]int)
	for _, m := range numbered.FindAllStringSubmatch(s, -1) {
		if n, _ := strconv.Atoi(m[1]); n > 0 && plans[m[2]] {
			all[m[2]] = n
		}
	}
	return all
}

// lineWith is the first line of a text that has a part.
func lineWith(s, part string) string {
	for line := range strings.Lines(s) {
		if strings.Contains(line, part) {
			return line
		}
	}
	return ""
}

// A plan has the same numbers in every format: as text, in the view and the Markdown that
// it writes, in Markdown, HTML and JSON.
func TestLawCountsAreTheSameInEveryFormat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		changes, end := drawPlan(t)
		r := event.Review{Start: event.Start{Format: 1, Command: "plan"}, End: end}
		events := []event.Event{r.Start}
		for _, p := range changes {
			events = append(events, p)
			if p.Action != event.NoOp || p.From != "" {
				r.Changes = append(r.Changes, event.Reviewed{Planned: p})
			}
		}
		events = append(events, end)
		want := make(map[string]int)
		for _, a := range words.Actions {
			if n := end.Counts[a.Name]; n > 0 && !a.Idle {
				want[a.Plan] = n
			}
		}
		is := func(format string, got map[string]int) {
			t.Helper()
			if !maps.Equal(got, want) {
				t.Errorf("%s counts %v, want %v", format, got, want)
			}
		}

		var said strings.Builder
		view := text.New(text.Options{Out: &said, Err: &said})
		var written event.Review
		var m tea.Model = tui.New(tui.Options{CanApply: true, Save: func(r event.Review) (string, error) { written = r; return "plan.md", nil }})
		m, _ = m.Update(tea.WindowSizeMsg{Width: 400, Height: 60})
		for _, e := range events {
			view.Handle(e)
			m, _ = m.Update(e)
		}
		is("text", numbersOf(lineWith(said.String(), "Plan: ")))
		is("the view", numbersOf(strings.Split(ansi.Strip(m.View()), "\n")[1]))
		if _, cmd := m.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("m")}); cmd != nil {
			cmd()
		}
		is("the Markdown of the view", numbersOf(lineWith(review.Markdown(&written, review.Options{}), "**Plan:**")))
		is("Markdown", numbersOf(lineWith(review.Markdown(&r, review.Options{}), "**Plan:**")))
		var page strings.Builder
		if err := review.Write(&page, "html", &r, review.Options{}); err != nil {
			t.Fatal(err)
		}
		is("HTML", numbersOf(lineWith(page.String(), "<p class=\"sum\">")))
		for name, doc := range map[string]event.Review{"JSON": r, "JSON of the review that the view writes": written} {
			b, err := json.Marshal(tfjson.OfPlan(&doc).Kiraform.Counts)
			var counts map[string]int
			if err == nil {
				err = json.Unmarshal(b, &counts)
			}
			if err != nil {
				t.Fatal(err)
			}
			sum := 0
			for _, n := range counts {
				sum += n
			}
			of := 0
			for _, n := range end.Counts {
				of += n
			}
			if sum != of {
				t.Errorf("%s counts %s, want %v", name, b, end.Counts)
			}
		}
	})
}
