package text_test

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"kiraform/internal/event"
	view "kiraform/internal/ui/text"
)

// phrases are the texts that a field may hold, by its name; any other text comes
// from texts.
var phrases = map[string][]string{
	"Action":   {"create", "update", "replace", "adopt", "forget", "defer", "read", "no-op", "unheard-of", ""},
	"Addr":     {"kira_user.a", "kira_user.b", `kira_virtual_account.c["日本"]`, "kira_user.\x1b[1m"},
	"Command":  {"plan", "apply", "destroy", "refresh", ""},
	"Severity": {"error", "warning"},
	"Op":       {" ", "+", "-", "~"},
	"Shape":    {"leaf", "object", "map", "list"},
}

var texts = []string{"", "a", "a b", "two\nlines", "two\nlines\n", "\n", "\x1b[31mred", "two\n\x1b[2Jlines", "tab\tand\rreturn", "日本 é e\u0301 👩‍🚀",
	"\u202eback", `"quoted" \ ${x}`, strings.Repeat("long ", 40), strings.Repeat("long ", 39) + "short"}

// draw sets v and everything in it at random. A field with a name in phrases gets
// one of its phrases.
func draw(t *rapid.T, v reflect.Value, name string, depth int) {
	size := func() int { return rapid.IntRange(0, max(0, 3-depth)).Draw(t, name+" size") }
	if v.Type() == reflect.TypeFor[event.Leaf]() { // at most one field is set
		i := rapid.IntRange(0, v.NumField()-1).Draw(t, name+" form")
		draw(t, v.Field(i), v.Type().Field(i).Name, depth)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			draw(t, v.Field(i), v.Type().Field(i).Name, depth)
		}
	case reflect.Pointer:
		if rapid.Bool().Draw(t, name+" set") {
			v.Set(reflect.New(v.Type().Elem()))
			draw(t, v.Elem(), name, depth)
		}
	case reflect.Slice:
		n := size()
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			draw(t, v.Index(i), name, depth+1)
		}
	case reflect.Array:
		for i := range v.Len() {
			draw(t, v.Index(i), name, depth)
		}
	case reflect.Map: // of counts by action
		v.Set(reflect.MakeMap(v.Type()))
		for range size() {
			key := rapid.SampledFrom(phrases["Action"]).Draw(t, name)
			v.SetMapIndex(reflect.ValueOf(key), reflect.ValueOf(rapid.IntRange(0, 3).Draw(t, key)))
		}
	case reflect.String:
		known, ok := phrases[name]
		if !ok {
			known = texts
		}
		v.SetString(rapid.SampledFrom(known).Draw(t, name))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, name))
	case reflect.Int:
		v.SetInt(rapid.Int64Range(-2, 50).Draw(t, name))
	case reflect.Int64:
		v.SetInt(rapid.Int64Range(0, 1e11).Draw(t, name))
	default:
		panic(fmt.Sprintf("draw does not know how to set %v", v.Type()))
	}
}

// anyEvents draws a stream that ends as it should, so that all that is kept
// back until the end is shown.
func anyEvents() *rapid.Generator[[]event.Event] {
	one := rapid.Custom(func(t *rapid.T) event.Event {
		v := reflect.New(reflect.TypeOf(rapid.SampledFrom(event.Each).Draw(t, "type"))).Elem()
		draw(t, v, "", 0)
		return v.Interface().(event.Event)
	})
	return rapid.Map(rapid.SliceOfN(one, 0, 30), func(events []event.Event) []event.Event {
		return append(events, event.Finish{Command: "apply"})
	})
}

func replayed(t rapid.TB, events []event.Event) (out []event.Event) {
	var recording bytes.Buffer
	for _, e := range events {
		event.JSON(&recording)(e)
	}
	if err := event.Replay(&recording, func(e event.Event) { out = append(out, e) }); err != nil {
		t.Fatal(err)
	}
	return out
}

// Law 4: a recorded run reads as the run did.
func TestReplayReadsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := anyEvents().Draw(t, "events")
		o := view.Options{Color: rapid.Bool().Draw(t, "color"), Quiet: rapid.Bool().Draw(t, "quiet")}
		if got, want := show(o, replayed(t, events)), show(o, events); got != want {
			t.Errorf("replayed\n%s\nwant\n%s", got, want)
		}
	})
}

// Whatever an event holds, a terminal gets to act on nothing but colours, and
// those say nothing that the text does not.
func TestNothingButColoursReachesTheTerminal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := anyEvents().Draw(t, "events")
		plain, colored := show(view.Options{}, events), show(view.Options{Color: true}, events)
		if bad := strings.IndexFunc(plain, func(r rune) bool { return r != '\n' && r != '\t' && unicode.IsControl(r) }); bad >= 0 {
			t.Errorf("there is a control character in\n%q", plain)
		}
		if got := escapes.ReplaceAllString(colored, ""); got != plain {
			t.Errorf("without its codes the coloured text is\n%q\nwant\n%q", got, plain)
		}
	})
}

// A plan says each resource once, in the order of the events.
func TestEveryPlannedResourceIsShown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var events []event.Event
		var want []string
		for i, action := range rapid.SliceOf(rapid.SampledFrom(phrases["Action"])).Draw(t, "actions") {
			a := fmt.Sprintf("kira_user.n%d", i)
			events = append(events, event.Planned{Addr: a, Action: action})
			if action != "no-op" {
				want = append(want, a)
			}
		}
		var got []string
		for l := range strings.Lines(show(view.Options{}, append(events, event.PlanEnd{}))) {
			if f := strings.Fields(l); len(f) > 1 && f[0] == "#" && strings.HasPrefix(f[1], "kira_user.") {
				got = append(got, strings.TrimSuffix(f[1], ":"))
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("the plan shows %q, want %q", got, want)
		}
	})
}

// Any recording can be shown: nothing in one makes the view panic.
func FuzzView(f *testing.F) {
	for _, events := range [][]event.Event{event.Each, richPlan, apply, diagnostics} {
		var buf bytes.Buffer
		for _, e := range events {
			event.JSON(&buf)(e)
		}
		f.Add(buf.String())
	}
	f.Fuzz(func(t *testing.T, recording string) {
		v := view.New(view.Options{Color: true})
		if err := event.Replay(strings.NewReader(recording), v.Handle); err != nil {
			return // it was shown up to there
		}
	})
}
