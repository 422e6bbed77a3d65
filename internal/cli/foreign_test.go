package cli_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"unicode"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"kiraform/internal/event"
	"kiraform/internal/norace"
	"kiraform/internal/ui/review"
	"kiraform/internal/ui/text"
	"kiraform/internal/ui/tfjson"
	"kiraform/internal/ui/tui"
)

// vicious are texts that mean something to a terminal, to a CI server or to
// who reads a page, and that Kira, a file or a person may have written.
var vicious = []string{
	"::stop-commands::token",
	"x\n::set-output name=a::b",
	"x\n  \t::error file=a::b",
	"x\r::warning::b",
	"x\u2028::add-mask::b",
	"x\n\u00a0::debug::b",
	"x\n\ufeff::debug::b",
	"##[error]b",
	"x\n##vso[task.setvariable variable=a]b",
	"in a line ##[group]b and ##vso[task.complete]b",
	"\x1b[2Jx", "\x1b]0;title\x07x", "\x1b[31mred", "\u009b2Jx", "a\rb", "a\bb", "a\x00b", "\x7f", "\xff\xfe",
	"user\u202egnp.exe", "\u2066a\u2069", "\u200ea\u200f",
	"a\u200bb", "a\u200db", "a\u200cb", "a\u2060b", "a\u00adb", "a\ufeffb", "a\u034fb", "a\u3164b", "\U000e0041x",
	"a\u2028b\u2029c", "a\u0085b", "a\x0bb\x0cc",
	"```\n# heading\n```", "`a` ``b``", "`", "<script>alert(1)</script>", "</code></summary><img src=x onerror=y>", "[a](javascript:b)", "@everyone #1",
	"# a\n## b", "| a | b |", "<!-- x -->", "a\n\nb",
}

// spoken returns the events of a run in which everything that may come from
// elsewhere is s.
func spoken(s string) []event.Event {
	f := event.Foreign(s)
	at := "kira_user.a"
	leaf := func(s string) event.Leaf { return event.Leaf{Text: new(event.Foreign(s))} }
	return []event.Event{
		event.Start{Format: 1, Command: "apply", Place: event.Place{Environment: "simulator", Address: s, Account: s, World: s}},
		event.Diagnostic{Severity: "warning", Summary: s, Detail: s, Addr: s, Values: []string{s}, Source: &event.Source{File: s, Line: 1, FirstLine: 1, Block: s, Code: s}},
		event.Planned{Addr: at, Kind: "kira_user", Name: "a", Action: "update", ID: s, Why: s, After: s, Nodes: []event.Node{
			{Name: s, Op: event.Add, Shape: event.LeafShape, After: leaf(s), Cause: s},
			{Name: "b", Op: event.Change, Shape: event.LeafShape, Before: leaf("old"), After: leaf(s)},
			{Name: "c", Op: event.Change, Shape: event.LeafShape, Before: leaf("old\n" + s), After: leaf("new\n" + s + "\n::x")},
			{Name: "d", Op: event.Add, Shape: event.MapShape, Nodes: []event.Node{{Name: s, Op: event.Add, Shape: event.LeafShape, After: event.Leaf{Literal: s}}}},
		}},
		event.Planned{Addr: "kira_user.moved", From: s, Kind: "kira_user", Name: "moved", Action: "no-op", ID: s},
		event.PlanEnd{Counts: map[string]int{"update": 1}, Outputs: []event.Node{{Name: s, Op: event.Add, Shape: event.LeafShape, After: leaf(s)}}},
		event.Begin{Addr: at, Action: "update", ID: s},
		event.Note{Addr: at, Text: f}, event.Retry{Addr: at, Text: f}, event.Gate{Addr: at, Text: f},
		event.Adopted{Addr: at, ID: s},
		event.End{Addr: at, Action: "update", ID: s, Err: f},
		event.Skip{Addr: "kira_user.b", Cause: s}, event.Deferred{Addr: "kira_user.c", Reason: f},
		event.Outputs{Nodes: []event.Node{{Name: s, Op: event.Same, Shape: event.LeafShape, After: leaf(s)}, {Name: "m", Op: event.Same, Shape: event.LeafShape, After: leaf("a\n" + s)}}},
		event.Finish{Command: "apply", Failed: 1},
	}
}

