package engine

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"kiraform/plan"
)

// StaleError lists the parts of a saved plan that are not true any more.
type StaleError struct {
	Moved []string
	Done  time.Time // when it was carried out; zero if it was not
}

func (e *StaleError) Error() string {
	what := "the saved plan is stale, and nothing was done"
	if !e.Done.IsZero() {
		what += ": it was carried out already, on " + e.Done.UTC().Format("2006-01-02 at 15:04:05 UTC")
	}
	return what + ". The changes since it was saved:\n  " + strings.Join(e.Moved, "\n  ") + "\nPlan again."
}

// Check compares a saved plan with the plan that was made just now. If they are not
// the same it returns a *StaleError with every difference. A deferred change may be
// made now: its gate has opened.
func (f *PlanFile) Check(ctx context.Context, pl *Proposal) error {
	var moved []string
	done := pl.State.Carried(f.ID)
	if f.Lineage == "" && done.IsZero() {
		done = pl.project.carriedBefore(ctx, f.ID)
	}
	if is := pl.key.ID(); f.KeyID != is { // every digest is another one, and nothing else can be told
		return &StaleError{Moved: []string{fmt.Sprintf("the key of the state: it is %s; planned was with %s", is, f.KeyID)}, Done: done}
	}
	if f.Lineage != pl.lineage() || f.Lineage == "" && !done.IsZero() {
		moved = append(moved, "the state: it was first written, or replaced by another one")
	}
	if is := pl.project.StateName; f.State != is {
		moved = append(moved, fmt.Sprintf("the state: it is %s; planned was with %s", cmp.Or(is, "one without a name"), cmp.Or(f.State, "one without a name")))
	}
	moved = append(moved, differences(f.Bound, pl.bindings())...)
	moved = append(moved, changed(f.Changes, pl.savedChanges())...)
	moved = append(moved, outputsChanged(f.Outputs, pl.savedOutputs())...)
	if len(moved) == 0 {
		return nil
	}
	return &StaleError{Moved: moved, Done: done}
}

// differences compares digests that have names for people.
func differences(was, is map[string]string) (moved []string) {
	names := slices.AppendSeq(slices.Collect(maps.Keys(was)), maps.Keys(is))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		_, had := was[name]
		_, has := is[name]
		switch {
		case !had:
			moved = append(moved, name+": it was not there")
		case !has:
			moved = append(moved, name+": it is not there any more")
		case was[name] != is[name]:
			moved = append(moved, name+": it has changed")
		}
	}
	return moved
}

// changed compares the changes of a saved plan with those of a new one.
func changed(was, is []SavedChange) (moved []string) {
	before := make(map[string]*SavedChange, len(was))
	for i := range was {
		before[was[i].Addr] = &was[i]
	}
	for i := range is {
		c := &is[i]
		old, ok := before[c.Addr]
		if !ok {
			moved = append(moved, fmt.Sprintf("%s: %s was not planned", c.Addr, c.does()))
			continue
		}
		delete(before, c.Addr)
		for _, text := range old.moved(c) {
			moved = append(moved, c.Addr+": "+text)
		}
	}
	for _, c := range was {
		if before[c.Addr] != nil {
			moved = append(moved, fmt.Sprintf("%s: %s is not needed any more", c.Addr, c.does()))
		}
	}
	slices.Sort(moved)
	return moved
}

// does is the action of a change, in words: one that only moves its object has none.
func (c *SavedChange) does() string {
	if c.Action == string(plan.NoOp) && c.From != "" {
		return "the move from " + c.From
	}
	return c.Action
}

// moved lists the parts of a change that differ from the saved one.
func (c *SavedChange) moved(now *SavedChange) (texts []string) {
	say := func(moved bool, format string, args ...any) {
		if moved {
			texts = append(texts, fmt.Sprintf(format, args...))
		}
	}
	say(!c.leadsTo(now.Action), "planned was %s, now it is %s", c.Action, now.Action)
	say(c.From != now.From, "it comes from %s; planned was %s", cmp.Or(now.From, "no other address"), cmp.Or(c.From, "no other address"))
	say(c.ID != now.ID, "it is the object %s; planned was %s", cmp.Or(now.ID, "that is not there yet"), cmp.Or(c.ID, "that is not there yet"))
	say(c.Config != now.Config, "the configuration has changed")
	say(c.Sent != now.Sent, "another run has sent it something since")
	say(c.Live != now.Live, "the object at Kira has changed")
	say(!slices.Equal(c.Paths, now.Paths), "it would change %s; planned was %s",
		cmp.Or(strings.Join(now.Paths, ", "), "nothing"), cmp.Or(strings.Join(c.Paths, ", "), "nothing"))
	return texts
}

// leadsTo reports whether an action is the one that was saved, or the one that it
// comes to once nothing holds it up.
func (c *SavedChange) leadsTo(action string) bool {
	return c.Action == action || c.Action == string(plan.Defer) && c.Final == action
}

// outputsChanged compares the outputs of a saved plan with those of a new one.
func outputsChanged(was, is []SavedOutput) (moved []string) {
	before := make(map[string]SavedOutput, len(was))
	for _, o := range was {
		before[o.Name] = o
	}
	for _, o := range is {
		old, ok := before[o.Name]
		delete(before, o.Name)
		switch {
		case !ok:
			moved = append(moved, fmt.Sprintf("output %q: it was not planned", o.Name))
		case old.Digest != o.Digest:
			moved = append(moved, fmt.Sprintf("output %q: it has another value", o.Name))
		case old.Changes != o.Changes:
			moved = append(moved, fmt.Sprintf("output %q: another run has saved it since", o.Name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(before)) {
		moved = append(moved, fmt.Sprintf("output %q: it is not there any more", name))
	}
	return moved
}
