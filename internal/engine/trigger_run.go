package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kiraform/apply"
	"kiraform/internal/actions"
	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/event"
	"kiraform/internal/runs"
	"kiraform/plan"
	"kiraform/state"
)

// trigger runs the actions that are due after an apply. It begins with the state
// that the apply has saved, and updates it. Those that planned has, which were due by
// the plan, are counted once each, whatever became of them.
func (p *Project) trigger(ctx context.Context, pl *Proposal, planned []dueRun, o ApplyOptions, sum *apply.Summary) (err error) {
	fates, left := make(fates), ""
	defer func() { fates.settle(p, pl, planned, left, sum) }()
	due := p.dueIn(pl, pl.State)
	if len(due) == 0 {
		return nil
	}
	if o.Allow != nil && !slices.Contains(o.Allow, plan.Action(event.Invoke)) {
		left = "-allow leaves out invoke; an apply that allows it runs it"
		return nil
	}
	st := pl.State
	p.moveRuns(st)
	journal, err := p.Store.Journal(ctx, st)
	if err != nil {
		return fmt.Errorf("open the journal: %w", err)
	}
	iv := &Invoked{Session: pl.Session, Needed: pl, written: make(runs.Written)}
	p.lookAtKira(ctx, iv)
	_ = p.expandActions(iv, pl.Known) // validate reports the mistakes
	r := &invokeRun{Project: p, iv: iv, st: st, book: runs.NewBook(st, iv.written.Has), journal: journal, options: ApplyOptions{Stop: o.Stop}, fates: fates}
	iv.State, iv.kira.State, iv.kira.Book = st, st, r.book
	for _, t := range due {
		if pl.opens(t.action) {
			continue
		}
		if err = p.runDue(ctx, r, t); err != nil {
			break
		}
	}
	if errors.Is(err, ErrReported) || errors.Is(err, errStopped) {
		err = nil // it was said, and is counted
	}
	sum.Stopped = sum.Stopped || r.stopped
	return p.keep(context.WithoutCancel(ctx), st, nil, errors.Join(err, journal.Close()))
}

// putOffDue says that an action which is due has to wait.
func (p *Project) putOffDue(all fates, a addr.Resource, why string) {
	all[a] = apply.Deferred
	p.Emit(event.Deferred{Addr: a.String(), Reason: event.Foreign(why)})
}

// dueIn returns the actions that are due in a state, of objects that the plan
// is about.
func (p *Project) dueIn(pl *Proposal, st *state.State) (all []triggered) {
	by := make(map[addr.Resource][]addr.Resource)
	for i := range pl.Changes {
		a := pl.Changes[i].Addr
		for _, action := range p.dueOf(st.Resources[a]) {
			if !pl.leftOut(action) {
				by[action] = append(by[action], a)
			}
		}
	}
	for a, from := range by {
		all = append(all, triggered{action: a, by: from})
	}
	slices.SortFunc(all, func(a, b triggered) int { return a.action.Compare(b.action) })
	return all
}

// runDue runs all instances of one action that is due, and strikes it off if all
// are done.
func (p *Project) runDue(ctx context.Context, r *invokeRun, t triggered) error {
	whole := true
	r.iv.options.Addr = t.action
	for _, a := range r.iv.wanted() {
		if r.iv.Needed.leftOut(a) {
			whole = false
			continue
		}
		in, why := p.runnable(ctx, r, a)
		if why != "" {
			whole = false
			p.putOffDue(r.fates, a, "it cannot be run yet: "+why)
			continue
		}
		if !p.mayRun(ctx, r, in, t) {
			whole = false
			r.fail(in)
			continue
		}
		if err := r.one(ctx, in); err != nil {
			return err
		}
		whole = whole && r.fates[in.Addr] != apply.Failed
	}
	if !whole {
		return nil
	}
	for _, a := range t.by {
		for _, due := range r.st.Resources[a].Due {
			if routed(p.program.ActionMoves(), due) != t.action {
				continue
			}
			rec := state.Record{Addr: a, Ran: &due}
			if err := r.journal.Append(rec); err != nil {
				return err
			}
			r.st.Apply(rec)
		}
	}
	return nil
}

// runnable evaluates an instance that is due, and says why it cannot be run yet, or "".
func (p *Project) runnable(ctx context.Context, r *invokeRun, a addr.Resource) (in *actions.Instance, why string) {
	in, diags := p.invocation(r.iv, a, r.iv.Needed.Known)
	if diags.HasErrors() {
		return nil, diag.FirstError(diags).Detail
	}
	if first := p.obstacles(r.iv, in); len(first) > 0 {
		return nil, first[0].why
	}
	return in, r.unready(ctx, in.Config)
}

// mayRun reports whether nothing forbids the run of an instance that is due, and says
// so if something does.
func (p *Project) mayRun(ctx context.Context, r *invokeRun, in *actions.Instance, t triggered) bool {
	if err := r.iv.Needed.judgeRun(askedRun(in.Addr, &in.Kind.Schema, in.Config, t.by)); err != nil {
		title, detail := "Cannot be judged by a policy", err.Error()
		if against, ok := errors.AsType[*againstPolicy](err); ok {
			title, detail = "Against a policy", against.text
		}
		r.iv.refuse(in, "policy", title, detail)
		r.iv.why = err.Error()
		return false
	}
	r.iv.All = []*actions.Instance{in}
	err := r.iv.kira.LookAtOthers(ctx, r.iv.All)
	if err == nil {
		err = in.Judge(ctx)
	}
	if err != nil {
		r.iv.refuse(in, "action-refused", "Cannot be run", p.secrets.Error(err).Error())
		return false
	}
	if in.Verdict.Step == runs.Stop {
		r.iv.stop(in)
		return false
	}
	return r.iv.Within() == nil
}
