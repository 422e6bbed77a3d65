package engine

import (
	"slices"
	"testing"

	"kiraform/internal/event"
	"kiraform/plan"
)

// Views know an action by the name that the plan gives it.
func TestViewsKnowEveryAction(t *testing.T) {
	for _, a := range []plan.Action{plan.NoOp, plan.Create, plan.Update, plan.Replace, plan.Adopt, plan.Forget, plan.Defer, plan.Read, plan.Gone} {
		if !slices.Contains(event.Actions, string(a)) {
			t.Errorf("no event has the action %q", a)
		}
	}
}
