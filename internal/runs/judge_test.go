package runs_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"kiraform/internal/addr"
	"kiraform/internal/runs"
	"kiraform/schema"
	"kiraform/state"
)

var (
	noon  = time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)
	rent  = addr.Resource{Action: true, Kind: "kira_payout", Name: "rent"}
	other = addr.Resource{Action: true, Kind: "kira_payout", Name: "other"}

	pays = &schema.Action{KeyLife: 12 * time.Hour, Pays: true}
)

// of is the identity of a payout, with changes.
func of(changes ...string) map[string]string {
	m := map[string]string{"virtual_account_id": "va", "recipient_id": "re", "amount": "100.00", "currency": "USD", "period": "2026-03"}
	for i := 0; i < len(changes); i += 2 {
		m[changes[i]] = changes[i+1]
	}
	return m
}

// run is one that was sent an hour ago, and not answered.
func run(key string, change func(*state.Run)) state.Run {
	r := state.Run{Key: key, Addr: rent, Of: of(), Digest: "d", At: noon.Add(-time.Hour), After: noon.Add(-time.Hour), Last: noon.Add(-time.Hour)}
	if change != nil {
		change(&r)
	}
	return r
}

// shown is a payout that Kira shows, made an hour ago.
func shown(id string, change func(*runs.Payment)) runs.Payment {
	p := runs.Payment{Payment: schema.Payment{ID: id, Recipient: "re", Amount: "100.00", Currency: "USD", Status: "COMPLETED", Created: noon.Add(-time.Hour)}}
	if change != nil {
		change(&p)
	}
	return p
}

func done(id string) func(*state.Run) {
	return func(r *state.Run) { r.Done, r.ID = true, id }
}

