package tell_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/eval"
	"kiraform/internal/event"
	"kiraform/internal/lang"
	"kiraform/internal/redact"
	"kiraform/internal/tell"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// box is a kind with every way to be secret.
var box = schema.Kind{Name: "kira_box", Known: [][]string{{"label", "code", "note"}, {"parts.serial", "url"}, {"id"}}, Attrs: []schema.Attr{
	{Name: "label", Type: cty.String},
	{Name: "code", Type: cty.String, Sensitive: true},
	{Name: "note", Type: cty.String, Class: schema.Unreadable},
	{Name: "tags", Type: cty.Map(cty.String), Class: schema.Merged},
	{Name: "parts", List: true, Nested: []schema.Attr{{Name: "serial", Type: cty.String, Sensitive: true}}},
	{Name: "url", Type: cty.String},
	{Name: "id", Type: cty.String, Computed: true},
}}

const canary = "canary"

// object is a box in which the text stands wherever only a secret may.
func object(text string) cty.Value {
	return cty.ObjectVal(map[string]cty.Value{
		"label": cty.StringVal("box " + text).Mark(lang.Sensitive),
		"code":  cty.StringVal(text),
		"note":  cty.StringVal(text).Mark(lang.Sensitive),
		"tags":  cty.MapVal(map[string]cty.Value{"a": cty.StringVal(text).Mark(lang.Sensitive), "b": cty.StringVal("clear")}),
		"parts": cty.ListVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{"serial": cty.StringVal(text)})}),
		"url":   cty.StringVal("https://example.com/?signature=" + text),
		"id":    cty.StringVal("1"),
	})
}

func key(t *testing.T) state.Key {
	t.Helper()
	k, err := state.NewKey([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// No secret is in an event, whatever is told of an object.
func TestSecretsAreInNoEvent(t *testing.T) {
	k, a := key(t), addr.Resource{Kind: box.Name, Name: "a"}
	was, is := object(canary+"-old"), object(canary+"-new")
	old := state.Object{ID: "1", Seen: k.Seal(&box, "", was), Sent: k.Seal(&box, "", was)}
	now := state.Object{ID: "1", Seen: k.Seal(&box, "", is)}
	c := plan.Change{Addr: a, Action: plan.Update, Prior: old, Config: is, After: eval.Now(is)}
	for _, at := range box.Attrs[:6] {
		c.Because = append(c.Because, plan.Reason{Path: cty.GetAttrPath(at.Name), Cause: plan.Both})
	}
	created := plan.Change{Addr: a, Action: plan.Create, Config: is, After: eval.Now(is)}
	var sides []event.Leaf
	for _, r := range c.Because {
		written, live := tell.Sides(&c, &box, k, r.Path)
		sides = append(sides, written, live)
	}
	secret := state.Output{Sensitive: true}
	for name, told := range map[string]any{
		"a change":  tell.Change(&c, &box, k, nil),
		"a create":  tell.Change(&created, &box, k, nil),
		"a drift":   tell.Moved(a, &box, old, now, nil),
		"an object": tell.Object(a, &box, old),
		"sides":     sides,
		"outputs": []any{tell.Outputs(&state.State{Outputs: map[string]state.Output{"o": secret}}),
			tell.OutputChanges([]plan.OutputChange{{Name: "o", Before: secret, After: state.Output{Value: cty.StringVal(canary), Sensitive: true}}})},
	} {
		text, err := json.Marshal(told)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), canary) {
			t.Errorf("%s has a secret: %s", name, text)
		}
		if !strings.Contains(string(text), `"sensitive":true`) && !strings.Contains(string(text), `"sealed":true`) {
			t.Errorf("%s says of nothing that it is secret: %s", name, text)
		}
	}
}

// A leaf in a digest is one text for one value, and tells a secret to nobody who
// has not the key.
func TestLeaves(t *testing.T) {
	k := key(t)
	w := tell.LeafWriter{Key: k, Addr: "kira_box.a"}
	write := func(v cty.Value) tell.Leaves {
		to := make(tell.Leaves)
		w.Add(to, nil, k.Seal(&box, "", v).Shown())
		return to
	}
	got := write(object(canary))
	if text := fmt.Sprint(got); strings.Contains(strings.ReplaceAll(text, "signature="+canary, ""), canary) {
		t.Errorf("a secret is in %s", text)
	}
	if again, other := write(object(canary)), write(object("x")); fmt.Sprint(again) != fmt.Sprint(got) || other["code"] == got["code"] {
		t.Errorf("the same value is %v and %v, another is %v", got, again, other)
	}
	if want := `"clear"`; got["tags.b"] != want {
		t.Errorf("tags.b is %s, want %s, in %v", got["tags.b"], want, got)
	}
}

// An object is known by its values, the planned ones first, and by the host of
// a URL.
func TestKnown(t *testing.T) {
	k := key(t)
	kind := schema.Kind{Name: "kira_box", Known: [][]string{{"label"}, {"in.size", "url"}, {"none"}}, Attrs: []schema.Attr{
		{Name: "label", Type: cty.String}, {Name: "url", Type: cty.String, Format: schema.HTTPURL}, {Name: "none", Type: cty.String},
		{Name: "in", Nested: []schema.Attr{{Name: "size", Type: cty.String}}},
	}}
	was := cty.ObjectVal(map[string]cty.Value{"label": cty.StringVal("old"), "url": cty.StringVal("https://hooks.example/a/token"),
		"in": cty.ObjectVal(map[string]cty.Value{"size": cty.StringVal("big")}), "none": cty.NullVal(cty.String)})
	c := plan.Change{Addr: addr.Resource{Kind: kind.Name, Name: "a"}, Action: plan.Update, Prior: state.Object{ID: "1", Seen: k.Seal(&kind, "", was)},
		After: eval.Now(cty.ObjectVal(map[string]cty.Value{"label": cty.StringVal("new")}))}
	if got, want := fmt.Sprint(tell.Change(&c, &kind, k, nil).Known), "[new big hooks.example]"; got != want {
		t.Errorf("known by %s, want %s", got, want)
	}
	c.Action, c.After = plan.Forget, nil
	if got, want := fmt.Sprint(tell.Change(&c, &kind, k, nil).Known), "[old big hooks.example]"; got != want {
		t.Errorf("a forgotten object is known by %s, want %s", got, want)
	}
}

// Foreign texts of an event are passed on without the secrets that are known.
func TestSafely(t *testing.T) {
	set := new(redact.Set)
	tell.Remember(set, cty.ObjectVal(map[string]cty.Value{
		"a": cty.StringVal(canary).Mark(lang.Sensitive), "b": cty.StringVal("clear"),
		"c": cty.TupleVal([]cty.Value{cty.NumberIntVal(31415926)}).Mark(lang.Sensitive),
	}), false)
	var got []event.Event
	emit := tell.Safely(set, func(e event.Event) { got = append(got, e) })
	const said = "canary and 31415926 in the clear"
	emit(event.Note{Text: said})
	emit(event.End{Err: said})
	emit(event.Diagnostic{Detail: said, Values: []string{said}})
	if text := fmt.Sprintf("%+v", got); strings.Contains(text, canary) || strings.Contains(text, "31415926") || strings.Count(text, "in the clear") != 4 {
		t.Errorf("passed on %s", text)
	}
}
