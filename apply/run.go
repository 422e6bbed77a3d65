package apply

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/eval"
	"kiraform/internal/event"
	"kiraform/internal/graph"
	"kiraform/internal/sched"
	"kiraform/plan"
	"kiraform/state"
)

// Run applies p to st, and leaves in st the objects as they then are, whatever
// the outcome. Cancelling ctx abandons running operations; closing o.Stop does
// not. The error is for failures that have no place in the plan, such as a
// journal that cannot be written; everything else is in the summary and in the
// events.
func Run(ctx context.Context, p *plan.Plan, st *state.State, o Options) (Summary, error) {
	r := &run{
		Options: o, ctx: ctx, st: st, plan: p,
		walk:  p.Graph().Walk(),
		jobs:  jobsOf(p),
		owner: newClaims(st), spoken: make(map[string]bool),
		sum: Summary{Done: make(map[plan.Action]int)},
	}
	r.sum.jobs = r.jobs
	r.sched = sched.New(r.walk, cmp.Or(o.Workers, 10), r.start)
	err := r.sched.Do(o.Stop)
	if errors.Is(err, sched.ErrStopped) {
		r.sum.Stopped, err = true, nil
	}
	r.unfinished()
	r.sum.count()
	return r.sum, err
}

func jobsOf(p *plan.Plan) map[addr.Resource]*job {
	jobs := make(map[addr.Resource]*job, len(p.Changes))
	for i := range p.Changes {
		c := p.Changes[i]
		jobs[c.Addr] = &job{Change: &c}
	}
	return jobs
}

type run struct {
	Options
	ctx    context.Context
	st     *state.State
	plan   *plan.Plan
	walk   *graph.Walk[addr.Resource]
	sched  *sched.Run[addr.Resource]
	jobs   map[addr.Resource]*job
	owner  *claims
	spoken map[string]bool        // keys of intents that a job goes on with, or looks for
	whole  map[addr.Resource]bool // see needsWhole; nil until it is needed
	sum    Summary
}

// job is one change on its way.
type job struct {
	*plan.Change
	began  time.Time     // zero until the first request
	held   time.Time     // when it was first held up; zero while it is not
	reason string        // why it is held up
	remind time.Duration // after how much waiting that is said again; 0 means the first time
	made   bool          // the object exists, and is waited for
	late   bool          // it exists, and could not be used when its time was up
	intent *intention    // of a create; nil until it is known
	wrote  cty.Value     // the written object, once a request with it was answered; else cty.NilVal
	undone bool          // it has ended, and the planned change was not made

	fate Fate // so far
}

// start begins, or goes on with, the planned change of a.
func (r *run) start(a addr.Resource) sched.Task {
	j := r.jobs[a]
	switch j.Action {
	case plan.NoOp:
		if !j.made {
			return r.keep(j)
		}
	case plan.Adopt:
		return r.adopt(j)
	case plan.Read:
		return r.read(j)
	case plan.Forget, plan.Gone:
		return r.forget(j)
	case plan.Defer:
		return r.now(func() error { r.deferred(j, j.Why); return nil })
	}
	return r.perform(j)
}

// now is a task that has nothing slow to do.
func (r *run) now(finish func() error) sched.Task {
	return func(*sched.Slot) func() error { return finish }
}

// keep takes over the written attributes of a resource that needs no request,
// so that the next plan compares with that. An object that cannot be used yet
// is waited for, as it was by the run that made it.
func (r *run) keep(j *job) sched.Task {
	return r.now(func() error {
		if now, ok := r.written(j); ok {
			o := r.st.Resources[j.Addr]
			k := r.Kinds[j.Addr.Kind]
			unproven := plan.Unproven(k, r.Key, o, now.Config)
			o.Sent, o.Needs = plan.Sent(k, r.Key, o.Salt, now, o.Sent), j.Needs
			o.Seen = r.Key.Seal(k, o.Salt, o.Seen.Shown(), o.Sent)
			o.Protected = now.PreventDestroy
			o.Unproven = plan.StillUnproven(k, r.Key, o.Salt, now.Config, unproven, false, nil)
			o.Imported = o.Imported && now.IgnoreAll
			r.st.Resources[j.Addr] = o
			if k.Waiting != nil && k.Waiting(o.Seen.Shown()) != "" {
				if op, err := r.op(j); err == nil {
					return r.await(j, op)
				}
			}
		}
		r.complete(j)
		return nil
	})
}

