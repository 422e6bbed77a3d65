package apply_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/apply"
	"kiraform/internal/addr"
	"kiraform/internal/eval"
	"kiraform/internal/event"
	"kiraform/internal/graph"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// kind is all that the resources of these tests are.
var kind = schema.Kind{Name: "thing", Verbs: schema.CanRead | schema.CanUpdate, Attrs: []schema.Attr{
	{Name: "id", Type: cty.String, Computed: true},
	{Name: "name", Type: cty.String},
	{Name: "number", Type: cty.String, Computed: true},
}}

// slowKind has objects that are not ready as soon as they exist.
var slowKind = schema.Kind{Name: "slow", Verbs: kind.Verbs, Attrs: kind.Attrs, Waiting: func(seen cty.Value) string {
	if schema.Member(seen, "number").IsNull() {
		return "its number"
	}
	return ""
}, Course: schema.Course{Ended: func(get func(string) cty.Value) string {
	if n := get("number"); !n.IsNull() && n.AsString() == "none" {
		return "over"
	}
	return ""
}, Remedy: func(_ cty.Value, addr string) string { return "Mend " + addr + "." }}}

// program is a configuration in which every resource has its name written.
type program struct{}

func (program) Blocks() *graph.Graph[addr.Resource] { panic("not asked") }
func (program) Expand(addr.Resource, *eval.Values) ([]addr.Resource, hcl.Diagnostics) {
	panic("not asked")
}
func (program) Outputs(*eval.Values) (map[string]eval.Output, hcl.Diagnostics) { return nil, nil }
func (program) Check(addr.Resource, *eval.Later, *eval.Values) hcl.Diagnostics { return nil }
func (program) Checks(*eval.Values) hcl.Diagnostics                            { return nil }
func (program) Removed() []eval.Removed                                        { return nil }
func (program) Protected(addr.Resource, *eval.Values) (bool, hcl.Diagnostics) {
	panic("not asked")
}
func (program) Moves() []eval.Move                        { panic("not asked") }
func (program) Locate(addr.Resource, cty.Path) *hcl.Range { return nil }
func (program) Eval(a addr.Resource, _ *eval.Values) (eval.Resource, hcl.Diagnostics) {
	return eval.Resource{Config: config(a)}, nil
}

func config(a addr.Resource) cty.Value {
	return cty.ObjectVal(map[string]cty.Value{"name": cty.StringVal(a.Name)})
}

// api is a Provider that takes a second for each operation, and misbehaves as
// the tests ask.
type api struct {
	mu     sync.Mutex
	fail   map[string]error         // by name
	opens  map[string]time.Time     // when the gate of a resource opens
	ready  time.Time                // when numbers appear
	ends   bool                     // an end appears instead
	final  bool                     // gates that are shut do not open by themselves
	adopts map[string]string        // names that exist already, to their ids
	unless map[string]string        // names to the ids of the objects that a second key makes
	finds  map[string]apply.Finding // the outcome of lost requests, by the key of the intent; none if not said
	keys   map[string]string        // the last Idempotency-Key, by name
	sent   func(name string)        // called when a request leaves
	looked map[string]bool          // whether a lost request was looked for
	hold   map[string]time.Duration // how long requests take; a second if not said
	shows  map[string]string        // names whose answers show another id than that of the object
}

func (p *api) do(op apply.Op) (apply.Result, error) {
	if p.sent != nil {
		p.sent(op.Addr.Name)
	}
	took := time.Second
	if d, ok := p.hold[op.Addr.Name]; ok {
		took = d
	}
	time.Sleep(took)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.keys == nil {
		p.keys = make(map[string]string)
	}
	before := p.keys[op.Addr.Name]
	p.keys[op.Addr.Name] = op.Key
	if err := p.fail[op.Addr.Name]; err != nil {
		return apply.Result{}, err
	}
	if id, ok := p.adopts[op.Addr.Name]; ok {
		return apply.Result{ID: id, Seen: p.seen(op, id), Adopted: true}, nil
	}
	if id, ok := p.unless[op.Addr.Name]; ok && before != "" && before != op.Key {
		return apply.Result{ID: id, Seen: p.seen(op, id)}, nil
	}
	id := "id-" + op.Addr.Name
	return apply.Result{ID: id, Seen: p.seen(op, cmp.Or(p.shows[op.Addr.Name], id))}, nil
}

