package tui

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kiraform/internal/event"
)

// marked spells a line with the underlined parts in brackets.
func marked(l line) string {
	var b strings.Builder
	for _, s := range l {
		if s.ink&underline != 0 {
			b.WriteString("[" + s.text + "]")
		} else {
			b.WriteString(s.text)
		}
	}
	return strings.ReplaceAll(b.String(), "][", "")
}

func TestChangedWordsAreMarked(t *testing.T) {
	for name, c := range map[string]struct{ before, after, a, b string }{
		"one word":            {"closes at five", "closes at seven", "closes at [five]", "closes at [seven]"},
		"a word more":         {"a c", "a b c", "a c", "a [b ]c"},
		"a number in JSON":    {`"limit": 100,`, `"limit": 250,`, `"limit": [100],`, `"limit": [250],`},
		"nothing in common":   {"abc", "xyz", "abc", "xyz"},
		"only a sign":         {"a-b", "a+b", "a[-]b", "a[+]b"},
		"letters beyond":      {"año nuevo", "año viejo", "año [nuevo]", "año [viejo]"},
		"wide characters too": {"東京 支社", "東京 本社", "東京 [支社]", "東京 [本社]"},
	} {
		a, b := diffWords(c.before, c.after)
		if marked(a) != c.a || marked(b) != c.b {
			t.Errorf("%s: %q and %q, want %q and %q", name, marked(a), marked(b), c.a, c.b)
		}
	}
}

func TestMarkingLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[ab ,é東]{0,12}`)
		before, after := text.Draw(t, "before"), text.Draw(t, "after")
		a, b := diffWords(before, after)
		if a.String() != before || b.String() != after {
			t.Errorf("%q and %q became %q and %q", before, after, a, b)
		}
	})
}

func TestWrapKeepsTextAndWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`([a-z東]{1,14} ?){1,12}`).Draw(t, "text")
		width, hang := rapid.IntRange(10, 30).Draw(t, "width"), rapid.IntRange(0, 4).Draw(t, "hang")
		var got strings.Builder
		for _, l := range inked(bold, text).wrap(width, hang) {
			if l.cells() > width {
				t.Errorf("%q is %d cells wide, want %d at most", l, l.cells(), width)
			}
			got.WriteString(l.String())
		}
		if squeeze(got.String()) != squeeze(text) {
			t.Errorf("wrapped %q reads %q", text, got.String())
		}
	})
}

func squeeze(s string) string { return strings.ReplaceAll(s, " ", "") }

func TestCutAndFill(t *testing.T) {
	l := line{{"日本", bold}, {"語 text", plain}}
	for width := range 14 {
		if got := l.fill(width); got.cells() != width {
			t.Errorf("filled to %d, %q takes %d cells", width, got, got.cells())
		}
	}
	if got := l.cut(6).String(); got != "日本…" {
		t.Errorf("cut to %q", got)
	}
}

func TestSpell(t *testing.T) {
	for want, l := range map[string]event.Leaf{
		`"a \"b\"\n"`:           {Text: new(event.Foreign("a \"b\"\n"))},
		"12":                    {Literal: "12"},
		"(known after apply)":   {Unknown: true},
		"(sensitive value)":     {Sensitive: true},
		"(kept as fingerprint)": {Sealed: true},
		"null":                  {},
		`"\u001b[2J"`:           {Text: new(event.Foreign("\x1b[2J"))},
	} {
		if got := spell(l); got != want {
			t.Errorf("spelled %s, want %s", got, want)
		}
	}
}

func TestNodes(t *testing.T) {
	leaf := func(op event.Op, before, after event.Leaf) event.Node {
		return event.Node{Name: "x", Op: op, Shape: event.LeafShape, Before: before, After: after}
	}
	text := func(s string) event.Leaf { return event.Leaf{Text: new(event.Foreign(s))} }
	list := event.Node{Name: "roles", Op: event.Change, Shape: event.ListShape, Hidden: 2,
		Nodes: []event.Node{{Op: event.Add, Shape: event.LeafShape, After: text("payer")}, {Op: event.Remove, Shape: event.LeafShape, Before: text("x")}}}
	for name, c := range map[string]struct {
		node event.Node
		want string
	}{
		"a new value":            {leaf(event.Add, event.Leaf{}, text("a")), `+ x = "a"  # you changed it`},
		"a value that goes":      {leaf(event.Remove, text("a"), event.Leaf{}), `- x = "a"  # you changed it`},
		"a number changes":       {leaf(event.Change, event.Leaf{Literal: "1"}, event.Leaf{Literal: "2"}), "~ x = 1 -> 2  # you changed it"},
		"a secret changes":       {leaf(event.Change, event.Leaf{Sensitive: true}, event.Leaf{Sensitive: true}), "~ x = (sensitive value)  (changed)  # you changed it"},
		"something unknown":      {leaf(event.Change, text("a"), event.Leaf{Unknown: true}), `~ x = "a" -> (known after apply)`},
		"new text of many lines": {leaf(event.Add, event.Leaf{}, text("a\nb\n")), "+ x = # you changed it\n    a\n    b"},
		"new JSON":               {leaf(event.Add, event.Leaf{}, text(`{"a":1}`)), "+ x = # you changed it\n    {\n      \"a\": 1\n    }"},
		"an empty list":          {event.Node{Name: "x", Op: event.Add, Shape: event.ListShape}, "+ x = []  # you changed it"},
		"an empty object":        {event.Node{Name: "x", Op: event.Add, Shape: event.ObjectShape}, "+ x = {}  # you changed it"},
		"a list":                 {list, "~ roles = [\n  + \"payer\"  # you changed it\n  - \"x\"  # you changed it\n    2 unchanged elements\n  ]"},
		"a map gives way": {event.Node{Name: "x", Op: event.Change, Shape: event.MapShape, After: event.Leaf{Unknown: true},
			Nodes: []event.Node{leaf(event.Remove, text("a"), event.Leaf{})}}, "~ x = {\n  - \"x\" = \"a\"  # you changed it\n  } -> (known after apply)"},
	} {
		b := &body{width: 200, changes: true}
		b.nodes([]event.Node{c.node}, event.ObjectShape, 0, 0)
		var rows []string
		for _, l := range b.lines {
			rows = append(rows, l.String())
		}
		if got := strings.Join(rows, "\n"); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

func TestReviewOfAPlan(t *testing.T) {
	r := newRun()
	for _, e := range plan() {
		if end, is := e.(event.PlanEnd); is {
			end.Digest = "sha256:1"
			e = end
		}
		r.fold(noon, e)
	}
	whole := r.review(choice{})
	c, _ := r.turn(choice{}, []*resource{r.at["kira_webhook.this"]})
	got := r.review(c)
	if len(got.Changes) != len(whole.Changes)-1 || got.End.Counts["create"] != whole.End.Counts["create"]-1 {
		t.Errorf("%d of %d changes, %v of %v", len(got.Changes), len(whole.Changes), got.End.Counts, whole.End.Counts)
	}
	last := got.Diagnostics[len(got.Diagnostics)-1]
	if last.Summary != "Left out" || last.Detail != "kira_webhook.this" {
		t.Errorf("says %+v", last)
	}
	if got.End.Digest != "" || whole.End.Digest == "" {
		t.Errorf("digests %q and %q: that of the whole plan is not that of a part", got.End.Digest, whole.End.Digest)
	}
}

// One name that is very long does not push all values to the right.
func TestEqualsSignsStandBelowEachOther(t *testing.T) {
	text := func(s string) event.Leaf { return event.Leaf{Text: new(event.Foreign(s))} }
	node := func(name string) event.Node {
		return event.Node{Name: name, Op: event.Add, Shape: event.LeafShape, After: text("v")}
	}
	b := &body{width: 200}
	b.nodes([]event.Node{node("a"), node("eight_by"), node("a_name_of_thirty_characters_xx")}, event.ObjectShape, 0, 0)
	var got []string
	for _, l := range b.lines {
		got = append(got, l.String())
	}
	want := []string{
		`+ a                        = "v"`,
		`+ eight_by                 = "v"`,
		`+ a_name_of_thirty_characters_xx = "v"`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