// harm names the harm in a text that is shown, or "".
func harm(shown string, ci bool) string {
	for _, r := range shown {
		if r != '\n' && (r < ' ' || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)) || strings.ContainsRune("\u034f\u3164", r) {
			return fmt.Sprintf("it has %U", r)
		}
	}
	if !ci {
		return ""
	}
	for line := range strings.SplitSeq(shown, "\n") {
		trimmed := strings.TrimSpace(line)
		if strings.HasPrefix(trimmed, "::") || strings.HasPrefix(trimmed, "##") || strings.Contains(line, "##[") || strings.Contains(line, "##vso[") {
			return fmt.Sprintf("a line is %q", line)
		}
	}
	return ""
}

// Whatever a text from elsewhere has in it, no view lets it command the
// terminal or the CI server, or lets it look like something else.
func TestForeignTextIsOnlyText(t *testing.T) {
	if norace.Run(t, plain) {
		return
	}
	for _, s := range vicious {
		t.Run(fmt.Sprintf("%+q", s), func(t *testing.T) {
			events := spoken(s)
			var plain, recorded bytes.Buffer
			view := text.New(text.Options{Out: &event.Plain{Out: &plain, CI: true}})
			bare := new(bytes.Buffer) // as without a CI server, and without the writer
			other := text.New(text.Options{Out: bare})
			sink := event.JSON(&recorded)
			for _, e := range events {
				view.Handle(e)
				other.Handle(e)
				sink(e)
			}
			check := func(name, shown string, ci bool) {
				if wrong := harm(strings.ReplaceAll(shown, "\t", " "), ci); wrong != "" {
					t.Errorf("%s: %s\n%s", name, wrong, shown)
				}
			}
			check("text under CI", plain.String(), true)
			check("text", bare.String(), false)
			check("JSON", recorded.String(), true)
			if lines := strings.Count(recorded.String(), "\n"); lines != len(events) {
				t.Errorf("%d events are %d lines of JSON", len(events), lines)
			}
			var again bytes.Buffer
			if err := event.Replay(&recorded, event.JSON(&again)); err != nil {
				t.Errorf("the recording cannot be read: %v", err)
			}
			stream, plan := machine(t, events)
			check("Terraform's stream", stream, true)
			check("Terraform's plan", plan, true)
			if !strings.Contains(stream, "change_summary") || !strings.HasSuffix(stream, "}\n") {
				t.Errorf("the stream is cut off: %s", stream)
			}
			frames, markdown := screens(t, events)
			for _, f := range frames {
				check("terminal", f, true)
			}
			check("Markdown", markdown, false)
			for _, line := range outsideOfCode(strings.TrimPrefix(markdown, review.Marker)) {
				for _, mark := range []string{"heading", "<script", "<img", "javascript", "@everyone", "<!--", "::", "##["} {
					if strings.Contains(line, mark) {
						t.Errorf("Markdown has outside of code: %s", line)
					}
				}
			}
		})
	}
}

// machine returns the stream and the plan that are written of a run, in Terraform's
// formats, as standard output has them. Both are the JSON that they were.
func machine(t *testing.T, events []event.Event) (stream, plan string) {
	t.Helper()
	var out, bare bytes.Buffer
	s := tfjson.Stream{Out: &event.Plain{Out: &out, CI: true}}
	raw := tfjson.Stream{Out: &bare}
	r := event.Review{}
	for _, e := range events {
		s.Handle(e)
		raw.Handle(e)
		switch e := e.(type) {
		case event.Start:
			r.Start = e
		case event.Diagnostic:
			r.Diagnostics = append(r.Diagnostics, e)
		case event.Planned:
			r.Changes = append(r.Changes, event.Reviewed{Planned: e, Before: e.Nodes, Result: e.Nodes})
		case event.PlanEnd:
			r.End = e
			r.Outputs = append(r.Outputs, event.ReviewedOutput{Name: e.Outputs[0].Name, After: &e.Outputs[0]})
		}
	}
	var doc, bareDoc bytes.Buffer
	if err := errors.Join(tfjson.Write(&event.Plain{Out: &doc, CI: true}, tfjson.OfPlan(&r)), tfjson.Write(&bareDoc, tfjson.OfPlan(&r))); err != nil {
		t.Error(err)
	}
	for _, pair := range [][2]*bytes.Buffer{{&out, &bare}, {&doc, &bareDoc}} {
		if shown, was := values(t, pair[0].String()), values(t, pair[1].String()); !reflect.DeepEqual(shown, was) {
			t.Errorf("what is shown reads as\n%v\nit was\n%v", shown, was)
		}
	}
	return out.String(), doc.String()
}