func (p *api) seen(op apply.Op, id string) cty.Value {
	number := cty.NullVal(cty.String)
	if !time.Now().Before(p.ready) {
		number = cty.StringVal("42")
		if p.ends {
			number = cty.StringVal("none")
		}
	}
	return cty.ObjectVal(map[string]cty.Value{"id": cty.StringVal(id), "name": cty.StringVal(op.Addr.Name), "number": number})
}

func (p *api) Create(_ context.Context, op apply.Op) (apply.Result, error) { return p.do(op) }
func (p *api) Update(_ context.Context, op apply.Op) (apply.Result, error) {
	if err := op.Sending(); err != nil {
		return apply.Result{}, err
	}
	return p.do(op)
}
func (p *api) Date(context.Context) time.Time { return time.Now() }
func (p *api) Find(_ context.Context, op apply.Op, lost state.Intent, _ int) (apply.Finding, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.looked == nil {
		p.looked = make(map[string]bool)
	}
	p.looked[op.Addr.Name] = true
	if f, ok := p.finds[lost.Key]; ok {
		return f, nil
	}
	return apply.Finding{None: true}, nil
}
func (p *api) Read(_ context.Context, op apply.Op) (apply.Result, error) {
	return apply.Result{ID: op.Prior.ID, Seen: p.seen(op, op.Prior.ID)}, nil
}
func (p *api) Hold(_ context.Context, op apply.Op) (apply.Hold, error) {
	if at, ok := p.opens[op.Addr.Name]; ok && time.Now().Before(at) {
		return apply.Hold{Reason: "the gate is shut", Final: p.final}, nil
	}
	return apply.Hold{}, nil
}
func (p *api) Await(ctx context.Context, op apply.Op) {
	if op.Made && op.Prior.ID == "" {
		panic("a wait for an object without an id")
	}
	select {
	case <-time.After(time.Second):
	case <-ctx.Done():
	}
}

// journal keeps the records that were appended to it.
type journal struct {
	mu      sync.Mutex
	records []state.Record
	broken  error
	breaks  int           // with the record of this number; 0 means never
	took    time.Duration // to write one down
}

func (j *journal) Append(r state.Record) error {
	time.Sleep(j.took)
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.broken != nil {
		return j.broken
	}
	if j.breaks > 0 && len(j.records)+1 >= j.breaks {
		return errors.New("the disk is full")
	}
	j.records = append(j.records, r)
	return nil
}
func (j *journal) Close() error { return nil }

func thing(name string) addr.Resource { return addr.Resource{Kind: "thing", Name: name} }

func create(a addr.Resource, needs ...string) plan.Change {
	c := plan.Change{Addr: a, Action: plan.Create, Config: config(a), After: eval.Now(plan.Propose(&kind, config(a), cty.NilVal))}
	for _, n := range needs {
		c.Needs = append(c.Needs, thing(n))
	}
	return c
}

func planned(changes ...plan.Change) *plan.Plan {
	return &plan.Plan{Changes: changes, Known: eval.NewValues()}
}

// diamond is a user, two things that need it, and a payout that needs both.
func diamond() *plan.Plan {
	return planned(create(thing("user")), create(thing("account"), "user"), create(thing("recipient"), "user"),
		create(thing("payout"), "account", "recipient"))
}

// run is one apply and all that came of it.
type run struct {
	sum     apply.Summary
	err     error
	st      *state.State
	journal journal
	events  []event.Event
	log     []string
	took    time.Duration
}

