package engine_test

import (
	"strings"
	"testing"

	"kiraform/internal/engine"
)

// A bank is the same one whether it is written by its name or by its provider.
func TestTheSameBankIsNoChange(t *testing.T) {
	byProvider := simulated + maria + mariasAccount
	byBank := strings.Replace(byProvider, `provider = "act"`, `bank = "austin_capital_trust"`, 1)
	for name, tt := range map[string]struct{ before, after string }{
		"provider to bank": {byProvider, byBank},
		"bank to provider": {byBank, byProvider},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.run(t, tt.before, engine.PlanOptions{}, true)
			if said := w.diagnosed(t, tt.after); len(said) > 0 {
				t.Fatalf("said %q, want nothing", said)
			}
			if pl := w.run(t, tt.after, engine.PlanOptions{}, false); !pl.Empty() {
				t.Errorf("the plan is not empty:\n%s", w.said())
			}
		})
	}
}