// written returns what is written of a resource that needs no request, and false if
// that is not known.
func (r *run) written(j *job) (eval.Resource, bool) {
	if now, ok := j.Written(); ok {
		return now, true
	}
	now, diags := r.Program.Eval(j.Addr, r.plan.Known)
	return now, !diags.HasErrors() && now.Config.IsWhollyKnown()
}

// forget leaves an object alive at Kira and drops it from the state.
func (r *run) forget(j *job) sched.Task {
	why := state.Forgotten
	if j.Action == plan.Gone {
		why = state.Gone
	}
	left := r.leaves(j, why)
	return func(slot *sched.Slot) func() error {
		slot.Post(func() { r.begin(j) })
		err := r.Journal.Append(left)
		return func() error {
			if err != nil {
				return err
			}
			r.st.Apply(left)
			j.fate = Done
			r.Emit(event.End{Addr: j.Addr.String(), Action: string(j.Action), ID: j.Prior.ID})
			r.walk.Done(j.Addr)
			return nil
		}
	}
}

func (r *run) leaves(j *job, why string) state.Record {
	return state.Record{Addr: j.Addr, Left: &state.LeftBehind{
		Addr: cmp.Or(j.Moved, j.Addr), ID: j.Prior.ID, Why: why, Adopted: j.Prior.Adopted, At: time.Now().UTC(),
	}}
}

// unfinished says of all that the run never came to why that is so.
func (r *run) unfinished() {
	for _, a := range r.walk.Left() {
		switch j := r.jobs[a]; {
		case j.made:
			r.unready(j, j.reason)
		case j.Action == plan.Defer:
			r.deferred(j, j.Why)
		case !j.held.IsZero():
			r.deferred(j, j.reason)
		default:
			r.undo(j)
		}
	}
}

// deferred puts j off, and with it everything that needs it and has something
// to do.
func (r *run) deferred(j *job, why string) {
	for _, a := range r.walk.Skip(j.Addr) {
		r.undo(r.jobs[a])
		if a != j.Addr && r.jobs[a].Action == plan.NoOp {
			continue
		}
		reason := why
		if a != j.Addr {
			reason = "it needs " + j.Addr.String() + ", which is deferred"
		}
		r.jobs[a].fate = Deferred
		r.Emit(event.Deferred{Addr: a.String(), Reason: event.Foreign(reason)})
	}
}

// failed ends j with an error, and skips everything that needs it.
func (r *run) failed(j *job, err error) {
	j.fate = Failed
	ev := event.End{Addr: j.Addr.String(), Action: string(j.Action), ID: j.Prior.ID, Err: event.Foreign(err.Error())}
	if !j.began.IsZero() {
		ev.Took = time.Since(j.began)
	}
	r.Emit(ev)
	r.keepConsent(j, err)
	r.undo(j)
	r.skip(j)
}

// keepConsent says that leave to replace j is kept, since that has failed. Of an
// object that Kira allows one of it is of no use.
func (r *run) keepConsent(j *job, err error) {
	if _, kept := r.st.Consented(j.Addr); !kept {
		return
	}
	if isSame(err) {
		delete(r.st.Consents, j.Addr)
		return
	}
	r.Emit(event.Note{Addr: j.Addr.String(), Text: event.Foreign("the next apply tries to replace it again, until: kiraform state rm -consent " + j.Addr.Shell())})
}

// skip leaves out everything that needs j, which has failed.
func (r *run) skip(j *job) {
	for _, a := range r.walk.Skip(j.Addr) {
		if a != j.Addr {
			r.undo(r.jobs[a])
		}
		if a != j.Addr && r.jobs[a].Action != plan.NoOp {
			r.jobs[a].fate = Skipped
			r.Emit(event.Skip{Addr: a.String(), Cause: j.Addr.String()})
		}
	}
}