// values reads documents of JSON.
func values(t *testing.T, text string) (all []any) {
	t.Helper()
	for d := json.NewDecoder(strings.NewReader(text)); ; {
		var v any
		switch err := d.Decode(&v); err {
		case nil:
			all = append(all, v)
		case io.EOF:
			return all
		default:
			t.Errorf("no JSON: %v\n%s", err, text)
			return all
		}
	}
}

// screens returns the frames of the terminal view of a run, with everything open,
// and the Markdown that it writes.
func screens(t *testing.T, events []event.Event) (frames []string, markdown string) {
	var m tea.Model = tui.New(tui.Options{CanApply: true, Stay: true, Save: func(r event.Review) (string, error) {
		markdown = review.Markdown(&r, review.Options{})
		return "plan.md", nil
	}})
	m, _ = m.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
	press := func(s string) {
		next, cmd := m.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(s)})
		if m = next; s == "m" && cmd != nil {
			cmd()
		}
		frames = append(frames, ansi.Strip(m.View()))
	}
	for _, e := range events {
		m, _ = m.Update(e)
		frames = append(frames, ansi.Strip(m.View()))
		if _, planned := e.(event.PlanEnd); planned {
			for _, key := range []string{"j", "w", "w", "e", "j", "e", "m"} {
				press(key)
			}
		}
	}
	for _, key := range []string{"j", "e", "j", "w"} {
		press(key)
	}
	if markdown == "" {
		t.Error("no Markdown was written")
	}
	return frames, markdown
}

// outsideOfCode returns the lines of Markdown without fences, code spans and
// code in HTML.
func outsideOfCode(markdown string) (lines []string) {
	fence := ""
	for line := range strings.SplitSeq(markdown, "\n") {
		ticks := line[:len(line)-len(strings.TrimLeft(line, "`"))]
		switch {
		case fence != "":
			if line == fence {
				fence = ""
			}
			continue
		case len(ticks) >= 3 && !strings.Contains(line[len(ticks):], "`"):
			fence = ticks
			continue
		}
		lines = append(lines, withoutSpans(line))
	}
	return lines
}

func withoutSpans(line string) string {
	for {
		if before, rest, ok := strings.Cut(line, "<code>"); ok {
			if _, after, ok := strings.Cut(rest, "</code>"); ok {
				line = before + after
				continue
			}
		}
		i := strings.IndexByte(line, '`')
		if i < 0 {
			return line
		}
		ticks := line[i : len(line)-len(strings.TrimLeft(line[i:], "`"))]
		end := strings.Index(line[i+len(ticks):], ticks)
		if end < 0 {
			return line
		}
		line = line[:i] + line[i+2*len(ticks)+end:]
	}
}

// An output is text as well, except for who asks for it as it is.
func TestAnOutputCommandsNoCIServer(t *testing.T) {
	const said = "a\n::stop-commands::x\n##[error]y\n\u202e"
	f := newFolder(t, map[string]string{"main.kira.hcl": embedded + "output \"x\" {\n  value = \"a\\n::stop-commands::x\\n##[error]y\\n\\u202e\"\n}\n"})
	f.environ["GITHUB_ACTIONS"] = "true"
	for _, args := range [][]string{{"plan"}, {"apply", "-auto-approve"}, {"output"}, {"output", "x"}, {"output", "-json"}, {"output", "x", "-json"}, {"show"}, {"plan", "-progress=json"},
		{"plan", "-json"}, {"apply", "-json", "-auto-approve"}, {"show", "-json"}, {"validate", "-json"}} {
		r := f.run(args...)
		if wrong := harm(r.out+"\n"+r.err, true); wrong != "" || r.code != 0 {
			t.Errorf("kiraform %s (exit code %d): %s\n%s", strings.Join(args, " "), r.code, wrong, r.out)
		}
	}
	if r := f.run("output", "-raw", "x"); r.out != said {
		t.Errorf("-raw gives %q", r.out)
	}
}
