package planfile

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"kiraform/internal/runs"
	"kiraform/internal/ui/words"
	"kiraform/plan"
)

// StaleError lists the parts of a saved plan that are not true any more.
type StaleError struct {
	Moved []string
	Done  time.Time // when it was carried out; zero if it was not
	Again string    // the line that plans again; "" if it is not known
}

func (e *StaleError) Error() string {
	what := "the saved plan is stale, and nothing was done"
	if !e.Done.IsZero() {
		what += ": it was carried out already, on " + words.Moment(e.Done)
	}
	return what + ". The changes since it was saved:\n  " + strings.Join(e.Moved, "\n  ") + "\n" + planAgain(e.Again)
}

// Check compares a saved plan with one that was made just now. If they are not the
// same it returns a *StaleError with every difference; done is when the saved one was
// carried out, or zero. A deferred change may be made now: its gate has opened. Fees
// may be lower, and never higher.
func (f *File) Check(now *File, done time.Time) error {
	if f.KeyID != now.KeyID { // every digest is another one, and nothing else can be told
		return &StaleError{Moved: []string{fmt.Sprintf("the key of the state: it is %s; planned was with %s", now.KeyID, f.KeyID)}, Done: done}
	}
	var moved differences
	moved.say(f.Lineage != now.Lineage || f.Lineage == "" && !done.IsZero(), "the state: it was first written, or replaced by another one")
	moved.say(f.State != now.State, "the state: it is %s; planned was with %s", cmp.Or(now.State, "one without a name"), cmp.Or(f.State, "one without a name"))
	if f.Invoke != nil {
		moved.say(f.Invoke.MaxPayout != now.Invoke.MaxPayout, "max_payout: it is %s; planned was with %s", cmp.Or(now.Invoke.MaxPayout, "not there"), cmp.Or(f.Invoke.MaxPayout, "none"))
	}
	moved = append(moved, compareBound(f.Bound, now.Bound)...)
	if f.Invoke != nil {
		moved = append(moved, compare(f.Invoke.All, now.Invoke.All, func(in *Invocation) string { return in.Addr }, (*Invocation).differs)...)
	}
	changed := compare(f.Changes, now.Changes, func(c *Change) string { return c.Addr }, (*Change).differs)
	slices.Sort(changed)
	moved = append(moved, changed...)
	moved = append(moved, compare(f.Outputs, now.Outputs, func(o *Output) string { return fmt.Sprintf("output %q", o.Name) }, (*Output).differs)...)
	if len(moved) == 0 {
		return nil
	}
	return &StaleError{Moved: moved, Done: done}
}

// compareBound compares digests that have names for people.
func compareBound(was, is map[string]string) (moved []string) {
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

// compare says of each entry of two lists in which ways it differs, which is nil on the
// side where it is missing.
func compare[T any](was, is []T, name func(*T) string, differs func(was, is *T) differences) (moved differences) {
	say := func(name string, texts []string) {
		for _, text := range texts {
			moved = append(moved, name+": "+text)
		}
	}
	now := make(map[string]*T, len(is))
	for i := range is {
		now[name(&is[i])] = &is[i]
	}
	for i := range was {
		n := name(&was[i])
		say(n, differs(&was[i], now[n]))
		delete(now, n)
	}
	for i := range is {
		if n := name(&is[i]); now[n] != nil {
			say(n, differs(nil, &is[i]))
		}
	}
	return moved
}

// differences gathers those that there are.
type differences []string

func (d *differences) say(differs bool, format string, args ...any) {
	if differs {
		*d = append(*d, fmt.Sprintf(format, args...))
	}
}

// does is the action of a change, in words: one that only moves its object has none.
func (c *Change) does() string {
	if c.Action == string(plan.NoOp) && c.From != "" {
		return "the move from " + c.From
	}
	return c.Action
}

func (c *Change) differs(now *Change) (d differences) {
	switch {
	case c == nil:
		return differences{now.does() + " was not planned"}
	case now == nil:
		return differences{c.does() + " is not needed any more"}
	}
	d.say(!c.leadsTo(now.Action), "planned was %s, now it is %s", c.Action, now.Action)
	d.say(c.From != now.From, "it comes from %s; planned was %s", cmp.Or(now.From, "no other address"), cmp.Or(c.From, "no other address"))
	d.say(c.ID != now.ID, "it is the object %s; planned was %s", cmp.Or(now.ID, "that is not there yet"), cmp.Or(c.ID, "that is not there yet"))
	d.say(c.Config != now.Config, "the configuration has changed")
	d.say(c.Sent != now.Sent, "another run has sent it something since")
	d.say(c.Live != now.Live, "the object at Kira has changed")
	d.say(!slices.Equal(c.Paths, now.Paths), "it would change %s; planned was %s",
		cmp.Or(strings.Join(now.Paths, ", "), "nothing"), cmp.Or(strings.Join(c.Paths, ", "), "nothing"))
	return d
}

// leadsTo reports whether an action is the one that was saved, or the one that it
// comes to once nothing holds it up.
func (c *Change) leadsTo(action string) bool {
	return c.Action == action || c.Action == string(plan.Defer) && c.Final == action
}

func (o *Output) differs(now *Output) (d differences) {
	switch {
	case o == nil:
		d.say(true, "it was not planned")
	case now == nil:
		d.say(true, "it is not there any more")
	case o.Digest != now.Digest:
		d.say(true, "it has another value")
	default:
		d.say(o.Changes != now.Changes, "another run has saved it since")
	}
	return d
}

func (in *Invocation) differs(now *Invocation) (d differences) {
	switch {
	case in == nil:
		return differences{"it was not planned"}
	case now == nil:
		return differences{"there is nothing to do any more"}
	}
	d.say(!maps.Equal(now.Of, in.Of), "it is %s; planned was %s", runs.Identity(now.Of), runs.Identity(in.Of))
	d.say(now.After != in.After, "it was repeated since")
	d.say(now.Config != in.Config && maps.Equal(now.Of, in.Of), "the configuration has changed")
	d.say(in.Fees != "" && now.Fees != "" && runs.More(now.Fees, in.Fees), "the fees are %s; planned was %s", now.Fees, in.Fees)
	return d
}
