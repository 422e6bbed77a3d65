package apply

import (
	"kiraform/internal/event"
	"kiraform/internal/sched"
)

// read looks at a data source. Its value is for this run only: it is not kept
// in the state.
func (r *run) read(j *job) sched.Task {
	op, err := r.op(j)
	if err != nil {
		return r.now(func() error { r.failed(j, err); return nil })
	}
	return func(slot *sched.Slot) func() error {
		op.Note = func(e event.Event) { slot.Post(func() { r.Emit(e) }) }
		slot.Post(func() { r.begin(j) })
		res, err := r.Provider.Read(r.ctx, op)
		return func() error {
			if err != nil {
				r.failed(j, err)
				return nil
			}
			r.plan.Known.Set(j.Addr, res.Seen)
			j.fate = Done
			r.Emit(event.End{Addr: j.Addr.String(), Action: string(j.Action), ID: res.ID})
			r.complete(j)
			return nil
		}
	}
}
