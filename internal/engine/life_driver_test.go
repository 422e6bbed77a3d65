package engine_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing/fstest"
	"time"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/eval"
	"kiraform/internal/event"
	"kiraform/internal/kira"
	"kiraform/internal/planfile"
	"kiraform/internal/simulator"
	"kiraform/state"
	"kiraform/state/memory"
)

// A driver runs kiraform over a configuration, against a simulator of its own.
type driver interface {
	run(t failer, src string, r ride) outcome
	kira() *simulator.Server
	state(t failer) *state.State // an empty one if there is none
	answer(how replies)          // answers requests in Kira's place; nil lets all of them pass
	memory() state.Store         // where the state is kept
	night() bool                 // lets 25 hours pass, if time can
	moment() time.Duration       // how long a person at Kira takes at least

	// rekey gives the state another key, if that can be done here. If the key is
	// lost, the written values are trusted, once a plan without it was refused.
	rekey(t failer, src string, lost bool) bool

	// again takes an object out of the state and imports it to the same address, and mv
	// moves all objects of a block to another.
	again(t failer, src, a, id string) (said string, err error)
	mv(t failer, src, from, to string) (said string, err error)

	encrypt() bool     // encrypts the state from now on, or does so no longer, if there is a file
	anotherCopy() bool // works in another working copy from now on, with the same state, if there are any
}

// replies are how a request is answered by something between kiraform and Kira;
// a status of 0 lets it pass.
type replies func(*http.Request) (status int, body string)

