package text

import (
	"fmt"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// number is a number and its word, as "2 failed".
type number struct {
	n    int
	word string
}

// sentence says the numbers that are not zero behind a title, and nothing if all are.
func sentence(title string, all ...number) string {
	var parts []string
	for _, c := range all {
		if c.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", c.n, c.word))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " " + title + ": " + strings.Join(parts, ", ") + "."
}

// counts says how the run went for the changes of resources, each of which is counted
// once, for the actions that were due, and, apart from both, for objects.
func counts(command string, e event.Finish) string {
	actions := sentence("Actions", number{max(e.Actions.Run, e.Done[event.Invoke]), "run"}, number{e.Actions.Failed, "failed"},
		number{e.Actions.Skipped, "skipped"}, number{e.Actions.Deferred, "deferred"}, number{e.Actions.Undone, "not done"})
	if command == event.Invoke {
		return actions + sentence("Payouts", number{e.Unready, "under way"})
	}
	return resources(command, e) + actions +
		sentence("Objects", number{e.Done[event.Move], words.Of(event.Move).Did}, number{e.Unready, "not ready"}, number{len(e.Ended), "ended"})
}

// resources counts the changes of resources by how they went. Zeros are said where they
// are news: an apply that added nothing, a destroy that forgot nothing.
func resources(command string, e event.Finish) string {
	var parts []string
	for _, a := range words.Actions {
		n := e.Done[a.Name]
		apart := a.Idle || a.Name == event.Move || a.Name == event.Invoke
		if !apart && (n > 0 || command == "apply" && a.Always || command == "destroy" && a.Name == event.Forget) {
			parts = append(parts, fmt.Sprintf("%d %s", n, a.Did))
		}
	}
	for _, c := range []number{{e.Failed, "failed"}, {e.Skipped, "skipped"}, {e.Deferred, "deferred"}, {e.Undone, "not done"}} {
		if c.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", c.n, c.word))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " Resources: " + strings.Join(parts, ", ") + "."
}

// failures names how many resources and how many actions failed.
func failures(e event.Finish) string {
	resources, actions := words.Count(e.Failed, "resource"), words.Count(e.Actions.Failed, "action")
	switch {
	case e.Actions.Failed == 0:
		return resources
	case e.Failed == 0:
		return actions
	}
	return resources + " and " + actions
}
