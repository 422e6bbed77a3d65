package runs_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"kiraform/internal/addr"
	"kiraform/internal/runs"
	"kiraform/state"
)

// A book that followed every change answers as one that is made anew, whatever the runs
// are and however they end.
func TestABookStaysTrue(t *testing.T) {
	for seed := range uint64(300) {
		draw := rand.New(rand.NewPCG(seed, 7))
		pick := func(all ...string) string { return all[draw.IntN(len(all))] }
		some := func() state.Run {
			r := run(pick("a", "b", "c", "d", "e", "f"), nil)
			r.Addr.Name = pick("rent", "other", "third")
			r.Of = of("amount", pick("100.00", "120.00"), "period", pick("2026-03", "2026-3", ""), "recipient_id", pick("re", "rf"))
			r.At = noon.Add(-time.Duration(draw.IntN(4)) * 7 * time.Hour)
			r.Unsent, r.Unsure, r.Done, r.Foreign = draw.IntN(4) == 0, draw.IntN(4) == 0, draw.IntN(2) == 0, draw.IntN(5) == 0
			if r.Done {
				r.ID = pick("", "p1", "p2", "p3")
			}
			return r
		}
		st := state.New("lineage")
		for range draw.IntN(5) {
			r := some()
			st.Runs[r.Key] = r
		}
		written := func(r state.Run) bool { return r.Addr.Name != "other" && r.Of["amount"] == "100.00" }
		book := runs.NewBook(st, written)
		for range 6 {
			rec := state.Record{Addr: rent}
			if r := some(); draw.IntN(4) > 0 {
				rec.Run, rec.Addr = &r, r.Addr
			}
			if draw.IntN(3) == 0 {
				rec.Undone = pick("a", "b", "c")
			}
			copied := st.Clone()
			copied.Apply(rec)
			book.Apply(rec)
			if !maps.EqualFunc(st.Runs, copied.Runs, func(a, b state.Run) bool { return reflect.DeepEqual(a, b) }) {
				t.Fatalf("seed %d: the book has the state keep %+v, want %+v", seed, st.Runs, copied.Runs)
			}
			want := runs.Want{Addr: rent, Action: pays, Of: of(), Digest: pick("d", "e"), Again: draw.IntN(5) == 0}
			if draw.IntN(3) == 0 {
				want.Alike = []string{"rf"}
			}
			world := runs.World{State: st, Shown: []runs.Payment{shown("p1", nil), shown("p4", nil)}[:draw.IntN(3)], Now: noon, Written: written}
			anew := runs.Judge(want, world)
			world.Book = book
			if got := runs.Judge(want, world); !reflect.DeepEqual(got, anew) {
				t.Fatalf("seed %d: with the book %+v, anew %+v; the runs are %+v", seed, got, anew, slices.Collect(maps.Values(st.Runs)))
			}
		}
	}
}

// A decision takes no more work where there are many runs of other actions, and neither
// does the run that follows it.
func TestADecisionIsIndependentOfOtherRuns(t *testing.T) {
	work := func(n int) (allocations float64, asked int) {
		st := state.New("lineage")
		for i := range n {
			r := run(fmt.Sprint("k", i), done(fmt.Sprint("p", i)))
			r.Addr = addr.Resource{Action: true, Kind: "kira_payout", Name: "of", Key: addr.Int(i)}
			st.Runs[r.Key] = r
		}
		world := runs.World{State: st, Now: noon, Shown: []runs.Payment{shown("q", func(p *runs.Payment) { p.Amount = "7.00" })},
			Written: func(state.Run) bool { asked++; return true }}
		world.Book = runs.NewBook(st, world.Written)
		asked = 0
		own := run("own", done("own"))
		return testing.AllocsPerRun(20, func() {
			if v := runs.Judge(runs.Want{Addr: rent, Action: pays, Of: of(), Digest: "d"}, world); v.Step != runs.Send {
				t.Fatalf("%+v", v)
			}
			world.Book.Apply(state.Record{Addr: rent, Run: &own})
			world.Book.Apply(state.Record{Addr: rent, Undone: "own"})
		}), asked
	}
	few, askedOfFew := work(200)
	many, askedOfMany := work(800)
	if many > few || askedOfMany != askedOfFew {
		t.Errorf("beside 200 runs %v allocations and %d questions, beside 800 %v and %d", few, askedOfFew, many, askedOfMany)
	}
}

// Identities are one run if, and only if, they have one form.
func TestForm(t *testing.T) {
	all := []map[string]string{of(), of("period", "2026-3"), of("period", ""), of("amount", "1.00"), of("recipient_id", ""), {}, nil, {"period": ""}, {"period": "2026-03"},
		{"amount": "1"}, {"amount": "1", "period": ""}, {"amount": ""}}
	for _, a := range all {
		for _, b := range all {
			if (runs.Form(a) == runs.Form(b)) != runs.Same(a, b) {
				t.Errorf("%v and %v: forms %q and %q, the same run %v", a, b, runs.Form(a), runs.Form(b), runs.Same(a, b))
			}
		}
	}
}
