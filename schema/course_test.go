package schema_test

import (
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// Kira has no work with an object that has ended, and nothing is lacking of it.
func TestAnObjectThatHasEndedWaitsForNothing(t *testing.T) {
	status := func(seen cty.Value) string { return seen.GetAttr("status").AsString() }
	k := &schema.Kind{Name: "user", Attrs: []schema.Attr{{Name: "status", Type: cty.String, Computed: true}}, Course: schema.Course{
		Ended: func(get func(string) cty.Value) string {
			if s := get("status").AsString(); s == "REJECTED" {
				return s
			}
			return ""
		},
		Pending: func(seen cty.Value) string { return "Kira to look at " + status(seen) },
		Stalled: func(cty.Value) (bool, []string) { return true, []string{"phone"} },
		Unbegun: "Kira has not begun",
	}}
	for is, want := range map[string][3]string{"REVIEW": {"", "Kira to look at REVIEW", "phone"}, "REJECTED": {"REJECTED", "", ""}} {
		seen := cty.ObjectVal(map[string]cty.Value{"status": cty.StringVal(is)})
		lacks := ""
		if stalled, names := k.LacksOf(seen); stalled {
			lacks = names[0]
		}
		if got := [3]string{k.EndOf(seen), k.PendingOf(seen), lacks}; got != want {
			t.Errorf("%s: %q, want %q", is, got, want)
		}
	}
	if got := k.PendingOf(cty.NilVal); got != "" {
		t.Errorf("of an object that nobody has seen Kira still has to do %q", got)
	}
}
