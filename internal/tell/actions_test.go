package tell_test

import (
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/eval"
	"kiraform/internal/event"
	"kiraform/internal/tell"
	"kiraform/internal/ui/words"
	"kiraform/plan"
	"kiraform/state"
)

// A plan, its events and the words of views name the same actions.
func TestActionsHaveOneName(t *testing.T) {
	for action, name := range map[plan.Action]string{
		plan.NoOp: event.NoOp, plan.Create: event.Create, plan.Update: event.Update, plan.Replace: event.Replace, plan.Adopt: event.Adopt,
		plan.Forget: event.Forget, plan.Defer: event.Defer, plan.Read: event.Read, plan.Gone: event.Gone,
		event.Drift: event.Drift, event.Invoke: event.Invoke, event.Move: event.Move,
	} {
		if string(action) != name || words.Of(name).Tone == words.Unknown {
			t.Errorf("the action %q of a plan is %q in events, and %q in views", action, name, words.Of(name).Will)
		}
	}
}

// The attributes that stay as they are are counted, and not shown but for the id.
func TestUnchangedAttributesAreCounted(t *testing.T) {
	k := key(t)
	was, is := object("a"), object("a")
	attrs := is.AsValueMap()
	attrs["url"] = cty.StringVal("https://example.com/other")
	is = cty.ObjectVal(attrs)
	c := plan.Change{Addr: addr.Resource{Kind: box.Name, Name: "a"}, Action: plan.Update, Config: is, After: eval.Now(is),
		Prior:   state.Object{ID: "1", Seen: k.Seal(&box, "", was), Sent: k.Seal(&box, "", was)},
		Because: []plan.Reason{{Path: cty.GetAttrPath("url"), Cause: plan.Configured}}}
	told := tell.Change(&c, &box, k, nil)
	var names []string
	for _, n := range told.Nodes {
		names = append(names, string(n.Op)+n.Name)
	}
	if got := strings.Join(names, " "); got != "~url  id" || told.Hidden != 5 {
		t.Errorf("it shows %q, and %d are hidden", got, told.Hidden)
	}
}