// Each row is one situation, and the one thing that may be done in it.
func TestJudge(t *testing.T) {
	for _, tt := range []struct {
		name  string
		runs  []state.Run
		shown []runs.Payment
		want  func(*runs.Want)
		gone  []addr.Resource // actions that are not written any more
		now   time.Time       // zero for noon

		step  runs.Step
		key   string // of the run
		why   runs.Reason
		found string // ids of earlier runs that are known now
	}{
		{name: "nothing is there: it is sent", step: runs.Send},
		{name: "it was done: nothing is sent", runs: []state.Run{run("k", done("p"))}, shown: []runs.Payment{shown("p", nil)}, step: runs.Done, key: "k"},
		{name: "it was done, and Kira does not show it: nothing is sent", runs: []state.Run{run("k", done("p"))}, step: runs.Done, key: "k"},
		{name: "it was done long ago: nothing is sent", runs: []state.Run{run("k", done("p"))}, now: noon.AddDate(2, 0, 0), step: runs.Done, key: "k"},
		{name: "it failed: nothing is sent without being asked for again", runs: []state.Run{run("k", func(r *state.Run) { done("p")(r); r.Status = "FAILED" })}, step: runs.Done, key: "k"},
		{name: "it was done, and another body is written: nothing is sent", runs: []state.Run{run("k", done("p"))},
			want: func(w *runs.Want) { w.Digest = "other" }, step: runs.Done, key: "k"},
		{name: "it was done to a recipient that was made again: nothing is sent", runs: []state.Run{run("k", func(r *state.Run) { done("p")(r); r.Of = of("recipient_id", "rf") })},
			want: func(w *runs.Want) { w.Alike = []string{"rf"} }, step: runs.Done, key: "k"},
		{name: "it was done for a period that was spelled otherwise: nothing is sent", runs: []state.Run{run("k", func(r *state.Run) { done("p")(r); r.Of = of("period", " 2026‑3 ") })},
			shown: []runs.Payment{shown("p", nil)}, step: runs.Done, key: "k"},
		{name: "another amount for the same period: a person decides", runs: []state.Run{run("k", done("p"))}, shown: []runs.Payment{shown("p", nil)},
			want: func(w *runs.Want) { w.Of = of("amount", "120.00") }, step: runs.Stop, why: runs.PeriodPaid},
		{name: "another amount for the same period, which is spelled otherwise: a person decides", runs: []state.Run{run("k", done("p"))}, shown: []runs.Payment{shown("p", nil)},
			want: func(w *runs.Want) { w.Of = of("amount", "120.00", "period", "2026-03 ") }, step: runs.Stop, why: runs.PeriodPaid},
		{name: "another account for the same period: a person decides", runs: []state.Run{run("k", done("p"))}, shown: []runs.Payment{shown("p", nil)},
			want: func(w *runs.Want) { w.Of = of("virtual_account_id", "vb") }, step: runs.Stop, why: runs.PeriodPaid},
		{name: "another amount to a recipient that was made again: a person decides", runs: []state.Run{run("k", func(r *state.Run) { done("p")(r); r.Of = of("recipient_id", "rf") })},
			want: func(w *runs.Want) { w.Of, w.Alike = of("amount", "120.00"), []string{"rf"} }, step: runs.Stop, why: runs.PeriodPaid},
		{name: "another payee for the same period: it is sent", runs: []state.Run{run("k", func(r *state.Run) { done("p")(r); r.Of = of("recipient_id", "rf") })}, step: runs.Send},
		{name: "another amount for the same period of another action: it is sent", runs: []state.Run{run("o", func(r *state.Run) { done("p")(r); r.Addr, r.Of = other, of("amount", "120.00") })}, step: runs.Send},
		{name: "another amount for the same period, where a list has shifted: it is sent", runs: []state.Run{run("shifted", done("p"))}, shown: []runs.Payment{shown("p", nil)},
			want: func(w *runs.Want) { w.Of = of("amount", "120.00") }, step: runs.Send},
		{name: "again passes the period", runs: []state.Run{run("k", done("p"))}, shown: []runs.Payment{shown("p", nil)},
			want: func(w *runs.Want) { w.Of, w.Again = of("amount", "120.00"), true }, step: runs.Send},
		{name: "another period: it is sent, since the first is remembered", runs: []state.Run{run("k", done("p"))}, shown: []runs.Payment{shown("p", nil)},
			want: func(w *runs.Want) { w.Of = of("period", "2026-04") }, step: runs.Send},
		{name: "again: it is sent once more", runs: []state.Run{run("k", done("p"))}, shown: []runs.Payment{shown("p", nil)},
			want: func(w *runs.Want) { w.Again = true }, step: runs.Send},

		{name: "no answer came: the same goes out with its key", runs: []state.Run{run("k", nil)}, step: runs.Resend, key: "k"},
		{name: "no answer came, and Kira shows it: that was it", runs: []state.Run{run("k", nil)}, shown: []runs.Payment{shown("p", nil)}, step: runs.Done, key: "k", found: "p"},
		{name: "no answer came, and another run may have made what Kira shows: the key decides",
			runs: []state.Run{run("k", nil), run("o", func(r *state.Run) { r.Addr = other })}, shown: []runs.Payment{shown("p", nil)}, step: runs.Resend, key: "k"},
		{name: "no answer came, and Kira shows two: the key decides", runs: []state.Run{run("k", nil)}, shown: []runs.Payment{shown("p", nil), shown("q", nil)}, step: runs.Resend, key: "k"},
		{name: "no answer came, and Kira shows one of before: that stops it", runs: []state.Run{run("k", nil)},
			shown: []runs.Payment{shown("p", func(p *runs.Payment) { p.Created = noon.Add(-2 * time.Hour) })}, step: runs.Stop, why: runs.Unremembered},
		{name: "again, while no answer came: nobody knows whether that was it", runs: []state.Run{run("k", nil)},
			want: func(w *runs.Want) { w.Again = true }, step: runs.Stop, why: runs.AgainWhileOpen},
		{name: "again, while no answer came and Kira shows it: it is not repeated unseen", runs: []state.Run{run("k", nil)}, shown: []runs.Payment{shown("p", nil)},
			want: func(w *runs.Want) { w.Again = true }, step: runs.Stop, why: runs.AgainWhileOpen},
		{name: "again, while no answer came to another amount that Kira shows: that one is known, and this one is sent", runs: []state.Run{run("k", nil)}, shown: []runs.Payment{shown("p", nil)},
			want: func(w *runs.Want) { w.Of, w.Again = of("amount", "120.00"), true }, step: runs.Send, found: "p"},
		{name: "a repetition without an answer goes on without being asked for again",
			runs: []state.Run{run("a", done("p")), run("k", nil)}, shown: []runs.Payment{shown("p", nil)}, step: runs.Resend, key: "k"},

		{name: "a repetition without an answer, and Kira shows both: that was it",
			runs: []state.Run{run("a", done("p")), run("k", nil)}, shown: []runs.Payment{shown("p", nil), shown("q", nil)}, step: runs.Done, key: "k", found: "q"},
		{name: "no answer came, and Kira shows it, beside another amount of which no answer came: that was it",
			runs: []state.Run{run("k", nil), run("o", func(r *state.Run) { r.Addr, r.Of = other, of("amount", "7.00") })}, shown: []runs.Payment{shown("p", nil)}, step: runs.Done, key: "k", found: "p"},
		{name: "again, while no answer came to another amount, which Kira does not show: nobody knows about that", runs: []state.Run{run("k", nil)},
			want: func(w *runs.Want) { w.Of, w.Again = of("amount", "120.00"), true }, step: runs.Stop, why: runs.AgainWhileOpen},
		{name: "no answer came to two that are alike: a person decides", runs: []state.Run{run("b", nil), run("c", nil)}, step: runs.Stop, why: runs.Unanswered},
		{name: "the key is as old as it may be: the same goes out with it", runs: []state.Run{run("k", nil)}, now: noon.Add(11 * time.Hour), step: runs.Resend, key: "k"},
		{name: "the key is a second older: a person decides", runs: []state.Run{run("k", nil)}, now: noon.Add(11*time.Hour + time.Second), step: runs.Stop, why: runs.Unanswered},
		{name: "the clock went back as far as clocks differ: the same goes out", runs: []state.Run{run("k", nil)}, now: noon.Add(-70 * time.Minute), step: runs.Resend, key: "k"},
		{name: "the clock went back further: a person decides", runs: []state.Run{run("k", nil)}, now: noon.Add(-70*time.Minute - time.Second), step: runs.Stop, why: runs.Unanswered},
		{name: "the first never left, and has another amount: another key", runs: []state.Run{run("k", func(r *state.Run) { r.Unsent, r.Of = true, of("amount", "7.00") })}, step: runs.Send},
		{name: "the first never left, and has another body: another key", runs: []state.Run{run("k", func(r *state.Run) { r.Unsent, r.Digest = true, "other" })}, step: runs.Send},
		{name: "two never left: the key of the first is used", runs: []state.Run{run("b", func(r *state.Run) { r.Unsent = true }), run("c", func(r *state.Run) { r.Unsent = true })}, step: runs.Send, key: "b"},

		{name: "the key is too old, and Kira shows it: that was it", runs: []state.Run{run("k", nil)}, shown: []runs.Payment{shown("p", nil)},
			now: noon.Add(12 * time.Hour), step: runs.Done, key: "k", found: "p"},
		{name: "the key is too old, and Kira shows nothing: a person decides", runs: []state.Run{run("k", nil)}, now: noon.Add(12 * time.Hour), step: runs.Stop, why: runs.Unanswered},
		{name: "the key is too old, and Kira shows two: a person decides", runs: []state.Run{run("k", nil)}, shown: []runs.Payment{shown("p", nil), shown("q", nil)},
			now: noon.Add(12 * time.Hour), step: runs.Stop, why: runs.Unanswered},
		{name: "the clock went back: a person decides", runs: []state.Run{run("k", nil)}, now: noon.Add(-2 * time.Hour), step: runs.Stop, why: runs.Unanswered},

		{name: "the amount changed, and the first is there: that was of this period, and a person decides", runs: []state.Run{run("k", nil)}, shown: []runs.Payment{shown("p", nil)},
			want: func(w *runs.Want) { w.Of, w.Digest = of("amount", "120.00"), "other" }, step: runs.Stop, why: runs.PeriodPaid, found: "p"},
		{name: "the amount changed, and the first is not there: a person decides", runs: []state.Run{run("k", nil)},
			want: func(w *runs.Want) { w.Of, w.Digest = of("amount", "120.00"), "other" }, step: runs.Stop, why: runs.Unanswered},
		{name: "only the period changed, and the first is there: then the other is sent", runs: []state.Run{run("k", nil)}, shown: []runs.Payment{shown("p", nil)},
			want: func(w *runs.Want) { w.Of = of("period", "2026-04") }, step: runs.Send, found: "p"},
		{name: "only the period changed, and the first is not there: a person decides", runs: []state.Run{run("k", nil)},
			want: func(w *runs.Want) { w.Of = of("period", "2026-04") }, step: runs.Stop, why: runs.Unanswered},
		{name: "only the memo changed, and the first is there: that was it", runs: []state.Run{run("k", nil)}, shown: []runs.Payment{shown("p", nil)},
			want: func(w *runs.Want) { w.Digest = "other" }, step: runs.Done, key: "k", found: "p"},
		{name: "it is not known when the first was sent: a person decides", runs: []state.Run{run("k", func(r *state.Run) { r.After = time.Time{} })},
			shown: []runs.Payment{shown("p", nil)}, want: func(w *runs.Want) { w.Digest = "other" }, step: runs.Stop, why: runs.Unanswered},
		{name: "another run may have made the payout too: a person decides",
			runs:  []state.Run{run("k", nil), run("o", func(r *state.Run) { r.Addr, r.Of = other, of("period", "2026-02") })},
			shown: []runs.Payment{shown("p", nil)}, want: func(w *runs.Want) { w.Digest = "other" }, step: runs.Stop, why: runs.Unanswered},

		{name: "the first never left: its key is used", runs: []state.Run{run("k", func(r *state.Run) { r.Unsent = true })}, step: runs.Send, key: "k"},
		{name: "the first never left, and something else is written: another key", runs: []state.Run{run("k", func(r *state.Run) { r.Unsent = true })},
			want: func(w *runs.Want) { w.Of, w.Digest = of("amount", "120.00"), "other" }, step: runs.Send},
		{name: "the last exchange never left, but one before may have: its key, as a repetition",
			runs: []state.Run{run("k", func(r *state.Run) { r.Unsent, r.Unsure = true, true })}, step: runs.Resend, key: "k"},

		{name: "a payout that nobody remembers stops it", shown: []runs.Payment{shown("p", nil)}, step: runs.Stop, why: runs.Unremembered},
		{name: "so does one that failed", shown: []runs.Payment{shown("p", func(p *runs.Payment) { p.Status = "FAILED" })}, step: runs.Stop, why: runs.Unremembered},
		{name: "so does one of 35 days ago", shown: []runs.Payment{shown("p", func(p *runs.Payment) { p.Created = noon.Add(-35 * 24 * time.Hour) })}, step: runs.Stop, why: runs.Unremembered},
		{name: "one of before does not", shown: []runs.Payment{shown("p", func(p *runs.Payment) { p.Created = noon.Add(-35*24*time.Hour - time.Second) })}, step: runs.Send},
		{name: "one of which Kira does not say when it was does", shown: []runs.Payment{shown("p", func(p *runs.Payment) { p.Created = time.Time{} })}, step: runs.Stop, why: runs.Unremembered},
		{name: "one of which Kira does not say to whom it went does", shown: []runs.Payment{shown("p", func(p *runs.Payment) { p.Recipient = "" })}, step: runs.Stop, why: runs.Unremembered},
		{name: "one of which Kira does not say how much it was does", shown: []runs.Payment{shown("p", func(p *runs.Payment) { p.Amount = "" })}, step: runs.Stop, why: runs.Unremembered},
		{name: "one from another account does", shown: []runs.Payment{shown("p", func(p *runs.Payment) { p.Account = "vb" })}, step: runs.Stop, why: runs.Unremembered},
		{name: "one whose amount is written otherwise does", shown: []runs.Payment{shown("p", func(p *runs.Payment) { p.Amount = "100" })}, step: runs.Stop, why: runs.Unremembered},
		{name: "one of another amount does not", shown: []runs.Payment{shown("p", func(p *runs.Payment) { p.Amount = "100.01" })}, step: runs.Send},
		{name: "one to another recipient does not", shown: []runs.Payment{shown("p", func(p *runs.Payment) { p.Recipient = "rf" })}, step: runs.Send},
		{name: "one to another recipient with the same account does", shown: []runs.Payment{shown("p", func(p *runs.Payment) { p.Recipient = "rf" })},
			want: func(w *runs.Want) { w.Alike = []string{"rf"} }, step: runs.Stop, why: runs.Unremembered},
		{name: "one to somebody of the same name, of whose account Kira shows nothing, does", shown: []runs.Payment{shown("p", func(p *runs.Payment) { p.Recipient = "rf" })},
			want: func(w *runs.Want) { w.Maybe = []string{"rf"} }, step: runs.Stop, why: runs.Unremembered},
		{name: "one of another user to the same payee does", shown: []runs.Payment{shown("p", func(p *runs.Payment) { p.Recipient, p.Other, p.Alike = "rf", "u", true })}, step: runs.Stop, why: runs.Unremembered},
		{name: "one of another user to the same payee and of another amount does not",
			shown: []runs.Payment{shown("p", func(p *runs.Payment) { p.Recipient, p.Other, p.Alike, p.Amount = "rf", "u", true, "99.00" })}, step: runs.Send},
		{name: "one of another user to another payee does not", shown: []runs.Payment{shown("p", func(p *runs.Payment) { p.Recipient, p.Other = "", "u" })}, step: runs.Send},
		{name: "one that another action made does not", runs: []state.Run{run("o", func(r *state.Run) { done("p")(r); r.Addr = other })}, shown: []runs.Payment{shown("p", nil)}, step: runs.Send},
		{name: "one that another action may have made does", runs: []state.Run{run("o", func(r *state.Run) { r.Addr = other })}, shown: []runs.Payment{shown("p", nil)}, step: runs.Stop, why: runs.Unremembered},
		{name: "again does not pass it", shown: []runs.Payment{shown("p", nil)}, want: func(w *runs.Want) { w.Again = true }, step: runs.Stop, why: runs.Unremembered},
		{name: "a person who knows it does", shown: []runs.Payment{shown("p", nil)}, want: func(w *runs.Want) { w.Known = []string{"p"} }, step: runs.Send},
		{name: "of two, both have to be known", shown: []runs.Payment{shown("p", nil), shown("q", nil)}, want: func(w *runs.Want) { w.Known = []string{"p"} }, step: runs.Stop, why: runs.Unremembered},
		{name: "what is known has to be there", want: func(w *runs.Want) { w.Known = []string{"p"} }, step: runs.Stop, why: runs.NotKnown},
		{name: "what is known is remembered, and counts for nobody",
			runs: []state.Run{run("k", func(r *state.Run) { done("p")(r); r.Foreign = true })}, shown: []runs.Payment{shown("p", nil)}, step: runs.Send},

		{name: "an action that is not written any more did just this", runs: []state.Run{run("o", func(r *state.Run) { done("p")(r); r.Addr = other })},
			gone: []addr.Resource{other}, step: runs.Stop, why: runs.PaidAlready},
		{name: "again passes that", runs: []state.Run{run("o", func(r *state.Run) { done("p")(r); r.Addr = other })},
			gone: []addr.Resource{other}, want: func(w *runs.Want) { w.Again = true }, step: runs.Send},
		{name: "of another period it is another payment", runs: []state.Run{run("o", func(r *state.Run) { done("p")(r); r.Addr, r.Of = other, of("period", "2026-02") })},
			gone: []addr.Resource{other}, step: runs.Send},
		{name: "an action that is not written any more may have done it", runs: []state.Run{run("o", func(r *state.Run) { r.Addr = other })},
			gone: []addr.Resource{other}, step: runs.Stop, why: runs.UnansweredElsewhere},
		{name: "whatever its period", runs: []state.Run{run("o", func(r *state.Run) { r.Addr, r.Of = other, of("period", "2026-02") })},
			gone: []addr.Resource{other}, step: runs.Stop, why: runs.UnansweredElsewhere},
		{name: "and again does not pass that", runs: []state.Run{run("o", func(r *state.Run) { r.Addr = other })},
			gone: []addr.Resource{other}, want: func(w *runs.Want) { w.Again = true }, step: runs.Stop, why: runs.UnansweredElsewhere},
		{name: "one that is not written any more paid another amount for the period: a person decides", runs: []state.Run{run("o", func(r *state.Run) { done("p")(r); r.Addr = other })},
			gone: []addr.Resource{other}, want: func(w *runs.Want) { w.Of = of("amount", "120.00") }, step: runs.Stop, why: runs.PeriodPaid},
		{name: "to a recipient that was made again: a person decides", runs: []state.Run{run("o", func(r *state.Run) { done("p")(r); r.Addr, r.Of = other, of("recipient_id", "rf") })},
			gone: []addr.Resource{other}, want: func(w *runs.Want) { w.Of, w.Alike = of("amount", "120.00"), []string{"rf"} }, step: runs.Stop, why: runs.PeriodPaid},
		{name: "again passes the period there", runs: []state.Run{run("o", func(r *state.Run) { done("p")(r); r.Addr = other })},
			gone: []addr.Resource{other}, want: func(w *runs.Want) { w.Of, w.Again = of("amount", "120.00"), true }, step: runs.Send},
		{name: "its address still pays the payee another amount: both are meant", runs: []state.Run{run("kept", func(r *state.Run) { done("p")(r); r.Addr = other })},
			gone: []addr.Resource{other}, want: func(w *runs.Want) { w.Of = of("amount", "120.00") }, step: runs.Send},
		{name: "another place of a list asks for just that: both are meant", runs: []state.Run{run("shifted", func(r *state.Run) { done("p")(r); r.Addr = other })},
			gone: []addr.Resource{other}, want: func(w *runs.Want) { w.Of = of("amount", "120.00") }, step: runs.Send},
		{name: "one that is not written any more may have paid another amount", runs: []state.Run{run("o", func(r *state.Run) { r.Addr = other })},
			gone: []addr.Resource{other}, want: func(w *runs.Want) { w.Of = of("amount", "120.00") }, step: runs.Stop, why: runs.UnansweredElsewhere},
		{name: "one of long ago without a period: it is sent", runs: []state.Run{run("o", func(r *state.Run) { done("p")(r); r.Addr, r.Of, r.At = other, of("period", ""), noon.AddDate(0, -2, 0) })},
			gone: []addr.Resource{other}, want: func(w *runs.Want) { w.Of = of("amount", "120.00", "period", "") }, step: runs.Send},
		{name: "another account of the same name for the same period: a person decides", runs: []state.Run{run("k", func(r *state.Run) { done("p")(r); r.Of = of("recipient_id", "rf") })},
			want: func(w *runs.Want) { w.Names = []string{"rf"} }, step: runs.Stop, why: runs.PeriodPaid},
		{name: "and for another period: it is sent", runs: []state.Run{run("k", func(r *state.Run) { done("p")(r); r.Of = of("recipient_id", "rf", "period", "2026-02") })},
			want: func(w *runs.Want) { w.Names = []string{"rf"} }, step: runs.Send},
		{name: "one that is written goes on by itself", runs: []state.Run{run("o", func(r *state.Run) { r.Addr = other })}, step: runs.Send},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := state.New("lineage")
			for _, r := range tt.runs {
				s.Runs[r.Key] = r
			}
			want := runs.Want{Addr: rent, Action: pays, Of: of(), Digest: "d"}
			if tt.want != nil {
				tt.want(&want)
			}
			now := tt.now
			if now.IsZero() {
				now = noon
			}
			asked := func(r state.Run) bool { return r.Key == "shifted" }
			kept := func(r state.Run) bool { return r.Key == "kept" }
			v := runs.Judge(want, runs.World{State: s, Shown: tt.shown, Now: now, Asked: asked, Kept: kept, Written: func(r state.Run) bool {
				a := r.Addr
				return !strings.Contains(a.Name, "other") || len(tt.gone) == 0
			}})
			if v.Step != tt.step || v.Why != tt.why || v.Run.Key != tt.key {
				t.Errorf("%s %s %q, want %s %s %q", v.Step, v.Why, v.Run.Key, tt.step, tt.why, tt.key)
			}
			if v.Step == runs.Stop {
				if d := v.Refusal(want, s); d.Code == "" || d.Addr != rent.String() || strings.Contains(d.Detail, "%!") || !strings.Contains(d.Detail, "\n") && v.Why != runs.NotKnown {
					t.Errorf("it is refused with %+v", d)
				}
			}
			var found strings.Builder
			for _, r := range v.Found {
				found.WriteString(r.ID)
			}
			if found.String() != tt.found {
				t.Errorf("found %q, want %q", found.String(), tt.found)
			}
			if (v.Step == runs.Send || v.Step == runs.Resend) && (v.Run.Addr != rent || !maps.Equal(v.Run.Of, want.Of)) {
				t.Errorf("what would be sent is %+v", v.Run)
			}
		})
	}
}

