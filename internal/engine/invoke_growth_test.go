package engine_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"kiraform/internal/engine"
	"kiraform/internal/norace"
	"kiraform/state"
	"kiraform/state/memory"
)

// manyPayees is a configuration in which each of n people pays somebody.
func manyPayees(n int) string {
	_, people, _ := strings.Cut(many(n), "locals {")
	return simulated + "locals {" + people + `
action "kira_payout" "rent" {
  for_each = local.people
  config {
    virtual_account_id = kira_virtual_account.a[each.key].id
    recipient_id       = kira_recipient.r[each.key].id
    amount             = "100.00"
    currency           = "USD"
    period             = "2026-03"
  }
}
`
}

// Memory grows with the number of payouts, and not with its square: each rests on the
// objects as they are planned, and that plan is made once.
func TestPayoutsArePlannedInLinearWork(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	allocated := func(n int) uint64 {
		w := virtual(t, nil)
		w.onDisk = true
		if sum, said, err := w.applied(t, manyPayees(n), engine.ApplyOptions{}); err != nil || !sum.OK() {
			t.Fatalf("%+v, %v\n%s", sum, err, said)
		}
		p, err := engine.Open(w.options(manyPayees(n)))
		if err != nil {
			t.Fatal(err, w.said())
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		iv, err := p.PlanInvoke(context.Background(), engine.InvokeOptions{Addr: rentAddr})
		runtime.ReadMemStats(&after)
		if err != nil || len(iv.All) != n {
			t.Fatal(err, w.said())
		}
		if err := iv.Close(); err != nil {
			t.Fatal(err)
		}
		return after.TotalAlloc - before.TotalAlloc
	}
	if few, many := allocated(15), allocated(60); many > 5*few {
		t.Errorf("15 payouts took %d bytes, 60 took %d", few, many)
	}
}

// measured is a store that counts the bytes of all records.
type measured struct {
	state.Store
	bytes int
}

func (m *measured) Journal(ctx context.Context, st *state.State) (state.Journal, error) {
	j, err := m.Store.Journal(ctx, st)
	return &measuredJournal{j, m}, err
}

type measuredJournal struct {
	state.Journal
	of *measured
}

func (j *measuredJournal) Append(r state.Record) error {
	data, err := state.EncodeRecord(r)
	j.of.bytes += len(data)
	return errors.Join(err, j.Journal.Append(r))
}

// The bytes that a run writes grow with the number of actions that one object triggers:
// the object is not written once more for each of them.
func TestActionsOfOneObjectAreStruckOffInLinearWork(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	written := func(n int) int {
		w := newWorld(t)
		store := &measured{Store: memory.New()}
		w.stores = map[string]state.Store{w.dir: store}
		var actions []string
		var blocks strings.Builder
		for i := range n {
			actions = append(actions, fmt.Sprintf("action.kira_verification.v%d", i))
			fmt.Fprintf(&blocks, "action \"kira_verification\" \"v%[1]d\" {\n  config {\n    user_id = kira_user.maria.id\n    period  = \"%[1]d\"\n  }\n}\n", i)
		}
		trigger := "  lifecycle {\n    action_trigger {\n      events  = [after_create]\n      actions = [" + strings.Join(actions, ", ") + "]\n    }\n  }\n"
		src := strings.Replace(simulated+maria, "  first_name", trigger+"  first_name", 1) + blocks.String()
		sum, said, err := w.applied(t, src, engine.ApplyOptions{})
		if err != nil || sum.Actions.Run != n {
			t.Fatalf("%+v, %v\n%s", sum, err, said)
		}
		st, err := store.Load(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for a, o := range st.Resources {
			if len(o.Due) > 0 {
				t.Errorf("%s still has to trigger %v", a, o.Due)
			}
		}
		return store.bytes
	}
	if few, many := written(60), written(240); many > 5*few {
		t.Errorf("60 actions took %d bytes, 240 took %d", few, many)
	}
}
