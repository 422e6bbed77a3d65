package tell_test

import (
	"testing"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
	"kiraform/plan"
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
