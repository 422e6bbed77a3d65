package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"kiraform/apply"
	"kiraform/internal/actions"
	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/event"
	"kiraform/internal/runs"
	"kiraform/plan"
	"kiraform/state"
)

// triggered is an action that the creation of an object triggers.
type triggered struct {
	action addr.Resource // of the block or, with a key, of one instance
	by     []addr.Resource
	later  bool          // nothing that is created now triggers it, since the creates have to wait; or something else that it needs has to
	needs  addr.Resource // the block that has to wait; zero if there is none
	open   bool          // which instances there are is not known, so that nobody could approve them: it is left to the next plan
}

// due returns the actions that applying the plan triggers, by address: those of
// objects that it creates, now or once their gates open, and those that an earlier
// run was to trigger and did not come to. Without those that are left out.
func (pl *Proposal) due() (all []triggered) {
	if pl.options.Destroy {
		return nil
	}
	by, now := make(map[addr.Resource][]addr.Resource), make(map[addr.Resource]bool)
	for i := range pl.Changes {
		c := &pl.Changes[i]
		if c.Action == plan.Forget || c.Action == plan.Gone || c.Addr.Data {
			continue
		}
		for _, a := range pl.State.Resources[c.Addr].Due {
			by[a], now[a] = append(by[a], c.Addr), true
		}
		final := pl.final(c)
		if final != plan.Create && final != plan.Replace {
			continue
		}
		for _, a := range pl.project.program.Triggers(c.Addr) {
			now[a] = now[a] || c.Action == final
			if from := by[a]; len(from) == 0 || from[len(from)-1] != c.Addr {
				by[a] = append(from, c.Addr)
			}
		}
	}
	awaited := pl.awaited()
	for a, from := range by {
		if !pl.leftOut(a) {
			needs, open := awaited(a), pl.opens(a)
			all = append(all, triggered{a, from, !now[a] || open || needs != (addr.Resource{}), needs, open})
		}
	}
	slices.SortFunc(all, func(a, b triggered) int { return a.action.Compare(b.action) })
	return all
}

// opens reports whether it is not known yet which instances of an action there are.
func (pl *Proposal) opens(action addr.Resource) bool {
	open, asked := pl.opened[action.Block()]
	if !asked {
		instances, _ := pl.project.program.Expand(action.Block(), pl.Known) // validate reports the mistakes
		open = instances == nil || slices.ContainsFunc(instances, addr.Resource.Open)
		if pl.opened == nil {
			pl.opened = make(map[addr.Resource]bool)
		}
		pl.opened[action.Block()] = open
	}
	return open
}

// awaited finds, for an action, the first resource of a block that it needs which has
// to wait, or the zero address.
func (pl *Proposal) awaited() func(action addr.Resource) addr.Resource {
	first := make(map[addr.Resource]addr.Resource) // by block
	for i := range pl.Changes {
		if c := &pl.Changes[i]; c.Action == plan.Defer {
			if block := c.Addr.Block(); first[block] == (addr.Resource{}) {
				first[block] = c.Addr
			}
		}
	}
	return func(action addr.Resource) (found addr.Resource) {
		for _, block := range pl.project.program.NeedsOf(action) {
			if a, waits := first[block]; waits && (found == (addr.Resource{}) || a.Compare(found) < 0) {
				found = a
			}
		}
		return found
	}
}

// leftOut reports whether a person has left an action out.
func (pl *Proposal) leftOut(a addr.Resource) bool {
	return slices.ContainsFunc(slices.Concat(pl.unasked, pl.options.Exclude), func(out addr.Resource) bool { return out.Covers(a) })
}

// resourcesOf leaves out the addresses of actions.
func resourcesOf(all []addr.Resource) []addr.Resource {
	return slices.DeleteFunc(slices.Clone(all), func(a addr.Resource) bool { return a.Action })
}

// noActions reports the actions that are to be left out and are not there.
func (p *Project) noActions(exclude []addr.Resource) (diags hcl.Diagnostics) {
	for _, x := range exclude {
		if x.Action && !slices.ContainsFunc(p.program.Actions(), func(a addr.Resource) bool { return x.Covers(a) || a.Covers(x) }) {
			diags = append(diags, diag.Error("no-such-target", nil, "Nothing to exclude", "There is no action %s in the configuration. Check the address.", x))
		}
	}
	return diags
}

// Empty reports whether there is nothing that applying the plan could do now.
func (pl *Proposal) Empty() bool { return pl.Plan.Empty() && !pl.runs() }