// theKey is the key of all states of these tests.
func theKey(t interface{ Fatal(...any) }) state.Key {
	key, err := state.NewKey([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (r *run) do(t *testing.T, p *plan.Plan, st *state.State, o apply.Options) {
	t.Helper()
	var n atomic.Int64
	o.Key, o.Journal = theKey(t), &r.journal
	if o.Program == nil {
		o.Program = program{}
	}
	if o.Kinds == nil {
		o.Kinds = map[string]*schema.Kind{"thing": &kind, "slow": &slowKind, "data.thing": &kind, "data.slow": &kind}
	}
	o.NewKey = func() string { return fmt.Sprintf("key-%d", n.Add(1)) }
	o.Emit = func(e event.Event) { r.events, r.log = append(r.events, e), append(r.log, brief(e)) }
	began := time.Now()
	r.st = st
	r.sum, r.err = apply.Run(t.Context(), p, st, o)
	r.took = time.Since(began)
}

func brief(e event.Event) string {
	name := func(addr string) string { _, n, _ := strings.Cut(addr, "."); return n }
	switch e := e.(type) {
	case event.Begin:
		return "+" + name(e.Addr)
	case event.End:
		if e.Err != "" {
			return "!" + name(e.Addr)
		}
		return "=" + name(e.Addr)
	case event.Skip:
		return "-" + name(e.Addr) + " because of " + name(e.Cause)
	case event.Deferred:
		return name(e.Addr) + " deferred: " + string(e.Reason)
	case event.Unready:
		return name(e.Addr) + " is not ready: " + string(e.Reason)
	case event.Gate:
		return name(e.Addr) + " held for " + e.Left.String() + ": " + string(e.Text)
	case event.Still:
		return fmt.Sprintf("%s still, %s", name(e.Addr), e.Elapsed)
	case event.Adopted:
		return name(e.Addr) + " adopted"
	case event.Note:
		return name(e.Addr) + " " + string(e.Text)
	}
	return fmt.Sprintf("%T", e)
}

func TestOrderAndParallelism(t *testing.T) {
	for _, tt := range []struct {
		name    string
		workers int
		fail    string
		want    []string
		took    time.Duration
	}{
		{"independent work runs together", 4, "",
			[]string{"+user", "=user", "+account", "+recipient", "=account", "=recipient", "+payout", "=payout"}, 3 * time.Second},
		{"one worker does one thing at a time", 1, "",
			[]string{"+user", "=user", "+account", "=account", "+recipient", "=recipient", "+payout", "=payout"}, 4 * time.Second},
		{"a failure skips only what needed it", 1, "account",
			[]string{"+user", "=user", "+account", "!account", "-payout because of account", "+recipient", "=recipient"}, 3 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var r run
				p := &api{fail: map[string]error{tt.fail: errors.New("no")}}
				r.do(t, diamond(), state.New("l"), apply.Options{Provider: p, Workers: tt.workers})
				if r.err != nil || r.took != tt.took {
					t.Errorf("took %v, %v; want %v", r.took, r.err, tt.took)
				}
				slices.Sort(r.log)
				slices.Sort(tt.want)
				if !slices.Equal(r.log, tt.want) {
					t.Errorf("events\n got %q\nwant %q", r.log, tt.want)
				}
			})
		})
	}
}

func TestIntentsAreDurableBeforeRequestsLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r run
		p := &api{}
		p.sent = func(name string) {
			r.journal.mu.Lock()
			defer r.journal.mu.Unlock()
			if !slices.ContainsFunc(r.journal.records, func(rec state.Record) bool { return rec.Addr.Name == name && rec.Intent != nil }) {
				t.Errorf("the request for %s left without an intent", name)
			}
		}
		r.do(t, diamond(), state.New("l"), apply.Options{Provider: p})
		if len(r.journal.records) != 8 || len(r.st.Intents) != 0 || len(r.st.Resources) != 4 {
			t.Errorf("%d records, %d pending, %d resources; want 8, 0, 4", len(r.journal.records), len(r.st.Intents), len(r.st.Resources))
		}
	})
}

