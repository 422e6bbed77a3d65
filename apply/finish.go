package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/internal/sched"
	"kiraform/plan"
	"kiraform/state"
)

// ended records the outcome of a request, and lets the jobs that waited for it
// go on. It runs on the coordinator.
func (r *run) ended(j *job, op Op, res Result, done []state.Record, err error) error {
	for _, rec := range done {
		r.st.Apply(rec)
	}
	if err != nil {
		r.failed(j, err)
		if broken, ok := errors.AsType[*journalError](err); ok {
			return r.unwritten(broken)
		}
		if bug, ok := errors.AsType[*mixedError](err); ok {
			return bug
		}
		return nil
	}
	j.wrote = r.standing(j, op)
	r.plan.Known.SetLater(j.Addr, plan.ProposeLater(op.Kind, j.wrote, res.Seen))
	if res.Adopted && creates(j) {
		r.Emit(event.Adopted{Addr: j.Addr.String(), ID: res.ID})
		j.Action = plan.Adopt
	}
	j.fate = Done
	r.Emit(event.End{Addr: j.Addr.String(), Action: string(j.Action), ID: res.ID, Took: time.Since(j.began)})
	return r.await(j, op)
}

// standing is the written object with the values that Kira showed last where changes
// are ignored.
func (r *run) standing(j *job, op Op) cty.Value {
	return plan.Standing(op.Kind, r.Key, op.written, r.st.Resources[j.Addr])
}

// unwritten keeps in memory the records that the journal could not take down.
// It ends the run: nothing may be sent that is not written down first.
func (r *run) unwritten(e *journalError) error {
	if e.rec.Object != nil {
		known := r.st.Resources[e.rec.Addr].ID == e.rec.Object.ID
		r.st.Apply(e.rec)
		if known {
			return e.error
		}
		r.sum.Unwritten = append(r.sum.Unwritten, e.rec.Addr)
		slices.SortFunc(r.sum.Unwritten, addr.Resource.Compare)
	}
	return e.error
}

// held puts j aside until its hold has passed, or gives it up: as failed if it
// never will pass, else as deferred.
func (r *run) held(j *job, op Op, hold Hold, err error) error {
	switch {
	case err != nil:
		r.failed(j, err)
		return nil
	case j.held.IsZero():
		j.held = time.Now()
	}
	if hold.Look {
		r.look(j, op, hold)
		return nil
	}
	left := r.Wait - time.Since(j.held)
	if hold.Final || left <= 0 || r.waitedFor(op) {
		r.putOff(j, hold)
		return nil
	}
	if j.reason != hold.Reason {
		j.reason = hold.Reason
		r.Emit(event.Gate{Addr: j.Addr.String(), Text: event.Foreign(hold.Reason), Left: left})
	}
	op.Made, op.Behind = j.made, r.behind(op.Kind, op.Want)
	r.sched.Park(j.Addr, func(ctx context.Context, post func(func())) {
		quiet := r.remind(post, j)
		defer quiet()
		ctx, cancel := context.WithTimeout(ctx, left)
		defer cancel()
		stop := context.AfterFunc(r.ctx, cancel)
		defer stop()
		r.Provider.Await(ctx, op)
	})
	return nil
}

// look has j go on once the object that holds it up was looked at. It holds no slot
// until then, so that all that is held up alike is looked at by the same requests.
func (r *run) look(j *job, op Op, hold Hold) {
	j.reason = hold.Reason
	op.Behind = r.behind(op.Kind, op.Want)
	r.sched.Park(j.Addr, func(ctx context.Context, _ func(func())) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		stop := context.AfterFunc(r.ctx, cancel)
		defer stop()
		r.Provider.Await(ctx, op)
	})
}

// waitedFor reports whether the run has waited its time for an object that op is
// about, and it still cannot be used: nothing is waited for twice.
func (r *run) waitedFor(op Op) bool {
	for _, n := range r.behind(op.Kind, op.Want) {
		if j := r.jobs[n.Addr]; j != nil && j.late {
			return true
		}
	}
	return false
}