// A request that takes no key is sent once, and after a lost answer never without
// a person.
func TestJudgeWithoutKeys(t *testing.T) {
	want := runs.Want{Addr: rent, Action: &schema.Action{}, Of: of(), Digest: "d"}
	s := state.New("lineage")
	world := runs.World{State: s, Now: noon, Written: func(state.Run) bool { return true }}
	if v := runs.Judge(want, world); v.Step != runs.Send {
		t.Errorf("%+v, want it sent", v)
	}
	s.Runs["k"] = run("k", nil)
	if v := runs.Judge(want, world); v.Step != runs.Stop || v.Why != runs.Unanswered {
		t.Errorf("%+v, want it stopped", v)
	}
	world.Shown = []runs.Payment{shown("p", nil)} // which says nothing of what is no payout
	if v := runs.Judge(want, world); v.Step != runs.Stop || v.Why != runs.Unanswered {
		t.Errorf("%+v, want it stopped beside a payout", v)
	}
	world.Now = world.Now.Add(-time.Hour) // of a key that is good for no time, not even for none
	if v := runs.Judge(want, world); v.Step != runs.Stop || v.Why != runs.Unanswered {
		t.Errorf("%+v, want it stopped in the second in which it was sent", v)
	}
	want.Action, world.Now = &schema.Action{KeyLife: 12 * time.Hour}, noon // no payout, though with a key
	if v := runs.Judge(want, world); v.Step != runs.Resend {
		t.Errorf("%+v, want it sent again with its key, whatever payouts are shown", v)
	}
	delete(s.Runs, "k")
	if v := runs.Judge(want, world); v.Step != runs.Send {
		t.Errorf("%+v, want it sent, whatever payouts are shown", v)
	}
	want.Action, world.Shown = &schema.Action{}, nil
	s.Runs["k"] = run("k", func(r *state.Run) { r.Unsent = true })
	if v := runs.Judge(want, world); v.Step != runs.Send || v.Run.Key != "" || len(v.Drop) != 1 {
		t.Errorf("%+v, want it sent in place of the one that never left", v)
	}
}

