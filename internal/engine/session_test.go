package engine_test

import (
	"context"
	"testing"

	"kiraform/internal/engine"
	"kiraform/internal/eval"
)

// Whoever has a plan has a whole one, and whoever has none need not close it.
func TestNoPlanAfterAnError(t *testing.T) {
	const nobody = "00000000-0000-4000-8000-000000000000"
	for name, tt := range map[string]struct {
		src  string
		open int // connections, once Plan has returned
	}{
		"a plan has a connection":    {maria, 1},
		"an error has no connection": {maria + importBlock("kira_user.maria", nobody), 0},
		"a look at nothing has none": {simulated + `data "kira_user" "x" { id = "` + nobody + `" }`, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			open := 0
			o := w.options(tt.src)
			o.Connect = func(ctx context.Context, p eval.Provider) (engine.Connection, error) {
				conn, err := w.connect(ctx, p)
				open++
				conn.Close = func() error { open--; return nil }
				return conn, err
			}
			p, err := engine.Open(o)
			if err != nil {
				t.Fatal(err, w.said())
			}
			pl, err := p.Plan(t.Context(), engine.PlanOptions{})
			if (err == nil) != (pl != nil) || open != tt.open {
				t.Errorf("the plan is %v, the error %v, and %d connections are open; want %d", pl, err, open, tt.open)
			}
			if err := pl.Close(); err != nil || open != 0 {
				t.Errorf("after Close: %v, and %d connections are open", err, open)
			}
		})
	}
}
