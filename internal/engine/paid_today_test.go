package engine

import (
	"testing"
	"time"

	"kiraform/internal/actions"
	"kiraform/internal/addr"
	"kiraform/internal/runs"
	"kiraform/schema"
	"kiraform/state"
)

// The sum of a day, which max_payout is compared with, has every payout that was made in
// the last 24 hours or may have been, each once, and no other. Each amount is a power of
// two, so that the sum tells which ones count.
func TestPaidToday(t *testing.T) {
	now := time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)
	st := state.New("l")
	run := func(key, kind, amount string, ago time.Duration, change func(*state.Run)) state.Run {
		r := state.Run{Key: key, Addr: addr.Resource{Action: true, Kind: kind, Name: key}, Of: map[string]string{schema.PaysAmount: amount}, At: now.Add(-ago)}
		change(&r)
		st.Runs[key] = r
		return r
	}
	done := func(r *state.Run) { r.Done, r.ID = true, "payout-"+r.Key }
	run("done", schema.PayoutAction, "1.00", time.Hour, done)
	run("just before that", schema.PayoutAction, "2.00", 24*time.Hour, done)
	unanswered := run("without an answer", schema.PayoutAction, "4.00", time.Hour, func(*state.Run) {})
	run("that never left", schema.PayoutAction, "8.00", time.Hour, func(r *state.Run) { r.Unsent = true })
	run("of somebody else", schema.PayoutAction, "16.00", time.Hour, func(r *state.Run) { done(r); r.Foreign = true })
	run("that pays nothing", "kira_simulated_deposit", "32.00", time.Hour, done)
	again := run("that goes out again", schema.PayoutAction, "64.00", time.Hour, func(*state.Run) {})
	run("of which nobody is sure", schema.PayoutAction, "128.00", 24*time.Hour-time.Second, func(r *state.Run) { r.Unsent, r.Unsure = true, true })

	found := unanswered
	done(&found)
	pays := func(step runs.Step, amount string, of state.Run) *actions.Instance {
		return &actions.Instance{Want: runs.Want{Action: &schema.Action{Pays: true}, Of: map[string]string{schema.PaysAmount: amount}}, Verdict: runs.Verdict{Step: step, Run: of}}
	}
	resent, settled := pays(runs.Resend, "64.00", again), pays(runs.Done, "256.00", found)
	settled.Verdict.Found = []state.Run{found}
	k := &actions.Kira{World: runs.World{State: st, Now: now}}
	if got := k.PaidToday([]*actions.Instance{resent, settled}, st); got != "133.00" {
		t.Errorf("paid are %s, want 1 + 4 + 128", got)
	}
	if got := k.PaidToday(nil, st); got != "197.00" {
		t.Errorf("while nothing goes out again, paid are %s, want 1 + 4 + 64 + 128", got)
	}

	deposit := pays(runs.Send, "512.00", state.Run{})
	deposit.Action = &schema.Action{}
	if got := actions.Amount([]*actions.Instance{resent, settled, deposit, pays(runs.Send, "1.00", state.Run{}), pays(runs.Stop, "2.00", state.Run{})}); got != "65.00" {
		t.Errorf("about to be paid are %s, want 64 + 1", got)
	}
	if got := actions.Amount([]*actions.Instance{deposit}); got != "" {
		t.Errorf("where nothing is paid, it is %q", got)
	}
}