// After a payout was made, one like it that was not there before is somebody else's
// of the same moment.
func TestBeside(t *testing.T) {
	s := state.New("lineage")
	s.Runs["k"] = run("k", done("mine"))
	known := runs.Want{Addr: rent, Action: pays, Of: of()}
	before := []runs.Payment{shown("known", nil)}
	now := append(before, shown("mine", nil), shown("theirs", nil), shown("other", func(p *runs.Payment) { p.Amount = "7.00" }))
	odd := runs.Beside(known, runs.World{State: s, Shown: now, Now: noon}, before)
	if len(odd) != 1 || odd[0].ID != "theirs" {
		t.Errorf("%+v, want theirs", odd)
	}
}

// A run without an answer may have made each payout that fits it; it has made one for
// certain only if that is one, and no other run can have made it.
func TestFind(t *testing.T) {
	one := func(change func(*runs.Payment)) []runs.Payment { return []runs.Payment{shown("p", change)} }
	for name, tt := range map[string]struct {
		runs   []state.Run
		shown  []runs.Payment
		found  string
		may    bool
		change func(*state.Run)
	}{
		"another currency is shown":        {nil, one(func(p *runs.Payment) { p.Currency = "MXN" }), "", false, nil},
		"another payee is shown":           {nil, one(func(p *runs.Payment) { p.Recipient = "rf" }), "", false, nil},
		"another account is shown":         {nil, one(func(p *runs.Payment) { p.Account = "vb" }), "", false, nil},
		"one of before is shown":           {nil, one(func(p *runs.Payment) { p.Created = noon.Add(-71 * time.Minute) }), "", false, nil},
		"Kira does not say since when":     {nil, one(func(p *runs.Payment) { p.Created = time.Time{} }), "p", true, nil},
		"Kira does not say to whom":        {nil, one(func(p *runs.Payment) { p.Recipient = "" }), "p", true, nil},
		"nobody knows when it was sent":    {nil, one(nil), "", true, func(r *state.Run) { r.After = time.Time{} }},
		"the state does not say from whom": {nil, one(func(p *runs.Payment) { p.Account = "va" }), "p", true, func(r *state.Run) { r.Of = of("virtual_account_id", "") }},
		"nothing is shown":                 {nil, nil, "", false, nil},
		"it is shown":                      {nil, []runs.Payment{shown("p", nil)}, "p", true, nil},
		"two are shown":                    {nil, []runs.Payment{shown("p", nil), shown("q", nil)}, "", true, nil},
		"another amount is shown":          {nil, []runs.Payment{shown("p", func(p *runs.Payment) { p.Amount = "7.00" })}, "", false, nil},
		"another run has made it":          {[]state.Run{run("a", done("p"))}, []runs.Payment{shown("p", nil)}, "", false, nil},
		"another run may have made it":     {[]state.Run{run("a", nil)}, []runs.Payment{shown("p", nil)}, "", true, nil},
		"another run was another thing":    {[]state.Run{run("a", func(r *state.Run) { r.Of = of("amount", "7.00") })}, []runs.Payment{shown("p", nil)}, "p", true, nil},
	} {
		s := state.New("lineage")
		k := run("k", tt.change)
		s.Runs["k"] = k
		for _, r := range tt.runs {
			s.Runs[r.Key] = r
		}
		w := runs.World{State: s, Shown: tt.shown, Now: noon}
		if p, ok := runs.Find(k, w); p.ID != tt.found || ok != (tt.found != "") {
			t.Errorf("%s: found %q, %v", name, p.ID, ok)
		}
		if may := runs.May(k, w); may != tt.may {
			t.Errorf("%s: it may be one of them: %v", name, may)
		}
	}
}

