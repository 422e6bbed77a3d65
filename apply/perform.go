package apply

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/event"
	"kiraform/internal/sched"
	"kiraform/plan"
	"kiraform/state"
)

// perform takes j one step further: to the gate, through the request, and on
// to where its object can be used.
func (r *run) perform(j *job) sched.Task {
	op, err := r.op(j)
	if err != nil {
		return r.now(func() error { r.failed(j, err); return nil })
	}
	if j.made {
		return r.settle(j, op)
	}
	var intent *state.Record
	if j.Action != plan.Update {
		intent = r.intend(j, &op)
	}
	return func(post func(func())) func() error {
		op.Note = func(e event.Event) { post(func() { r.Emit(e) }) }
		hold, err := r.Provider.Hold(r.ctx, op)
		for _, n := range hold.Looked {
			if bug := identify(n.ID, n.Seen); bug != nil {
				return func() error { return bug }
			}
		}
		post(func() { r.looked(hold) })
		if err != nil || hold.Reason != "" {
			return func() error { return r.held(j, op, hold, err) }
		}
		post(func() { r.begin(j) })
		res, records, err := r.request(post, j, op, intent)
		return func() error { return r.ended(j, op, res, records, err) }
	}
}

// op works out what to ask for, now that all that j needs is real.
func (r *run) op(j *job) (Op, error) {
	now, diags := r.Program.Eval(j.Addr, r.plan.Known)
	if diags.HasErrors() {
		return Op{}, errors.New(words(diags))
	}
	want, _ := now.Config.UnmarkDeep()
	if !want.IsWhollyKnown() {
		return Op{}, errors.New("what is written depends on a value that is still not known")
	}
	planned, _ := j.Config.UnmarkDeep()
	if p := moved(planned, want); p != nil {
		return Op{}, fmt.Errorf("%s is not what was planned any more; plan again", plan.PathString(p))
	}
	k := j.Kind(r.Kinds)
	op := Op{Addr: j.Addr, Kind: k, Prior: j.Prior, Want: want, Made: j.made, config: now.Config}
	if j.made {
		op.Prior = r.st.Resources[j.Addr]
	}
	op.Behind = r.behind(k, want)
	op.sent = plan.Sent(k, r.Key, now, op.Prior.Sent)
	for _, because := range j.Because {
		op.Change = append(op.Change, because.Path)
	}
	return op, nil
}

func words(diags hcl.Diagnostics) string {
	for _, d := range diags {
		if d.Severity == hcl.DiagError {
			return d.Summary + ": " + d.Detail
		}
	}
	return ""
}

// moved returns where a value that was known when planned is another one now,
// or nil.
func moved(planned, now cty.Value) cty.Path {
	var at cty.Path
	_ = cty.Walk(planned, func(p cty.Path, v cty.Value) (bool, error) {
		if at != nil || !v.IsKnown() {
			return false, nil
		}
		if !v.IsNull() && (v.CanIterateElements() && !v.Type().IsSetType()) {
			return true, nil
		}
		if got, err := p.Apply(now); err != nil || v.IsWhollyKnown() && !got.RawEquals(v) {
			at = p.Copy()
		}
		return false, nil
	})
	return at
}

// intend chooses the Idempotency-Key of a create and returns the record that
// has to be durable before it is sent. A request that an earlier run may have
// sent goes out again with the same key; if what is wanted has changed since,
// or Kira may have forgotten the key, the object is looked for first.
func (r *run) intend(j *job, op *Op) *state.Record {
	in := state.Intent{Action: string(j.Action), Key: r.NewKey(), Digest: r.Key.Digest(op.Want), At: time.Now().UTC()}
	if old, ok := r.st.Pending[j.Addr]; ok {
		if old.Action == in.Action && old.Digest == in.Digest {
			in.Key, in.At = old.Key, old.At
		}
		age := time.Since(old.At)
		op.Other = old.Digest != in.Digest
		op.Look = in.Key != old.Key || age > keyLife || age < 0 // a clock that moved knows no ages
	}
	op.Key, op.spare = in.Key, r.NewKey()
	op.Taken = func(id string) bool { return r.owner.taken(j.Addr.Kind, id) }
	op.Claim = func(id string) bool { return r.owner.claim(j.Addr, id) }
	return &state.Record{Addr: j.Addr, Intent: &in}
}

