package engine_test

import (
	"context"
	"fmt"
	"testing/fstest"
	"time"

	"kiraform/internal/engine"
	"kiraform/internal/eval"
	"kiraform/internal/event"
	"kiraform/internal/kira"
	"kiraform/internal/simulator"
	"kiraform/state"
	"kiraform/state/statetest"
)

// A driver runs kiraform over a configuration, against a simulator of its own.
type driver interface {
	run(t failer, src string, r ride) outcome
	kira() *simulator.Server
	state(t failer) *state.State // an empty one if there is none
	moment() time.Duration       // how long a person at Kira takes at least
}

// A ride says how to run.
type ride struct {
	plan     bool          // only plan
	wait     time.Duration // 0 means not at all
	workers  int
	kill     int  // the moment at which the run dies; 0 means that it lives
	answered bool // requests on their way are answered though the run is dead
}

// An outcome is what a run said and how it ended.
type outcome struct {
	diags    []event.Diagnostic
	planned  []event.Planned
	deferred int
	empty    bool  // the plan says that there are no changes
	clean    bool  // everything planned was done, or deferred
	err      error // why there is no plan, or why the run ended early
	said     string
}

func (o *outcome) hear(e event.Event) {
	switch e := e.(type) {
	case event.Diagnostic:
		o.diags = append(o.diags, e)
	case event.Planned:
		o.planned = append(o.planned, e)
		o.said += fmt.Sprintf("%s will be: %s %s %s\n", e.Addr, e.Action, e.Why, e.After)
		return
	case event.PlanEnd:
		o.deferred = e.Counts["defer"]
	}
	o.said += (&world{events: []event.Event{e}}).said()
}

// errors are the codes of the errors that were said.
func (o *outcome) errors() (codes []string) {
	for _, d := range o.diags {
		if d.Severity == "error" {
			codes = append(codes, d.Code)
		}
	}
	return codes
}

// inside is kiraform in this process, with a state in memory.
type inside struct {
	sim   *simulator.Server
	store state.Store
	key   state.Key
}

func newInside(t failer) *inside {
	key, err := state.NewKey([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	return &inside{sim: newKira(), store: statetest.NewMemory(), key: key}
}

func (d *inside) kira() *simulator.Server { return d.sim }
func (d *inside) moment() time.Duration   { return 100 * time.Millisecond }

func (d *inside) state(t failer) *state.State {
	st, err := d.store.Load(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if st == nil {
		st = state.New("")
	}
	return st
}

func (d *inside) run(_ failer, src string, r ride) (out outcome) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var fate *doom
	o := engine.Options{
		Version: "0.1.0", FS: fstest.MapFS{"main.kira.hcl": {Data: []byte(src)}}, Store: d.store, Emit: out.hear,
		Key: func() (state.Key, error) { return d.key, nil },
	}
	if r.kill > 0 {
		end := cancel
		if r.answered {
			end = nil
		}
		fate = newDoom(r.kill, end)
		o = fate.over(o)
	}
	o.Connect = func(context.Context, eval.Provider) (engine.Connection, error) {
		c := &kira.Client{BaseURL: "http://127.0.0.1/sandbox", APIKey: "k", ClientID: "51000000-0000-4000-8000-000000000000", Password: "p"}
		fate.client(d.sim)(c)
		return engine.Connection{API: c, ClientID: c.ClientID, Place: state.Place{Environment: "sandbox", Address: c.BaseURL, Account: state.Account(c.ClientID)}, Requests: c.Requests, Date: c.Date,
			Close: func() error { return nil }}, nil
	}
	p, err := engine.Open(o)
	if err != nil {
		out.err = err
		return out
	}
	pl, err := p.Plan(ctx, engine.PlanOptions{Wait: r.wait > 0, Workers: r.workers})
	if out.err = err; err != nil || fate != nil && fate.dead() {
		return out
	}
	out.empty = pl.Empty()
	if r.plan {
		return out
	}
	sum, err := p.Apply(ctx, pl, engine.ApplyOptions{Wait: r.wait, Workers: r.workers})
	out.err, out.clean = err, err == nil && sum.OK()
	return out
}
