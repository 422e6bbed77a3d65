package engine

import (
	"context"
	"slices"
	"time"

	"kiraform/internal/event"
	"kiraform/internal/planfile"
	"kiraform/internal/runs"
)

// SavedInvoke returns iv as a saved plan. A run of it follows payouts for as long
// as wait.
func (iv *Invoked) SavedInvoke(wait time.Duration) planfile.File {
	f := iv.facts()
	f.Invoke.Counts = make(map[string]int)
	for _, in := range iv.All {
		if in.Due() {
			f.Invoke.Shown = append(f.Invoke.Shown, iv.planned(in))
			f.Invoke.Counts[event.Invoke]++
		}
	}
	f.Digest, f.Why = iv.Digest()
	iv.Needed.finishFile(&f, wait)
	f.Personal = iv.project.people(context.Background(), nil).All
	return f
}

func (iv *Invoked) facts() planfile.File {
	f := iv.Needed.commonFacts()
	f.Invoke = &planfile.Invoke{Addr: iv.options.Addr, Again: iv.options.Again, Known: iv.options.Known, MaxPayout: iv.project.MaxPayout()}
	for _, in := range iv.All {
		if in.Due() {
			f.Invoke.All = append(f.Invoke.All, planfile.Invocation{Addr: in.Addr.String(), Of: in.Of, Config: iv.Needed.digestOf(iv.leavesOf(in)), Fees: in.Preview.Fees, After: iv.repeats(in)})
		}
	}
	return f
}

// Check is [Proposal.Check] for the run of an action: fees may be lower, and never
// higher.
func (iv *Invoked) Check(_ context.Context, f *planfile.File) error {
	var done time.Time
	for _, in := range iv.All {
		if in.Verdict.Step == runs.Done && slices.ContainsFunc(f.Invoke.All, func(was planfile.Invocation) bool { return was.Addr == in.Addr.String() }) {
			done = in.Verdict.Run.Ended
		}
	}
	now := iv.facts()
	return f.Check(&now, done)
}
