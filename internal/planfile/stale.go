package planfile

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"kiraform/internal/runs"
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

// Check compares a saved plan with one that was made just now. If they are not the
// same it returns a *StaleError with every difference; done is when the saved one was
// carried out, or zero. A deferred change may be made now: its gate has opened. Fees
// may be lower, and never higher.
func (f *File) Check(now *File, done time.Time) error {
	if f.KeyID != now.KeyID { // every digest is another one, and nothing else can be told
		return &StaleError{Moved: []string{fmt.Sprintf("the key of the state: it is %s; planned was with %s", now.KeyID, f.KeyID)}, Done: done}
	}
	var moved []string
	if f.Lineage != now.Lineage || f.Lineage == "" && !done.IsZero() {
		moved = append(moved, "the state: it was first written, or replaced by another one")
	}
	if f.State != now.State {
		moved = append(moved, fmt.Sprintf("the state: it is %s; planned was with %s", cmp.Or(now.State, "one without a name"), cmp.Or(f.State, "one without a name")))
	}
	if f.Invoke != nil && f.Invoke.MaxPayout != now.Invoke.MaxPayout {
		moved = append(moved, fmt.Sprintf("max_payout: it is %s; planned was with %s", cmp.Or(now.Invoke.MaxPayout, "not there"), cmp.Or(f.Invoke.MaxPayout, "none")))
	}
	moved = append(moved, differences(f.Bound, now.Bound)...)
	if f.Invoke != nil {
		moved = append(moved, invocationsChanged(f.Invoke.All, now.Invoke.All)...)
	}
	moved = append(moved, changed(f.Changes, now.Changes)...)
	moved = append(moved, outputsChanged(f.Outputs, now.Outputs)...)
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
func changed(was, is []Change) (moved []string) {
	before := make(map[string]*Change, len(was))
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
func (c *Change) does() string {
	if c.Action == string(plan.NoOp) && c.From != "" {
		return "the move from " + c.From
	}
	return c.Action
}

// moved lists the parts of a change that differ from the saved one.
func (c *Change) moved(now *Change) (texts []string) {
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
func (c *Change) leadsTo(action string) bool {
	return c.Action == action || c.Action == string(plan.Defer) && c.Final == action
}

// outputsChanged compares the outputs of a saved plan with those of a new one.
func outputsChanged(was, is []Output) (moved []string) {
	before := make(map[string]Output, len(was))
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

// invocationsChanged compares the instances of a saved run of an action with those of
// a new one.
func invocationsChanged(was, is []Invocation) (moved []string) {
	say := func(is bool, format string, args ...any) {
		if is {
			moved = append(moved, fmt.Sprintf(format, args...))
		}
	}
	now := slices.Clone(is)
	for _, was := range was {
		i := slices.IndexFunc(now, func(n Invocation) bool { return n.Addr == was.Addr })
		if i < 0 {
			moved = append(moved, was.Addr+": there is nothing to do any more")
			continue
		}
		is := now[i]
		now = slices.Delete(now, i, i+1)
		say(!maps.Equal(is.Of, was.Of), "%s: it is %s; planned was %s", was.Addr, runs.Identity(is.Of), runs.Identity(was.Of))
		say(is.After != was.After, "%s: it was repeated since", was.Addr)
		say(is.Config != was.Config && maps.Equal(is.Of, was.Of), "%s: the configuration has changed", was.Addr)
		say(was.Fees != "" && is.Fees != "" && runs.More(is.Fees, was.Fees), "%s: the fees are %s; planned was %s", was.Addr, is.Fees, was.Fees)
	}
	for _, is := range now {
		moved = append(moved, is.Addr+": it was not planned")
	}
	return moved
}