// keyLife is how long Kira remembers an Idempotency-Key (documented.md 1.5).
const keyLife = 24 * time.Hour

func (r *run) begin(j *job) {
	j.began = time.Now()
	r.Emit(event.Begin{Addr: j.Addr.String(), Action: string(j.Action), ID: j.Prior.ID})
}

// request sends what op asks for, with its intent made durable before and its
// result after. It runs on a worker. It returns the records that are durable.
func (r *run) request(post func(func()), j *job, op Op, intent *state.Record) (res Result, done []state.Record, err error) {
	stop := r.heartbeat(post, j)
	defer stop()
	log := func(rec state.Record) error {
		if err := r.Journal.Append(rec); err != nil {
			return &journalError{err, rec}
		}
		done = append(done, rec)
		return nil
	}
	if intent != nil {
		if err := log(*intent); err != nil {
			return res, done, err
		}
		res, err = r.create(j, op, *intent.Intent, log)
	} else if res, err = r.Provider.Update(r.ctx, op); err == nil {
		err = r.owner.take(j.Addr, res.ID)
	}
	if err == nil && j.Action == plan.Replace && res.ID == j.Prior.ID {
		err = fmt.Errorf("%s cannot be replaced: Kira allows one such object, and it is this one", res.ID)
	}
	if err != nil {
		if refused, ok := errors.AsType[interface {
			error
			Refused() bool
		}](err); ok && intent != nil && refused.Refused() {
			return res, done, errors.Join(err, log(state.Record{Addr: j.Addr, Cleared: true}))
		}
		return res, done, err
	}
	if err := identify(res.ID, res.Seen); err != nil {
		return res, done, err
	}
	rec := state.Record{Addr: j.Addr, Object: r.object(j, op, res)}
	if j.Action == plan.Replace {
		rec.Left = r.leaves(j, "replaced").Left
	}
	return res, done, log(rec)
}

// create makes the object of j, and claims it. Where two resources are alike,
// one that looks may have found and claimed what the other's request made, when
// that was lost or still on its way. The other then looks too, and makes one
// under another key if there is none.
func (r *run) create(j *job, op Op, in state.Intent, log func(state.Record) error) (Result, error) {
	res, err := r.Provider.Create(r.ctx, op)
	if err != nil {
		return res, err
	}
	err = r.owner.take(j.Addr, res.ID)
	if _, owned := errors.AsType[*ownedError](err); !owned || res.Adopted || op.Look {
		return res, err
	}
	op.Key, op.Look = op.spare, true
	in.Key, in.At = op.Key, time.Now().UTC()
	if err := log(state.Record{Addr: j.Addr, Intent: &in}); err != nil {
		return res, err
	}
	if res, err = r.Provider.Create(r.ctx, op); err == nil {
		err = r.owner.take(j.Addr, res.ID)
	}
	return res, err
}

// journalError is a journal that could not take down a record. Nothing more
// may be started then.
type journalError struct {
	error
	rec state.Record
}

// Unwrap returns why.
func (e *journalError) Unwrap() error { return e.error }

func (r *run) object(j *job, op Op, res Result) *state.Object {
	o := &state.Object{
		ID:      res.ID,
		Sent:    op.sent,
		Needs:   j.Needs,
		Adopted: res.Adopted || j.Action == plan.Adopt || j.Action == plan.Update && j.Prior.Adopted,
	}
	o.Seen = r.Key.SealLike(op.Kind, res.Seen, o.Sent)
	return o
}

// heartbeat emits a Still every ten seconds until it is stopped.
func (r *run) heartbeat(post func(func()), j *job) (stop func()) {
	ctx, cancel := context.WithCancel(r.ctx)
	gone := make(chan struct{})
	began := time.Now()
	go func() {
		defer close(gone)
		for t := time.NewTicker(10 * time.Second); ; {
			select {
			case <-ctx.Done():
				t.Stop()
				return
			case <-t.C:
				post(func() {
					r.Emit(event.Still{Addr: j.Addr.String(), Action: string(j.Action), ID: j.Prior.ID,
						Elapsed: time.Since(began).Round(time.Second)})
				})
			}
		}
	}()
	return func() { cancel(); <-gone }
}