// putOff ends the waiting for j. An object that exists already does not hold up its
// dependants: their own gates do.
func (r *run) putOff(j *job, hold Hold) {
	if !j.made {
		r.deferred(j, hold.Reason)
		return
	}
	r.unready(j, hold.Reason)
	r.complete(j)
}

// unready says that the object of j exists, and cannot be used yet. That is no word on
// the change that made it, which is done.
func (r *run) unready(j *job, why string) {
	j.late = true
	r.Emit(event.Unready{Addr: j.Addr.String(), Reason: event.Foreign(why)})
}

// await has the run wait until an object that exists can be used, and marks it
// as done if it lacks nothing.
func (r *run) await(j *job, op Op) error {
	o := r.st.Resources[j.Addr]
	if end := op.Kind.EndBy(o.Seen.Member); end != "" && creates(j) && r.Wait > 0 {
		r.dead(j, op, end)
		return nil
	}
	if op.Kind.Waiting == nil || op.Kind.Waiting(o.Seen.Shown()) == "" {
		r.complete(j)
		return nil
	}
	j.made, op.Prior = true, o
	return r.held(j, op, lacks(op.Kind.Waiting(o.Seen.Shown())), nil)
}

// lacks is the hold of an object that exists.
func lacks(waiting string) Hold { return Hold{Reason: "Kira has to provide " + waiting + " first"} }

// settle looks whether the object of j can be used by now.
func (r *run) settle(j *job, op Op) sched.Task {
	op.Whole = r.needsWhole(j.Addr)
	return func(slot *sched.Slot) func() error {
		op.Note = func(e event.Event) { slot.Post(func() { r.Emit(e) }) }
		res, err := r.Provider.Read(r.ctx, op)
		if err != nil {
			return func() error { return r.unsettled(j, err) }
		}
		if bug := identify(op.Prior.ID, res.Seen); bug != nil {
			return func() error { return bug }
		}
		rec := state.Record{Addr: j.Addr, Object: r.object(j, op, res, op.Prior.Salted())}
		rec.Object.Adopted, rec.Object.Unsure, rec.Object.Stored = op.Prior.Adopted, op.Prior.Unsure, op.Prior.Stored
		rec.Object.Unproven, rec.Object.Unlooked = op.Prior.Unproven, res.Unlooked
		err = r.Journal.Append(rec)
		return func() error {
			r.st.Apply(rec)
			if err != nil {
				return err
			}
			r.plan.Known.SetLater(j.Addr, plan.ProposeLater(op.Kind, r.standing(j, op), res.Seen, res.Unlooked...))
			op.Prior = r.st.Resources[j.Addr]
			if end := op.Kind.EndOf(res.Seen); end != "" {
				r.dead(j, op, end)
				return nil
			}
			if waiting := op.Kind.Waiting(res.Seen); waiting != "" {
				return r.held(j, op, lacks(waiting), nil)
			}
			r.Emit(event.Note{Addr: j.Addr.String(), Text: "is ready for use"})
			r.complete(j)
			return nil
		}
	}
}

// dead ends j, whose object has come to an end state while the run waited for
// it: it exists, and its dependants are skipped.
func (r *run) dead(j *job, op Op, end string) {
	text := fmt.Sprintf("it exists, but is %s at Kira, and cannot be used", end)
	if then := op.Kind.Course.Mend("", op.Want, j.Addr.Shell()); then != "" {
		text += ". " + then
	}
	if r.sum.Dead == nil {
		r.sum.Dead = make(map[addr.Resource]bool)
	}
	r.sum.Dead[j.Addr] = true
	j.fate = Failed
	r.Emit(event.End{Addr: j.Addr.String(), Action: string(j.Action), ID: r.st.Resources[j.Addr].ID, Err: event.Foreign(text)})
	r.skip(j)
}

// unsettled goes on although an object cannot be looked at: it exists.
func (r *run) unsettled(j *job, err error) error {
	r.putOff(j, Hold{Reason: "it could not be read again: " + err.Error()})
	return nil
}