// A run that goes out again may have made any of those that fit it, and one alone.
func TestOthers(t *testing.T) {
	s := state.New("lineage")
	again := run("k", nil)
	s.Runs["k"] = again
	old := shown("old", func(p *runs.Payment) { p.Created = noon.Add(-2 * time.Hour) })
	all := []runs.Payment{shown("a", nil), old, shown("b", nil)}
	if left := runs.Others(again, runs.World{State: s, Shown: all, Now: noon}); len(left) != 1 || left[0].ID != "old" || len(all) != 3 {
		t.Errorf("%+v, want old", left)
	}
}

// Periods that people take for one are one.
func TestSamePeriod(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		same bool
	}{
		{"2026-03", "2026-03 ", true}, {"2026-03", "2026-3", true}, {"2026-03", "\t2026\u201103", true}, {"2026-W07", "2026-w7", true},
		{"2026-03", "２０２６-03", true}, {"March  2026", "march 2026", true}, {"", "", true}, {"", " ", true}, {"2026-03", "2026-\u200b03", true},
		{"2026-03", "2026_03", true}, {"2026-03", "2026/3", true}, {"2026-03", "2026.03.", true}, {"2026-03", "2026 03", true}, {"2026-W07", "2026W7", true},
		{"2026-03", "2026 – 03", true}, {"2026-03", "202603", false}, {"2026-1-1", "2026-11", false}, {"2026-1 1", "2026-11", false}, {"12/3", "1/23", false}, {"Q1 2026", "Q2 2026", false},
		{"2026-03", "2026-04", false}, {"2026-03", "", false}, {"2026-1", "2026-10", false}, {"2026-0", "2026-", false}, {"2026-03", "2026-03 b", false}, {"20261", "2026-1", false},
	} {
		if runs.SamePeriod(tt.a, tt.b) != tt.same || runs.SamePeriod(tt.b, tt.a) != tt.same {
			t.Errorf("%q and %q: %v, want %v", tt.a, tt.b, !tt.same, tt.same)
		}
	}
}