type refusal struct{ refused bool }

func (refusal) Error() string   { return "400" }
func (r refusal) Refused() bool { return r.refused }

func TestIntentsAfterFailures(t *testing.T) {
	for _, tt := range []struct {
		name string
		err  error
		keep bool
	}{
		{"a definite refusal burns the key", refusal{true}, false},
		{"a refusal inside another error counts", fmt.Errorf("create: %w", refusal{true}), false},
		{"an answer that leaves it open keeps the key", refusal{false}, true},
		{"silence keeps the key", errors.New("connection reset"), true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				st, p := state.New("l"), &api{fail: map[string]error{"user": tt.err}}
				var first, second run
				first.do(t, planned(create(thing("user"))), st, apply.Options{Provider: p})
				if pending := len(st.Intents) > 0; pending != tt.keep {
					t.Fatalf("intent pending: %v, want %v", pending, tt.keep)
				}
				key := p.keys["user"]
				p.fail = nil
				time.Sleep(time.Hour)
				second.do(t, planned(create(thing("user"))), st, apply.Options{Provider: p})
				if same := p.keys["user"] == key && key == "key-1"; tt.keep && (!same || p.looked["user"]) {
					t.Errorf("key %s then %s, looked %v; want the same, at once", key, p.keys["user"], p.looked["user"])
				}
			})
		})
	}
}

func TestOldOrOtherIntentsLookFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, age := range map[string]time.Duration{"same body, two days old": 48 * time.Hour, "other body": time.Minute} {
			st, p := state.New("l"), &api{}
			digest := "other"
			if age > 24*time.Hour {
				var r run
				r.do(t, planned(create(thing("user"))), state.New("l"), apply.Options{Provider: p})
				digest = r.journal.records[0].Intent.Digest
			}
			st.Intents["old"] = state.Intent{Key: "old", Addr: thing("user"), Action: "create", Digest: digest, At: time.Now().Add(-age)}
			var r run
			r.do(t, planned(create(thing("user"))), st, apply.Options{Provider: p})
			if !p.looked["user"] {
				t.Errorf("%s: the create did not look first", name)
			}
		}
	})
}

func TestGates(t *testing.T) {
	for _, tt := range []struct {
		name string
		wait time.Duration
		want []string
		took time.Duration
	}{
		{"without -wait a shut gate defers, and with it what needs that", 0,
			[]string{"+user", "=user", "account deferred: the gate is shut", "+recipient", "=recipient",
				"payout deferred: it needs thing.account, which is deferred"}, 2 * time.Second},
		{"with -wait it is waited for without taking a slot", time.Minute,
			[]string{"+user", "=user", "account held for 1m0s: the gate is shut", "+recipient", "=recipient", "+account", "=account", "+payout", "=payout"}, 12 * time.Second},
		{"when the time is up it is deferred", 3 * time.Second,
			[]string{"+user", "=user", "account held for 3s: the gate is shut", "account deferred: the gate is shut",
				"payout deferred: it needs thing.account, which is deferred", "+recipient", "=recipient"}, 4 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var r run
				p := &api{opens: map[string]time.Time{"account": time.Now().Add(10 * time.Second)}}
				r.do(t, diamond(), state.New("l"), apply.Options{Provider: p, Workers: 1, Wait: tt.wait})
				slices.Sort(r.log)
				slices.Sort(tt.want)
				if !slices.Equal(r.log, tt.want) || !r.sum.OK() {
					t.Errorf("%+v\n got %q\nwant %q", r.sum, r.log, tt.want)
				}
				if r.took != tt.took {
					t.Errorf("took %v, want %v", r.took, tt.took)
				}
			})
		})
	}
}

func TestWaitsUntilReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r run
		a := addr.Resource{Kind: "slow", Name: "account"}
		p := &api{ready: time.Now().Add(5 * time.Second)}
		r.do(t, planned(create(a)), state.New("l"), apply.Options{Provider: p, Wait: time.Minute})
		if got := schema.Member(r.st.Resources[a].Seen.Shown(), "number"); got.IsNull() || got.AsString() != "42" || !r.sum.OK() {
			t.Errorf("number %#v, %+v; want it waited for", got, r.sum)
		}
	})
}

// A hold that does not pass by itself is not waited for, whatever -wait says.
func TestFinalHoldsAreNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r run
		p := &api{opens: map[string]time.Time{"account": time.Now().Add(time.Hour)}, final: true}
		r.do(t, diamond(), state.New("l"), apply.Options{Provider: p, Wait: time.Minute})
		if r.took != 2*time.Second || r.sum.Deferred != 2 || !r.sum.OK() {
			t.Errorf("took %v, %+v; want two deferred at once", r.took, r.sum)
		}
	})
}

// An object that comes to an end while the run waits for it is a failure, and is
// never ready. Without a wait it is none.
func TestObjectsThatEnd(t *testing.T) {
	a := addr.Resource{Kind: "slow", Name: "account"}
	for _, tt := range []struct {
		name  string
		wait  time.Duration
		after time.Duration
		want  []string
	}{
		{"while it is waited for", time.Minute, 5 * time.Second,
			[]string{"+account", "=account", "account held for 1m0s: Kira has to provide its number first", "!account"}},
		{"as soon as it is made", time.Minute, 0, []string{"+account", "=account", "!account"}},
		{"in a run that does not wait", 0, 0, []string{"+account", "=account"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var r run
				p := &api{ready: time.Now().Add(tt.after), ends: true}
				r.do(t, planned(create(a), create(thing("payout"))), state.New("l"), apply.Options{Provider: p, Wait: tt.wait})
				r.log = slices.DeleteFunc(r.log, func(s string) bool { return strings.HasSuffix(s, "payout") })
				dead := slices.Contains(tt.want, "!account")
				if !slices.Equal(r.log, tt.want) || r.sum.Dead[a] != dead || r.sum.OK() == dead || r.st.Resources[a].ID == "" {
					t.Errorf("%+v\n got %q\nwant %q", r.sum, r.log, tt.want)
				}
			})
		})
	}
}

func TestStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stop := make(chan struct{})
		time.AfterFunc(1500*time.Millisecond, func() { close(stop) })
		var r run
		r.do(t, diamond(), state.New("l"), apply.Options{Provider: &api{}, Stop: stop})
		if !r.sum.Stopped || r.sum.OK() || len(r.st.Resources) != 3 || r.sum.Undone != 1 || r.took != 2*time.Second {
			t.Errorf("%+v, %d resources after %v; want the three that had started", r.sum, len(r.st.Resources), r.took)
		}
	})
}

func TestStopBeforeAnythingStarts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stop := make(chan struct{})
		close(stop)
		var r run
		r.do(t, diamond(), state.New("l"), apply.Options{Provider: &api{}, Stop: stop})
		if !r.sum.Stopped || len(r.log) != 0 || r.sum.Undone != 4 {
			t.Errorf("%+v, %q; want nothing begun", r.sum, r.log)
		}
	})
}

func TestStopWhileWaitingSavesAndDefers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stop := make(chan struct{})
		time.AfterFunc(5*time.Second, func() { close(stop) })
		var r run
		p := &api{opens: map[string]time.Time{"account": time.Now().Add(time.Hour)}}
		r.do(t, diamond(), state.New("l"), apply.Options{Provider: p, Wait: 2 * time.Hour, Stop: stop})
		if !r.sum.Stopped || r.sum.Deferred != 2 || r.sum.Undone != 0 || len(r.st.Resources) != 2 {
			t.Errorf("%+v, %d resources, %q", r.sum, len(r.st.Resources), r.log)
		}
	})
}

func TestWhoWaitsIsSaidEverLessOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r run
		p := &api{opens: map[string]time.Time{"account": time.Now().Add(2 * time.Minute)}}
		r.do(t, planned(create(thing("account"))), state.New("l"), apply.Options{Provider: p, Wait: time.Hour})
		want := []string{"account held for 1h0m0s: the gate is shut", "account still, 10s", "account still, 20s", "account still, 40s", "account still, 1m20s",
			"+account", "=account"}
		if !slices.Equal(r.log, want) {
			t.Errorf("\n got %q\nwant %q", r.log, want)
		}
	})
}

func TestAdoption(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r run
		r.do(t, planned(create(thing("account"))), state.New("l"), apply.Options{Provider: &api{adopts: map[string]string{"account": "theirs"}}})
		if o := r.st.Resources[thing("account")]; o.ID != "theirs" || !o.Adopted || r.sum.Done[plan.Adopt] != 1 || r.sum.Done[plan.Create] != 0 {
			t.Errorf("%+v, %+v; want it adopted and not counted as created", o, r.sum)
		}
		st := state.New("l")
		st.Resources[thing("other")] = state.Object{ID: "theirs"}
		var second run
		second.do(t, planned(create(thing("account"))), st, apply.Options{Provider: &api{adopts: map[string]string{"account": "theirs"}}})
		if _, ok := st.Resources[thing("account")]; ok || second.sum.Failed != 1 {
			t.Errorf("%+v; want an object that has an address refused to another", second.sum)
		}
	})
}

func TestOneObjectForEachOfTwoThatAreAlike(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// The answer to b's request was lost, and a finds its object.
		st := state.New("l")
		p := &api{unless: map[string]string{"b": "id-second"}, fail: map[string]error{"b": errors.New("no answer")}}
		new(run).do(t, planned(create(thing("b"))), st, apply.Options{Provider: p})
		lost := p.keys["b"]
		st.Resources[thing("a")] = state.Object{ID: "id-b"}
		p.fail, p.keys = nil, nil
		var r run
		r.do(t, planned(create(thing("b"))), st, apply.Options{Provider: p})
		if o := st.Resources[thing("b")]; o.ID != "id-second" || p.keys["b"] == lost || !r.sum.OK() {
			t.Errorf("%+v with %s, %+v; want another object, under another key", o, p.keys["b"], r.sum)
		}
		if len(st.Intents) != 0 {
			t.Errorf("%d requests are left without an answer", len(st.Intents))
		}
	})
}

// Something between may answer a request with its answer to another one.
func TestTheAnswerToAnotherRequestLeavesItOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := state.New("l")
		st.Resources[thing("a")] = state.Object{ID: "id-b"}
		p := &api{unless: map[string]string{"b": "id-b"}}
		var r run
		r.do(t, planned(create(thing("b"))), st, apply.Options{Provider: p})
		if _, ok := st.Resources[thing("b")]; ok || r.sum.Failed != 1 || p.keys["b"] != "key-1" {
			t.Errorf("%+v with %s; want it failed, and nothing sent again under another key", r.sum, p.keys["b"])
		}
		if open := st.Open(); len(open) != 1 || !open[0].Unanswered() {
			t.Errorf("%+v; want the request open: nobody knows what it made", open)
		}
	})
}

func TestAnObservationOfAnotherObjectEndsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &api{shows: map[string]string{"amy": "id-zed"}}
		var r run
		r.do(t, planned(create(thing("amy")), create(thing("later"), "amy")), state.New("l"), apply.Options{Provider: p})
		if _, stored := r.st.Resources[thing("amy")]; stored || r.err == nil || !strings.Contains(r.err.Error(), "id-zed") {
			t.Errorf("stored %v, %v; want nothing stored and the run ended, naming what was mixed up", stored, r.err)
		}
		if _, done := r.st.Resources[thing("later")]; done || len(r.st.Intents) != 1 {
			t.Errorf("%v, %d intents; want nothing begun after it, and the request remembered", r.log, len(r.st.Intents))
		}
	})
}

func TestABrokenJournalStopsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run{journal: journal{broken: errors.New("no space left on device")}}
		p := &api{sent: func(name string) { t.Errorf("%s was sent without a journal", name) }}
		r.do(t, diamond(), state.New("l"), apply.Options{Provider: p})
		if r.err == nil || !strings.Contains(r.err.Error(), "no space left") {
			t.Errorf("Run = %v; want the journal's error", r.err)
		}
	})
}

func TestHeartbeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r run
		r.do(t, planned(create(thing("user"))), state.New("l"), apply.Options{Provider: &api{hold: map[string]time.Duration{"user": 25 * time.Second}}})
		want := []string{"+user", "user still, 10s", "user still, 20s", "=user"}
		if !slices.Equal(r.log, want) {
			t.Errorf("got %q, want %q", r.log, want)
		}
	})
}

func TestReplaceLeavesTheOldOneBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := state.New("l")
		old := state.Object{ID: "old"}
		st.Resources[thing("user")] = old
		c := create(thing("user"))
		c.Action, c.Prior = plan.Replace, old
		var r run
		r.do(t, planned(c), st, apply.Options{Provider: &api{}})
		if st.Resources[thing("user")].ID != "id-user" || len(st.Left) != 1 || st.Left[0].ID != "old" || st.Left[0].Why != "replaced" {
			t.Errorf("%+v, %+v", st.Resources, st.Left)
		}
	})
}

// A replacement that comes to the object it was to replace was answered.
func TestReplacementThatComesToTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r run
		st := state.New("l")
		st.Resources[thing("account")] = state.Object{ID: "old"}
		c := create(thing("account"))
		c.Action, c.Prior = plan.Replace, st.Resources[thing("account")]
		r.do(t, planned(c), st, apply.Options{Provider: &api{adopts: map[string]string{"account": "old"}}})
		if r.sum.Failed != 1 || len(st.Intents) != 0 || st.Resources[thing("account")].ID != "old" || len(st.Left) != 0 {
			t.Errorf("%+v, intents %v, left %v; want it to fail, and nothing to be open", r.sum, st.Intents, st.Left)
		}
	})
}

// An object that exists, but cannot be used when the time is up, is not done
// with: the run says so, and the next one waits for it.
func TestObjectsThatAreNotReadyAreCountedAndWaitedForAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := addr.Resource{Kind: "slow", Name: "account"}
		p := &api{ready: time.Now().Add(20 * time.Second)}
		st := state.New("l")
		c := plan.Change{Addr: a, Action: plan.Create, Config: config(a), After: eval.Now(plan.Propose(&slowKind, config(a), cty.NilVal))}
		for i, tt := range []struct {
			wait    time.Duration
			unready int
			log     []string
		}{
			{5 * time.Second, 1, []string{"+account", "=account", "account held for 5s: Kira has to provide its number first",
				"account is not ready: Kira has to provide its number first"}},
			{0, 1, []string{"account is not ready: Kira has to provide its number first"}},
			{time.Minute, 0, []string{"account held for 1m0s: Kira has to provide its number first", "account still, 10s", "account is ready for use"}},
			{time.Minute, 0, nil},
		} {
			var r run
			r.do(t, planned(c), st, apply.Options{Provider: p, Wait: tt.wait})
			if !r.sum.OK() || r.sum.Deferred != 0 || r.sum.Unready != tt.unready || !slices.Equal(r.log, tt.log) {
				t.Errorf("run %d: %+v, %q; want %d not ready, %q", i, r.sum, r.log, tt.unready, tt.log)
			}
			c.Action, c.Prior = plan.NoOp, st.Resources[a]
		}
	})
}
