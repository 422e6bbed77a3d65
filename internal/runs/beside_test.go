package runs_test

import (
	"testing"
	"time"

	"kiraform/internal/runs"
	"kiraform/state"
)

// A payout that nobody remembers stops one that may be the same payment, until a person
// has said that it is somebody else's.
func TestWhichPayoutsStopOne(t *testing.T) {
	crypto := func(w *runs.Want) { w.Of = of("recipient_id", "") }
	for name, tt := range map[string]struct {
		shown func(*runs.Payment)
		want  func(*runs.Want)
		stops bool
	}{
		"the same":                                      {nil, nil, true},
		"of another amount":                             {func(p *runs.Payment) { p.Amount = "7.00" }, nil, false},
		"of an amount that is spelled otherwise":        {func(p *runs.Payment) { p.Amount = "100" }, nil, true},
		"of an amount that Kira does not show":          {func(p *runs.Payment) { p.Amount = "" }, nil, true},
		"to another payee":                              {func(p *runs.Payment) { p.Recipient = "rf" }, nil, false},
		"to a payee that Kira does not show":            {func(p *runs.Payment) { p.Recipient = "" }, nil, true},
		"to one with the same account":                  {func(p *runs.Payment) { p.Recipient = "rf" }, func(w *runs.Want) { w.Alike = []string{"rf"} }, true},
		"to one that may have the same account":         {func(p *runs.Payment) { p.Recipient = "rf" }, func(w *runs.Want) { w.Maybe = []string{"rf"} }, true},
		"to the same account of another user":           {func(p *runs.Payment) { p.Recipient, p.Alike = "rf", true }, nil, true},
		"made by another user to another account":       {func(p *runs.Payment) { p.Other = "u2" }, nil, false},
		"of long ago":                                   {func(p *runs.Payment) { p.Created = noon.Add(-runs.Memory - time.Second) }, nil, false},
		"of as long ago as is remembered":               {func(p *runs.Payment) { p.Created = noon.Add(-runs.Memory) }, nil, true},
		"of a time that Kira does not show":             {func(p *runs.Payment) { p.Created = time.Time{} }, nil, true},
		"from the account, without a payee":             {func(p *runs.Payment) { p.Account = "va" }, crypto, true},
		"from another account, without a payee":         {func(p *runs.Payment) { p.Account = "vb" }, crypto, false},
		"from an account that is hidden, without one":   {nil, crypto, true},
		"the same, which is known to be somebody's":     {nil, func(w *runs.Want) { w.Known = []string{"p"} }, false},
		"the same, and another one is said to be known": {nil, func(w *runs.Want) { w.Known = []string{"p", "q"} }, true},
	} {
		want := runs.Want{Addr: rent, Action: pays, Of: of(), Digest: "d"}
		if tt.want != nil {
			tt.want(&want)
		}
		v := runs.Judge(want, runs.World{State: state.New("lineage"), Shown: []runs.Payment{shown("p", tt.shown)}, Now: noon})
		if (v.Step == runs.Stop) != tt.stops || v.Step != runs.Stop && v.Step != runs.Send {
			t.Errorf("%s: %s %s", name, v.Step, v.Why)
		}
		if foreign := len(v.Foreign) == 1 && v.Foreign[0].ID == "p" && v.Foreign[0].Foreign && v.Foreign[0].Done; foreign != (len(want.Known) == 1) {
			t.Errorf("%s: as somebody else's it remembers %+v", name, v.Foreign)
		}
	}
}

// One that is said to be known has to be one that stops it, or one that is remembered.
func TestWhatIsSaidToBeKnown(t *testing.T) {
	for name, tt := range map[string]struct {
		known string
		runs  []state.Run
		step  runs.Step
		why   runs.Reason
	}{
		"nobody has seen it":       {"q", nil, runs.Stop, runs.NotKnown},
		"a run has made it":        {"q", []state.Run{run("k", func(r *state.Run) { done("q")(r); r.Of = of("period", "2026-02") })}, runs.Send, ""},
		"it is of another amount":  {"r", nil, runs.Stop, runs.NotKnown},
		"it is the one in the way": {"p", nil, runs.Send, ""},
	} {
		s := state.New("lineage")
		for _, r := range tt.runs {
			s.Runs[r.Key] = r
		}
		seen := []runs.Payment{shown("p", nil), shown("r", func(p *runs.Payment) { p.Amount = "7.00" })}
		if tt.known != "p" {
			seen = seen[1:]
		}
		v := runs.Judge(runs.Want{Addr: rent, Action: pays, Of: of(), Digest: "d", Known: []string{tt.known}}, runs.World{State: s, Shown: seen, Now: noon,
			Written: func(state.Run) bool { return true }})
		if v.Step != tt.step || v.Why != tt.why {
			t.Errorf("%s: %s %s", name, v.Step, v.Why)
		}
	}
}