// answered answers w for r, if how does.
func (how replies) answered(w http.ResponseWriter, r *http.Request) bool {
	if how == nil {
		return false
	}
	status, body := how(r)
	if status == 0 {
		return false
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
	return true
}

// A ride says how to run.
type ride struct {
	plan     bool          // only plan
	target   string        // an address; "" means everything
	exclude  string        // an address that is left out
	refresh  bool          // only take the objects into the state
	minimal  bool          // look only at the objects that the changes rest on
	replace  []string      // addresses
	goneOK   int           // so many objects may be gone
	out      string        // the plan is saved under this name
	saved    string        // the plan of this name is applied
	away     bool          // the run is for another account
	wait     time.Duration // 0 means not at all
	workers  int
	kill     int  // the moment at which the run dies; 0 means that it lives
	answered bool // requests on their way are answered though the run is dead
}

// An outcome is the output of a run and its end.
type outcome struct {
	diags    []event.Diagnostic
	planned  []event.Planned
	deferred int
	empty    bool  // the plan says that there are no changes
	clean    bool  // everything planned was done, or deferred
	stale    bool  // the saved plan is not true any more
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
	world
	store state.Store
	key   state.Key
	how   replies
	plans map[string][]byte // that were saved
}

func newInside(t failer) *inside {
	key, err := state.NewKey([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	w := world{sim: newKira(), url: "http://127.0.0.1", home: "http://127.0.0.1"}
	return &inside{world: w, store: memory.New(), key: key, plans: make(map[string][]byte)}
}

func (d *inside) kira() *simulator.Server { return d.sim }
func (d *inside) moment() time.Duration   { return 100 * time.Millisecond }

func (d *inside) night() bool {
	time.Sleep(25 * time.Hour)
	return true
}

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

func (d *inside) encrypt() bool     { return false }
func (d *inside) anotherCopy() bool { return false }

func (d *inside) memory() state.Store { return d.store }

func (d *inside) answer(how replies) { d.how = how }

func (d *inside) between(next http.RoundTripper) http.RoundTripper {
	return transport(func(r *http.Request) (*http.Response, error) {
		if w := httptest.NewRecorder(); d.how.answered(w, r) {
			return w.Result(), nil
		}
		return next.RoundTrip(r)
	})
}

func (d *inside) savePlan(ctx context.Context, name string, f planfile.File) error {
	data, err := f.Encode(ctx, d.key)
	d.plans[name] = data
	return err
}

func (d *inside) readPlan(name string) (*planfile.File, engine.PlanOptions, error) {
	f, err := planfile.Read(d.plans[name], d.find)
	if err != nil {
		return nil, engine.PlanOptions{}, err
	}
	o, err := engine.OptionsOf(f)
	return f, o, err
}

func mustParse(address string) addr.Resource {
	a, err := addr.Parse(address)
	if err != nil {
		panic(err)
	}
	return a
}

// away connects to the same Kira with another account.
func (d *inside) away(ctx context.Context, p eval.Provider) (engine.Connection, error) {
	c, err := d.connect(ctx, p)
	c.ClientID = otherAccount
	c.Place.Account = state.Account(otherAccount)
	return c, err
}

const otherAccount = "51000000-0000-4000-8000-0000000000aa"

func (d *inside) run(_ failer, src string, r ride) (out outcome) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var fate *doom
	o := engine.Options{
		Version: "0.1.0", FS: fstest.MapFS{"main.kira.hcl": {Data: []byte(src)}}, Store: d.store, Emit: out.hear,
		Key: d.find, Connect: d.connect,
	}
	if r.kill > 0 {
		end := cancel
		if r.answered {
			end = nil
		}
		fate = newDoom(r.kill, end)
		o = fate.over(o)
	}
	through := fate.client(d.sim)
	d.client = func(c *kira.Client) {
		through(c)
		c.HTTP.Transport = d.between(c.HTTP.Transport)
	}
	if r.away {
		o.Connect = d.away
	}
	p, err := engine.Open(o)
	if err != nil {
		out.err = err
		return out
	}
	po := engine.PlanOptions{Wait: r.wait > 0, GoneOK: engine.GoneOK{N: r.goneOK}, Workers: r.workers}
	if r.target != "" {
		po.Targets = []addr.Resource{mustParse(r.target)}
	}
	if r.exclude != "" {
		po.Exclude = []addr.Resource{mustParse(r.exclude)}
	}
	po.Minimal = r.minimal
	if r.refresh {
		now, err := p.Refresh(ctx, po)
		if out.err = err; err == nil {
			out.err = p.Accept(ctx, now)
		}
		out.err = errors.Join(out.err, now.Close())
		return out
	}
	for _, a := range r.replace {
		po.Replace = append(po.Replace, mustParse(a))
	}
	var file *planfile.File
	if r.saved != "" {
		if file, po, out.err = d.readPlan(r.saved); out.err != nil {
			return out
		}
	}
	pl, err := p.Plan(ctx, po)
	if out.err = err; err != nil || fate != nil && fate.dead() {
		return out
	}
	out.empty = pl.Empty()
	if r.out != "" {
		saved, err := pl.Saved(ctx, r.wait)
		out.err = errors.Join(err, d.savePlan(ctx, r.out, saved))
	}
	if r.plan {
		return out
	}
	if file != nil {
		if out.err = pl.Check(context.Background(), file); out.err != nil {
			_, out.stale = errors.AsType[*planfile.StaleError](out.err)
			return out
		}
	}
	sum, err := p.Apply(ctx, pl, engine.ApplyOptions{Wait: r.wait, Workers: r.workers})
	out.err, out.clean = err, err == nil && sum.OK() && len(pl.Unread()) == 0
	return out
}

// find is d.key for a state that has it, or that has none yet.
func (d *inside) find(id string) (state.Key, error) {
	if id != "" && id != d.key.ID() {
		return state.Key{}, &state.OtherKeyError{Want: id}
	}
	return d.key, nil
}

func (d *inside) rekey(t failer, src string, lost bool) bool {
	next, err := state.NewKey([]byte(d.key.ID() + d.key.ID()))
	if err != nil {
		t.Fatal(err)
	}
	renewal := state.Renewal{Old: d.key, New: next}
	d.key = next
	if lost {
		renewal.Old = state.Key{}
		if out := d.run(t, src, ride{workers: 1}); !slices.Contains(out.errors(), "other-key") {
			t.Fatalf("without the key: %v %q", out.err, out.errors())
		}
	}
	var out outcome
	p, err := engine.Open(engine.Options{
		Version: "0.1.0", FS: fstest.MapFS{"main.kira.hcl": {Data: []byte(src)}}, Store: d.store, Emit: out.hear, Key: d.find, Connect: d.connect,
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Rekey(context.Background(), func(string) (state.Renewal, error) { return renewal, nil }, lost, false)
	if err != nil {
		t.Fatal(err)
	}
	if !lost && len(r.Believed) > 0 {
		t.Fatalf("with the old key nothing has to be believed, but %v", r.Believed)
	}
	if err := p.Keep(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	return true
}
