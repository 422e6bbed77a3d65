package apply

import (
	"kiraform/internal/event"
	"kiraform/internal/sched"
	"kiraform/plan"
	"kiraform/state"
)

// adopt takes over the object that j was planned to find. Nothing is created:
// Kira is asked only for the changes that are planned, if there are any.
func (r *run) adopt(j *job) sched.Task {
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
	return func(slot *sched.Slot) func() error {
		op.Note = func(e event.Event) { slot.Post(func() { r.Emit(e) }) }
		slot.Post(func() { r.begin(j) })
		res, done, err := r.takeOver(slot, j, op)
		return func() error { return r.ended(j, op, res, done, err) }
	}
}

// takeOver runs on a worker. It returns the records that are durable.
func (r *run) takeOver(slot *sched.Slot, j *job, op Op) (res Result, done []state.Record, err error) {
	if err := r.owner.take(j.Addr, j.Prior.ID); err != nil {
		return res, nil, err
	}
	if len(op.Change) > 0 {
		return r.request(slot, j, op)
	}
	res = Result{ID: j.Prior.ID, Seen: j.Prior.Seen.Shown(), Adopted: true}
	rec := state.Record{Addr: j.Addr, Object: r.object(j, op, res, j.Prior.Salted())}
	rec.Object.Unproven = plan.StillUnproven(op.Kind, r.Key, rec.Object.Salt, op.Want, nil, true, nil)
	if err := r.Journal.Append(rec); err != nil {
		return res, nil, &journalError{err, rec}
	}
	return res, []state.Record{rec}, nil
}