// runs reports whether applying the plan now runs any action.
func (pl *Proposal) runs() bool {
	return slices.ContainsFunc(pl.due(), func(t triggered) bool { return !t.later })
}

// trigger runs the actions that are due after an apply. It begins with the state
// that the apply has saved, and updates it.
func (p *Project) trigger(ctx context.Context, pl *Proposal, st *state.State, o ApplyOptions, sum *apply.Summary) (err error) {
	if len(p.dueIn(pl, st)) == 0 || o.Allow != nil && !slices.Contains(o.Allow, plan.Action(event.Invoke)) {
		return nil // due actions stay so
	}
	p.moveRuns(st)
	journal, err := p.Store.Journal(ctx, st)
	if err != nil {
		return fmt.Errorf("open the journal: %w", err)
	}
	iv := &Invoked{Session: pl.Session, Needed: pl, written: make(runs.Written)}
	p.lookAtKira(ctx, iv)
	_ = p.expandActions(iv, pl.Known) // validate reports the mistakes
	r := &invokeRun{Project: p, iv: iv, st: st, book: runs.NewBook(st, iv.written.Has), journal: journal, options: ApplyOptions{Stop: o.Stop}}
	iv.State, iv.kira.State, iv.kira.Book = st, st, r.book
	for _, t := range p.dueIn(pl, st) {
		if pl.opens(t.action) {
			sum.Deferred++
			p.Emit(event.Deferred{Addr: t.action.String(), Reason: "the plan could not say which instances there are; the next one can"})
			continue
		}
		if err = p.runDue(ctx, r, t, sum); err != nil {
			break
		}
	}
	if errors.Is(err, ErrReported) || errors.Is(err, errStopped) {
		err = nil // it was said, and is counted
	}
	sum.Failed += r.sum.Failed
	sum.Stopped = sum.Stopped || r.sum.Stopped
	if r.sum.Done > 0 {
		sum.Done[plan.Action(event.Invoke)] += r.sum.Done
	}
	return p.keep(context.WithoutCancel(ctx), st, nil, errors.Join(err, journal.Close()))
}

// dueIn returns the actions that are due in a state, of objects that the plan
// is about.
func (p *Project) dueIn(pl *Proposal, st *state.State) (all []triggered) {
	by := make(map[addr.Resource][]addr.Resource)
	for i := range pl.Changes {
		a := pl.Changes[i].Addr
		for _, action := range st.Resources[a].Due {
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
func (p *Project) runDue(ctx context.Context, r *invokeRun, t triggered, sum *apply.Summary) error {
	whole := true
	r.iv.options.Addr = t.action
	for _, a := range r.iv.wanted() {
		in, diags := p.invocation(r.iv, a, r.iv.Needed.Known)
		if in != nil {
			diags = append(diags, p.unsettled(r.iv, in)...)
		}
		if diags.HasErrors() {
			whole = false
			sum.Deferred++
			p.Emit(event.Deferred{Addr: a.String(), Reason: event.Foreign("it cannot be run yet: " + diag.FirstError(diags).Detail)})
			continue
		}
		if err := r.iv.Needed.judgeRun(askedRun(a, &in.Kind.Schema, in.Config, t.by)); err != nil {
			r.iv.refuse(in, "policy", "Against a policy", err.Error())
			r.sum.Failed++
			whole = false
			continue
		}
		r.iv.All = []*actions.Instance{in}
		err := r.iv.kira.LookAtOthers(ctx, r.iv.All)
		if err == nil {
			err = in.Judge(ctx)
		}
		if err != nil {
			r.iv.refuse(in, "action-refused", "Cannot be run", p.secrets.Error(err).Error())
			r.sum.Failed++
			whole = false
			continue
		}
		if in.Verdict.Step == runs.Stop {
			r.iv.stop(in)
			r.sum.Failed++
			whole = false
			continue
		}
		if err := r.iv.Within(); err != nil {
			r.sum.Failed++
			whole = false
			continue
		}
		failed := r.sum.Failed
		if err := r.one(ctx, in); err != nil {
			return err
		}
		whole = whole && r.sum.Failed == failed
	}
	if !whole {
		return nil
	}
	for _, a := range t.by {
		rec := state.Record{Addr: a, Ran: &t.action}
		if err := r.journal.Append(rec); err != nil {
			return err
		}
		r.st.Apply(rec)
	}
	return nil
}
