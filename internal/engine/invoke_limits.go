package engine

import (
	"fmt"
	"slices"
	"strings"

	"kiraform/internal/actions"
	"kiraform/internal/event"
	"kiraform/internal/planfile"
	"kiraform/internal/runs"
	"kiraform/internal/tell"
	"kiraform/state"
)

// MaxPayout is the most that payouts may come to in a day; "" for any amount.
func (p *Project) MaxPayout() string {
	if k := p.module.Kiraform; k != nil {
		return k.MaxPayout
	}
	return ""
}

// Within reports as a diagnostic if the payouts of this run, with those of the last
// 24 hours, come to more than max_payout. It returns ErrReported then.
func (iv *Invoked) Within() error { return iv.withinNow(iv.State) }

// withinNow is like Within by the payouts that Kira has shown since: somebody else may
// have paid while a person was asked. Runs that are in st alone are of this run.
func (iv *Invoked) withinNow(st *state.State) error {
	limit, now := iv.project.MaxPayout(), iv.Amount()
	if limit == "" || now == "" {
		return nil
	}
	before := iv.kira.PaidToday(iv.All, st)
	if sum := runs.Sum(now, before); runs.More(sum, limit) {
		iv.why = fmt.Sprintf("This run pays %s, and %s was paid in the last 24 hours by the users that are managed here, or may have been, which is more than max_payout allows: %s. Nothing was sent. "+
			"Pay less, wait, or change max_payout.", now, before, limit)
		iv.project.Emit(event.Diagnostic{Severity: "error", Code: "over-max-payout", Summary: "More than may be paid out", Detail: iv.why, Source: iv.project.quote.Source(iv.project.module.Kiraform.PayoutRange)})
		return ErrReported
	}
	return nil
}

// Digest returns the digest of the run that is approved, or why there is none.
func (iv *Invoked) Digest() (digest, why string) {
	if iv.key.Fresh() {
		return "", keyIsNew
	}
	a := planfile.InvokeApproval{Place: iv.Place(), Kind: event.Invoke, Action: iv.options.Addr.String(), Again: iv.options.Again,
		Known: slices.Sorted(slices.Values(iv.options.Known)), MaxPayout: iv.project.MaxPayout(), Policies: iv.project.policyDigests()}
	for _, in := range iv.All {
		if in.Due() {
			a.All = append(a.All, planfile.ApprovedRun{Addr: in.Addr.String(), Of: in.Of, Config: iv.leavesOf(in), Fees: in.Preview.Fees, After: iv.repeats(in)})
		}
	}
	return a.Digest(), ""
}

// repeats names the runs that an instance has had, so that one approval of a
// repetition is one repetition; "" where nothing is repeated.
func (iv *Invoked) repeats(in *actions.Instance) string {
	var keys []string
	for _, r := range iv.State.AllRuns() {
		if iv.options.Again && r.Addr == in.Addr {
			keys = append(keys, r.Key)
		}
	}
	slices.Sort(keys)
	return strings.Join(keys, " ")
}

// leavesOf returns the written configuration of an instance, as it enters
// digests.
func (iv *Invoked) leavesOf(in *actions.Instance) tell.Leaves {
	all := make(tell.Leaves)
	tell.LeafWriter{Key: iv.key, Addr: in.Addr.String()}.Add(all, nil, iv.key.Seal(&in.Kind.Schema.Config, "", in.Config).Shown())
	return all
}
