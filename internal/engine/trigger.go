package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"kiraform/apply"
	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/internal/runs"
	"kiraform/internal/tell"
	"kiraform/plan"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// triggered is an action that the creation of an object triggers.
type triggered struct {
	action addr.Resource // of the block or, with a key, of one instance
	by     []addr.Resource
}

// due returns the actions that applying the plan triggers, by address: those of
// what it creates, and those that an earlier run was to trigger and did not come
// to.
func (pl *Proposal) due() (all []triggered) {
	if pl.Plan == nil || pl.options.Destroy {
		return nil
	}
	by := make(map[addr.Resource][]addr.Resource)
	for i := range pl.Changes {
		c := &pl.Changes[i]
		if c.Action == plan.Forget || c.Action == plan.Gone || c.Addr.Data {
			continue
		}
		for _, a := range pl.State.Resources[c.Addr].Due {
			by[a] = append(by[a], c.Addr)
		}
		if c.Action != plan.Create && c.Action != plan.Replace {
			continue
		}
		for _, a := range pl.project.program.Triggers(c.Addr) {
			if !slices.Contains(by[a], c.Addr) {
				by[a] = append(by[a], c.Addr)
			}
		}
	}
	for a, from := range by {
		all = append(all, triggered{a, from})
	}
	slices.SortFunc(all, func(a, b triggered) int { return a.action.Compare(b.action) })
	return all
}

// Empty reports whether there is nothing that applying the plan could do now.
func (pl *Proposal) Empty() bool { return pl.Plan.Empty() && len(pl.due()) == 0 }

// showDue emits the actions that the plan triggers, and counts them.
func (p *Project) showDue(pl *Proposal, emit event.Sink, counts map[string]int) {
	for _, t := range pl.due() {
		e := event.Planned{Addr: t.action.String(), Kind: t.action.Kind, Name: t.action.Name, Action: event.Invoke,
			Why: "triggered by the creation of " + t.by[0].String()}
		if more := len(t.by) - 1; more > 0 {
			e.Why += fmt.Sprintf(" and of %d more", more)
		}
		for _, a := range t.by {
			e.Needs = append(e.Needs, a.String())
		}
		if r := p.program.BlockRange(t.action); r != nil {
			e.File, e.Line = r.Filename, r.Start.Line
		}
		emit(e)
		counts[event.Invoke]++
	}
}

// dueLeaves returns how the actions are written that the plan triggers, by address;
// nil if there are none.
func (pl *Proposal) dueLeaves() map[string]tell.Leaves {
	var all map[string]tell.Leaves
	for _, t := range pl.due() {
		k, ok := kinds.ActionByName(t.action.Kind)
		if !ok {
			continue
		}
		l, w := make(tell.Leaves), tell.LeafWriter{Key: pl.key, Addr: t.action.String()}
		for i := range k.Schema.Config.Attrs {
			name := k.Schema.Config.Attrs[i].Name
			l[name+" is written as"] = w.Source(pl.project.program.AttrSource(t.action, name), nil)
		}
		l["by"] = strings.Join(addr.Texts(t.by), " ")
		if all == nil {
			all = make(map[string]tell.Leaves)
		}
		all[t.action.String()] = l
	}
	return all
}

// trigger runs the actions that are due after an apply. It begins with the state
// that this has saved, and leaves in it what then holds.
func (p *Project) trigger(ctx context.Context, pl *Proposal, st *state.State, o ApplyOptions, sum *apply.Summary) (err error) {
	if len(p.dueIn(pl, st)) == 0 {
		return nil
	}
	p.moveRuns(st)
	journal, err := p.Store.Journal(ctx, st)
	if err != nil {
		return fmt.Errorf("open the journal: %w", err)
	}
	iv := &Invoked{Proposal: pl, written: make(map[addr.Resource]bool), looked: time.Now(), now: p.now()}
	if pl.conn.Date != nil {
		if at := pl.conn.Date(ctx); !at.IsZero() {
			iv.now = at
		}
	}
	_ = p.expandActions(iv, pl.Known) // validate reports the mistakes
	r := &invokeRun{Project: p, iv: iv, st: st, journal: journal, options: ApplyOptions{Stop: o.Stop}}
	for _, t := range p.dueIn(pl, st) {
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

// dueIn returns what is due in a state, of objects that the plan is about.
func (p *Project) dueIn(pl *Proposal, st *state.State) (all []triggered) {
	by := make(map[addr.Resource][]addr.Resource)
	for i := range pl.Changes {
		a := pl.Changes[i].Addr
		for _, action := range st.Resources[a].Due {
			if !slices.Contains(pl.unasked, action) {
				by[action] = append(by[action], a)
			}
		}
	}
	for a, from := range by {
		all = append(all, triggered{a, from})
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
		in, diags := p.invocation(r.iv, a, r.iv.Known)
		if in != nil {
			diags = append(diags, p.unsettled(r.iv, in)...)
		}
		if diags.HasErrors() {
			whole = false
			sum.Deferred++
			p.Emit(event.Deferred{Addr: a.String(), Reason: event.Foreign("it cannot be run yet: " + firstError(diags))})
			continue
		}
		r.iv.State = r.st
		r.iv.All = []*Invocation{in}
		if err := p.judge(ctx, r.iv, in); err != nil {
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
		o := r.st.Resources[a]
		o.Due = slices.DeleteFunc(slices.Clone(o.Due), func(d addr.Resource) bool { return d == t.action })
		rec := state.Record{Addr: a, Object: &o}
		if err := r.journal.Append(rec); err != nil {
			return err
		}
		r.st.Apply(rec)
	}
	return nil
}

// firstError is what the first error says.
func firstError(diags hcl.Diagnostics) string {
	for _, d := range diags {
		if d.Severity == hcl.DiagError {
			return d.Detail
		}
	}
	return ""
}
