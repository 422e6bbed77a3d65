package engine

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"kiraform/internal/event"
	"kiraform/internal/runs"
)

// SavedInvoke is an action that a saved plan runs.
type SavedInvoke struct {
	Addr      string            `json:"address"` // as it was asked for
	Again     bool              `json:"again,omitempty"`
	Known     []string          `json:"known,omitempty"`
	MaxPayout string            `json:"max_payout,omitempty"`
	All       []SavedInvocation `json:"all"` // those that something is sent for, by address
	Shown     []event.Planned   `json:"shown"`
	Counts    map[string]int    `json:"counts,omitempty"`
}

// SavedInvocation is one instance: the facts that it rests on. The balance is
// not bound.
type SavedInvocation struct {
	Addr   string            `json:"address"`
	Of     map[string]string `json:"of"`
	Config string            `json:"config"` // digest of the written configuration
	Fees   string            `json:"fees,omitempty"`
	After  string            `json:"after,omitempty"` // the runs that it repeats
}

// SavedInvoke returns iv as a saved plan. A run of it follows payouts for as long
// as wait.
func (iv *Invoked) SavedInvoke(wait time.Duration) PlanFile {
	p := iv.project
	f := PlanFile{
		Format: planFormat, Version: p.Version, KeyID: iv.key.ID(), ID: uuid.NewString(), Saved: p.now().Round(0),
		Place: iv.Place(), Lineage: iv.lineage(), State: p.StateName, Given: p.given(), Bound: iv.bindings(),
		Invoke: &SavedInvoke{Addr: iv.options.Addr.String(), Again: iv.options.Again, Known: iv.options.Known, MaxPayout: p.MaxPayout(),
			All: iv.saved(), Counts: make(map[string]int)},
	}
	for _, in := range iv.All {
		if in.Due() {
			f.Invoke.Shown = append(f.Invoke.Shown, iv.planned(in))
			f.Invoke.Counts[event.Invoke]++
		}
	}
	if wait > 0 {
		f.Options.Wait = wait.String()
	}
	f.Digest, f.Why = iv.Digest()
	f.Policies, f.Diagnostics, f.Personal = iv.policies, slices.Clone(p.said), p.personal()
	f.Denied = iv.Denied()
	f.Seen, f.Configuration = p.variableNodes(), p.quote.Configuration()
	for _, in := range p.Policies {
		f.Options.Policies = append(f.Options.Policies, in.Name)
	}
	return f
}

func (iv *Invoked) saved() (all []SavedInvocation) {
	for _, in := range iv.All {
		if in.Due() {
			all = append(all, SavedInvocation{Addr: in.Addr.String(), Of: in.want.Of, Config: iv.digestOf(iv.leavesOf(in)), Fees: in.preview.Fees, After: iv.repeats(in)})
		}
	}
	return all
}

// CheckInvoke compares a saved run of an action with the one that was planned just
// now. If they are not the same it returns a *StaleError with every difference:
// fees may be lower, and never higher.
func (f *PlanFile) CheckInvoke(iv *Invoked) error {
	if is := iv.key.ID(); f.KeyID != is {
		return &StaleError{Moved: []string{fmt.Sprintf("the key of the state: it is %s; planned was with %s", is, f.KeyID)}}
	}
	var moved []string
	say := func(is bool, format string, args ...any) {
		if is {
			moved = append(moved, fmt.Sprintf(format, args...))
		}
	}
	say(f.Lineage != iv.lineage(), "the state: it was first written, or replaced by another one")
	say(f.State != iv.project.StateName, "the state: it is %s; planned was with %s", cmp.Or(iv.project.StateName, "one without a name"), cmp.Or(f.State, "one without a name"))
	say(f.Invoke.MaxPayout != iv.project.MaxPayout(), "max_payout: it is %s; planned was with %s", cmp.Or(iv.project.MaxPayout(), "not there"), cmp.Or(f.Invoke.MaxPayout, "none"))
	moved = append(moved, differences(f.Bound, iv.bindings())...)
	var done time.Time
	now := iv.saved()
	for _, was := range f.Invoke.All {
		i := slices.IndexFunc(now, func(n SavedInvocation) bool { return n.Addr == was.Addr })
		if i < 0 {
			moved = append(moved, was.Addr+": there is nothing to do any more")
			if in := iv.instance(was.Addr); in != nil && in.Verdict.Step == runs.Done {
				done = in.Verdict.Run.Ended
			}
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
	if len(moved) == 0 {
		return nil
	}
	return &StaleError{Moved: moved, Done: done}
}

func (iv *Invoked) instance(address string) *Invocation {
	i := slices.IndexFunc(iv.All, func(in *Invocation) bool { return in.Addr.String() == address })
	if i < 0 {
		return nil
	}
	return iv.All[i]
}

// changes are the actions that a saved run carries out, as they are shown.
func (s *SavedInvoke) changes() (all []event.Reviewed) {
	for _, e := range s.Shown {
		all = append(all, event.Reviewed{Planned: e})
	}
	return all
}
