package apply

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/diag"
	"kiraform/internal/eval"
	"kiraform/internal/event"
	"kiraform/internal/sched"
	"kiraform/plan"
	"kiraform/schema"
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
	if err := r.judge(j, op); err != nil {
		return r.now(func() error { r.failed(j, err); return nil })
	}
	if j.Action != plan.Update && j.intent == nil {
		j.intent = r.intend(j, op)
	}
	return func(slot *sched.Slot) func() error {
		op.Note = func(e event.Event) { slot.Post(func() { r.Emit(e) }) }
		hold, err := r.Provider.Hold(r.ctx, op)
		for _, n := range hold.Looked {
			if bug := identify(n.ID, n.Seen); bug != nil {
				return func() error { return bug }
			}
		}
		if len(hold.Looked) > 0 {
			slot.Post(func() { r.looked(hold) })
		}
		if err != nil || hold.Reason != "" {
			return func() error { return r.held(j, op, hold, err) }
		}
		slot.Post(func() { r.begin(j) })
		res, records, err := r.request(slot, j, op)
		return func() error { return r.ended(j, op, res, records, err) }
	}
}

// op works out the operation of j, now that everything j needs is real.
func (r *run) op(j *job) (Op, error) {
	now, want, err := r.wanted(j)
	if err != nil {
		return Op{}, err
	}
	k := j.Kind(r.Kinds)
	op := Op{Addr: j.Addr, Kind: k, Prior: j.Prior, Want: want, Made: j.made, config: now.Config, written: now, keeps: now.PreventDestroy, ignore: now.Ignore}
	if j.made {
		op.Prior = r.st.Resources[j.Addr]
	}
	op.Behind = r.behind(k, want)
	op.Taken = func(id string) bool { return r.owner.taken(j.Addr.Kind, id) }
	for _, in := range r.st.Open() {
		if in.ID == j.Prior.ID && in.Addr.Kind == j.Addr.Kind || !k.Verbs.Has(schema.CanRead) && in.Addr.Kind == j.Addr.Kind {
			op.open = append(op.open, in)
		}
	}
	before := op.Prior.Sent
	if j.Action == plan.Replace && !j.made {
		before = state.Sealed{} // of another object
	}
	op.sealed = sealedOnce(func(salt state.Salt) state.Sealed { return plan.Sent(k, r.Key, salt, now, before) })
	op.Carry = plan.Unsent(k, now, want)
	op.due = now.Triggers
	for _, because := range j.Because {
		op.Change = append(op.Change, because.Path)
	}
	return op, nil
}

// wanted returns what is written of j now, and its object without marks. Only one that
// may be another since it was planned is evaluated again.
func (r *run) wanted(j *job) (eval.Resource, cty.Value, error) {
	planned, known := j.Written()
	if known && planned.Alone {
		return planned, planned.Bare(), nil
	}
	now, diags := r.Program.Eval(j.Addr, r.plan.Known)
	if diags.HasErrors() {
		return now, cty.NilVal, errors.New(firstError(diags))
	}
	want := now.Bare()
	if !want.IsWhollyKnown() {
		return now, cty.NilVal, errors.New("the configuration depends on a value that is still not known")
	}
	if p := moved(j.Config, now.Config); p != nil {
		return now, cty.NilVal, fmt.Errorf("%s does not have the planned value any more; plan again", schema.PathString(p))
	}
	return now, want, nil
}

// sealedOnce returns seal, which is asked for the same salt by the intent of a request
// and by its answer, so that it is carried out once for each.
func sealedOnce(seal func(state.Salt) state.Sealed) func(state.Salt) state.Sealed {
	var by state.Salt
	var last state.Sealed
	return func(salt state.Salt) state.Sealed {
		if last.IsZero() || salt != by {
			by, last = salt, seal(salt)
		}
		return last
	}
}

// judge asks whoever has to agree to a change. The values that are ignored are never
// sent to an object that stays, so that those at Kira are judged.
func (r *run) judge(j *job, op Op) error {
	if r.Judge == nil {
		return nil
	}
	config := op.config
	if j.Action == plan.Update || j.Action == plan.Adopt {
		config = plan.Standing(op.Kind, r.Key, op.written, op.Prior)
	}
	return r.Judge(j.Change, config)
}

func firstError(diags hcl.Diagnostics) string {
	d := diag.FirstError(diags)
	return d.Summary + ": " + d.Detail
}

// moved returns where a value that was known when planned is another one now,
// or nil. Marks do not count.
func moved(planned, now cty.Value) cty.Path {
	attrs, same := now.AsValueMap(), true
	for name, v := range planned.AsValueMap() {
		same = same && (!v.IsKnown() || attrs[name].RawEquals(v))
	}
	if same { // which is seen much faster than where they differ
		return nil
	}
	planned, _ = planned.UnmarkDeep()
	now, _ = now.UnmarkDeep()
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

func (r *run) begin(j *job) {
	j.began = time.Now()
	r.Emit(event.Begin{Addr: j.Addr.String(), Action: string(j.Action), ID: j.Prior.ID})
}

// journalError is a journal that could not take down a record. Nothing more
// may be started then.
type journalError struct {
	error
	rec state.Record
}

// Unwrap returns why.
func (e *journalError) Unwrap() error { return e.error }

// object makes the state's entry for an object that was written or looked at. A
// leaf that is sealed in one of before stays so.
func (r *run) object(j *job, op Op, res Result, salt state.Salt, before ...state.Sealed) *state.Object {
	o := &state.Object{
		ID:        res.ID,
		Salt:      salt,
		Sent:      op.sealed(salt),
		Needs:     j.Needs,
		Protected: op.keeps,
		Adopted:   res.Adopted || j.Action == plan.Adopt || j.Action == plan.Update && j.Prior.Adopted,
	}
	if creates(j) && !res.Adopted {
		o.Due = op.due
	}
	if op.Prior.ID == res.ID {
		o.Trusted, o.Due, o.Written = op.Prior.Trusted, op.Prior.Due, op.Prior.Written
		before = append(before, op.Prior.Sent, op.Prior.Seen)
	}
	o.Seen = r.Key.Seal(op.Kind, salt, res.Seen, append(before, o.Sent)...)
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