// A run counts for an action by the request, and not by the address alone.
func TestWritten(t *testing.T) {
	third := addr.Resource{Action: true, Kind: "kira_payout", Name: "third"}
	w := runs.Written{rent: of(), other: of("amount", "7.00"), third: nil}
	for _, tt := range []struct {
		name                  string
		run                   state.Run
		has, elsewhere, keeps bool
	}{
		{name: "the request of its address", run: state.Run{Addr: rent, Of: of()}, has: true, keeps: true},
		{name: "another amount at its address", run: state.Run{Addr: rent, Of: of("amount", "1.00")}, keeps: true},
		{name: "another payee at its address", run: state.Run{Addr: rent, Of: of("recipient_id", "rf")}},
		{name: "another period at its address", run: state.Run{Addr: rent, Of: of("period", "2026-04")}},
		{name: "the request of another address", run: state.Run{Addr: other, Of: of()}, elsewhere: true, keeps: true},
		{name: "an action of which nothing is known", run: state.Run{Addr: third, Of: of("amount", "1.00")}},
		{name: "one of which nothing is known, without a period", run: state.Run{Addr: third, Of: of("period", "")}, keeps: true},
		{name: "an action that is gone", run: state.Run{Addr: addr.Resource{Action: true, Kind: "kira_payout", Name: "gone"}, Of: of("period", "")}},
	} {
		if has, elsewhere, keeps := w.Has(tt.run), w.Elsewhere(tt.run), w.Keeps(tt.run); has != tt.has || elsewhere != tt.elsewhere || keeps != tt.keeps {
			t.Errorf("%s: %v %v %v, want %v %v %v", tt.name, has, elsewhere, keeps, tt.has, tt.elsewhere, tt.keeps)
		}
	}
}

// Amounts are added to the last place, and a text that is none may be any amount.
func TestSum(t *testing.T) {
	if got := runs.Sum("0.10", "0.2", "1", "nothing"); got != "1.30" {
		t.Errorf("the sum is %s", got)
	}
	if got := runs.Sum("0.001", "0.0004"); got != "0.0014" {
		t.Errorf("the sum of small amounts is %s", got)
	}
	if runs.More("10.00", "10") || !runs.More("10.01", "10") || !runs.More("", "10") || !runs.More("1", "?") {
		t.Error("amounts are not compared as amounts")
	}
}
