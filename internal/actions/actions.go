// Package actions lets apply use the catalogue of actions: an [Instance] is the
// [apply.Actor] that speaks to Kira.
//
// It looks at every payout that could be the one that is asked for, whoever made it,
// and at everybody who could be the one who is paid. It sends a request only where apply
// asks for one. Whether an action is due, package runs decides.
//
// Start at [Kira] and [Instance.Judge]; [Payouts] lists payouts by themselves.
package actions

import (
	"context"
	"slices"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/apply"
	"kiraform/internal/event"
	"kiraform/internal/runs"
	"kiraform/schema"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// Kira is the Kira that actions are run at, with the payouts that it has shown. Its
// World is the one that runs are judged in, but for Shown, and its Now is Kira's own
// time when it was looked at, if that is known.
type Kira struct {
	runs.World
	Looked  time.Time                       // when that was, by our clock
	Call    kinds.Call                      // that each request begins with: API, ClientID and OneTime
	Clock   func(context.Context) time.Time // Kira's own time by its last answer; nil means that it never says
	Emit    event.Sink
	Workers int // at most this many requests at once; 0 means 10

	others others
	seen   map[string]schema.Payment // by id, every payout of the users that are paid for here
}

// Instance is one instance of an action that is asked for.
type Instance struct {
	*Kira
	runs.Want
	Kind    *kinds.Action
	Config  cty.Value // as it is written, with its marks
	Users   []string  // whose payouts are looked at
	Verdict runs.Verdict
	Preview kinds.Preview

	payee string // as people know them
	payer string
	to    kinds.Object // the recipient, as Kira shows it
}

var _ apply.Actor = (*Instance)(nil)

// Due reports whether something of it is to be sent.
func (in *Instance) Due() bool {
	return in.Verdict.Step == runs.Send || in.Verdict.Step == runs.Resend
}

// call is a request about the object called id, or about none in particular.
func (in *Instance) call(id string) kinds.Call {
	c := in.Call
	c.ID = id
	c.Want, _ = in.Config.UnmarkDeep()
	c.Note = func(text string) { in.Emit(event.Retry{Addr: in.Addr.String(), Text: event.Foreign(text)}) }
	return c
}

// Payment looks at a payout.
func (in *Instance) Payment(ctx context.Context, id string) (schema.Payment, error) {
	return in.Kind.Payment(ctx, in.call(id))
}

// Time is Kira's own time, as far as it is known.
func (k *Kira) Time() time.Time { return k.Now.Add(Since(k.Looked)) }

// Since is how long ago something was. A machine may sleep while somebody is asked,
// and the clock that [time.Since] reads stands still meanwhile.
func Since(t time.Time) time.Duration {
	return max(time.Since(t), time.Now().Round(0).Sub(t.Round(0)))
}

// Amount is the sum that instances are about to pay out, in one form; "" if there is
// none.
func Amount(all []*Instance) string {
	var amounts []string
	for _, in := range all {
		if in.Due() && in.Action.Pays {
			amounts = append(amounts, in.Of[schema.PaysAmount])
		}
	}
	if len(amounts) == 0 {
		return ""
	}
	return runs.Sum(amounts...)
}

// PaidToday is the sum of the payouts that the runs of the last 24 hours have made, or
// may have, and of those that Kira shows besides, by whomever they were made. Of are the
// instances that are about to run; runs that are in st alone are theirs.
func (k *Kira) PaidToday(of []*Instance, st *state.State) string {
	again := make(map[string]bool) // runs that go on, and so count as now
	for _, in := range of {
		if in.Due() {
			again[in.Verdict.Run.Key] = true
		}
	}
	all := slices.Clone(k.State.AllRuns())
	for _, in := range of {
		all = append(all, in.Verdict.Found...)
	}
	var amounts []string
	seen, counted := make(map[string]bool), make(map[string]bool)
	for _, r := range st.AllRuns() {
		counted[r.ID] = r.OwnRun()
	}
	for _, r := range slices.Backward(all) {
		paid := r.OwnRun() || r.Unanswered()
		if r.Addr.Kind == schema.PayoutAction && paid && !again[r.Key] && !seen[r.Key] && k.Now.Sub(r.At) < 24*time.Hour {
			amounts = append(amounts, r.Of[schema.PaysAmount])
		}
		seen[r.Key] = true
		counted[r.ID] = counted[r.ID] || r.OwnRun()
	}
	return runs.Sum(append(amounts, k.paidByOthers(counted)...)...)
}
