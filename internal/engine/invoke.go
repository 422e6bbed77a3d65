package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/actions"
	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/eval"
	"kiraform/internal/event"
	"kiraform/internal/runs"
	"kiraform/plan"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// InvokeOptions has the action to run, and the consents of a person.
type InvokeOptions struct {
	Addr    addr.Resource // of the action; without a key, all of its instances
	Again   bool          // a run that is done is repeated
	Known   []string      // ids of payouts that are somebody else's
	OneTime string        // one-time password; "" for none
	Workers int           // at most this many requests at once; 0 means 10

	Place state.Place // that a saved plan was made for; the zero Place is any
	Anew  string      // the line that makes that plan again
}

// Invoked is the planned run of an action. Nothing of it was sent.
type Invoked struct {
	*Session
	All    []*actions.Instance // by address
	Needed *Proposal           // of the objects that the action needs; nil where the action is not evaluated

	options InvokeOptions
	written runs.Written // the actions that the configuration has
	kira    *actions.Kira
	why     string // the detail of the last error about one of them
	rests   *rests // see [Invoked.restsOn]
}

// Due reports whether there is anything to do.
func (iv *Invoked) Due() bool { return slices.ContainsFunc(iv.All, (*actions.Instance).Due) }

// PlanInvoke works out the effect of running an action, which it emits. It sends
// nothing but questions. Close the result when it is no longer needed.
func (p *Project) PlanInvoke(ctx context.Context, o InvokeOptions) (*Invoked, error) {
	iv, err := p.invoked(ctx, o, p.unsettled)
	if err != nil {
		return iv, err
	}
	if err := iv.kira.LookAtOthers(ctx, iv.All); err != nil {
		return iv, p.secrets.Error(fmt.Errorf("look for earlier payouts: %w", err))
	}
	var wrong error
	for _, in := range iv.All {
		if err := in.Judge(ctx); ctx.Err() != nil {
			return iv, ctx.Err()
		} else if err != nil {
			iv.refuse(in, "action-refused", "Cannot be run", err.Error())
			wrong = ErrReported
		} else if in.Verdict.Step == runs.Stop {
			iv.stop(in)
			wrong = ErrReported
		}
	}
	if iv.twins() {
		wrong = ErrReported
	}
	if wrong != nil {
		return iv, wrong
	}
	iv.warnTwice()
	iv.Needed.judge(iv.asked)
	p.warnRuns(iv.State)
	iv.show()
	return iv, nil
}

// invoked evaluates the action that is asked for, and lets check judge each instance.
func (p *Project) invoked(ctx context.Context, o InvokeOptions, check func(*Invoked, *actions.Instance) hcl.Diagnostics) (*Invoked, error) {
	block := o.Addr.Block()
	if !p.hasAction(block) {
		return nil, p.noAction(o.Addr)
	}
	s, err := p.live(ctx, PlanOptions{Workers: o.Workers, Place: o.Place, Again: o.Anew})
	iv := &Invoked{Session: s, options: o, written: make(runs.Written)}
	if err != nil {
		return iv, err
	}
	if err := p.mustBeBound(s); err != nil {
		return iv, err
	}
	p.lookAtKira(ctx, iv)
	made, err := p.settled(ctx, s, block, o)
	if err != nil {
		return iv, err
	}
	iv.Needed, iv.kira.State = &Proposal{Session: s, Plan: made}, s.State
	p.moveRuns(s.State)
	diags := p.expandActions(iv, made.Known)
	iv.kira.Book = runs.NewBook(s.State, iv.written.Has)
	for _, a := range iv.wanted() {
		in, d := p.invocation(iv, a, made.Known)
		diags = append(diags, d...)
		if in != nil {
			diags = append(diags, check(iv, in)...)
			iv.All = append(iv.All, in)
		}
	}
	if len(iv.All) == 0 && !diags.HasErrors() {
		return iv, p.noAction(o.Addr)
	}
	return iv, p.report(diags)
}

// lookAtKira has iv look at Kira, whose time it asks for.
func (p *Project) lookAtKira(ctx context.Context, iv *Invoked) {
	call := iv.conn.call("")
	call.OneTime = iv.options.OneTime
	iv.kira = &actions.Kira{Call: call, Clock: iv.conn.Date, Emit: p.Emit, Workers: iv.options.Workers, Looked: time.Now(), World: runs.World{
		State: iv.State, Now: p.now(), Written: iv.written.Has, Asked: iv.written.Elsewhere, Kept: iv.written.Keeps}}
	if at := iv.kira.Date(ctx); !at.IsZero() {
		iv.kira.Now = at
	}
}

func (p *Project) hasAction(block addr.Resource) bool {
	return block.Action && slices.Contains(p.program.Actions(), block)
}

func (p *Project) noAction(a addr.Resource) error {
	var names []string
	for _, have := range p.program.Actions() {
		names = append(names, have.String())
	}
	p.Emit(event.Diagnostic{Severity: "error", Code: "no-such-action", Summary: "No such action",
		Detail: fmt.Sprintf("The configuration has no %s.%s An action is named as in action.kira_payout.rent.", a, diag.DidYouMean(a.String(), names))})
	return ErrNoAction
}

// ErrNoAction is returned when the configuration does not have the action that is asked
// for. It was reported.
var ErrNoAction = fmt.Errorf("%w: no such action", ErrReported)

// settled plans the needs of the action, so that its values are known, and
// everything that may be about the objects that it names by id.
func (p *Project) settled(ctx context.Context, s *Session, block addr.Resource, o InvokeOptions) (*plan.Plan, error) {
	needs := p.program.NeedsOf(block)
	in := plan.Input{Program: p.program, Prior: s.State, Kinds: p.schemas, Key: s.key, Gone: s.gone, Targets: needs}
	s.unprove()
	made, diags, err := p.make(ctx, s, in, PlanOptions{Workers: o.Workers, Targets: needs})
	if err != nil {
		return nil, p.secrets.Error(err)
	}
	s.State, p.known = made.Prior, made.Known
	if len(needs) == 0 {
		return made, nil // nothing of it is asked for
	}
	return made, p.report(slices.DeleteFunc(diags, func(d *hcl.Diagnostic) bool { return diag.CodeOf(d) == "partial-plan" }))
}

// expandActions finds out which actions the configuration has. Those of a block
// of which that is not known count as not written: a run of them stops one like it.
func (p *Project) expandActions(iv *Invoked, known *eval.Values) (diags hcl.Diagnostics) {
	var certain []addr.Resource
	for _, block := range p.program.Actions() {
		instances, d := p.program.Expand(block, known)
		known.Expand(block, instances)
		if block == iv.options.Addr.Block() {
			diags = append(diags, d...)
		}
		for _, a := range instances {
			iv.written[a] = nil
		}
		if !d.HasErrors() {
			certain = append(certain, instances...)
		}
	}
	for _, a := range certain {
		iv.written[a] = p.identityAt(a, known)
	}
	return diags
}

// identityAt is the identity that a run of the action at a would have; nil if it is not
// known.
func (p *Project) identityAt(a addr.Resource, known *eval.Values) map[string]string {
	kind, ok := kinds.ActionByName(a.Kind)
	r, diags := p.program.Eval(a, known)
	if !ok || diags.HasErrors() {
		return nil
	}
	bare, _ := r.Config.UnmarkDeep()
	return kind.Schema.Identity(bare)
}

// wanted are the instances that are asked for, sorted.
func (iv *Invoked) wanted() (all []addr.Resource) {
	if _, one := iv.written[iv.options.Addr]; one {
		return []addr.Resource{iv.options.Addr} // an instance covers itself alone
	}
	for a := range iv.written {
		if iv.options.Addr.Covers(a) {
			all = append(all, a)
		}
	}
	slices.SortFunc(all, addr.Resource.Compare)
	return all
}

// invocation evaluates one instance.
func (p *Project) invocation(iv *Invoked, a addr.Resource, known *eval.Values) (*actions.Instance, hcl.Diagnostics) {
	kind, _ := kinds.ActionByName(a.Kind)
	r, diags := p.program.Eval(a, known)
	if diags.HasErrors() {
		return nil, diags
	}
	bare, _ := r.Config.UnmarkDeep()
	for i := range kind.Schema.Config.Attrs {
		at := &kind.Schema.Config.Attrs[i]
		if v, marks := r.Config.GetAttr(at.Name).UnmarkDeep(); !v.IsWhollyKnown() {
			return nil, append(diags, diag.Error("invoke-first", p.program.Locate(a, cty.GetAttrPath(at.Name)), "Not known yet",
				"%s of %s is made of an object that does not exist yet. Apply first:\n  kiraform apply", at.Name, a))
		} else if len(marks) > 0 && slices.Contains(kind.Schema.Of, at.Name) {
			return nil, append(diags, diag.Error("secret-identity", p.program.Locate(a, cty.GetAttrPath(at.Name)), "A secret tells runs apart",
				"The attribute %s tells one run of %s from another, and is kept and shown with every run, so it cannot be sensitive. Write it without a sensitive value.", at.Name, a))
		}
	}
	return &actions.Instance{Kira: iv.kira, Kind: kind, Config: r.Config, Want: runs.Want{
		Addr: a, Action: &kind.Schema, Of: kind.Schema.Identity(bare), Digest: iv.key.Digest(kind.Body(bare)),
		Again: iv.options.Again, Known: iv.options.Known,
	}}, diags
}

// moveRuns gives the runs the addresses that moved blocks say.
func (p *Project) moveRuns(st *state.State) bool {
	to := make(map[addr.Resource]addr.Resource)
	for _, r := range st.AllRuns() {
		if at := routed(p.program.ActionMoves(), r.Addr); at != r.Addr {
			to[r.Addr] = at
		}
	}
	return st.MoveRuns(to)
}

// routed follows moves from an address to their end. The move of one instance goes
// before that of its block.
func routed(moves []eval.Move, a addr.Resource) addr.Resource {
	for range moves {
		i := slices.IndexFunc(moves, func(m eval.Move) bool { return !m.Whole() && m.From == a })
		if i < 0 {
			i = slices.IndexFunc(moves, func(m eval.Move) bool { return m.Whole() && m.From == a.Block() })
		}
		switch {
		case i < 0:
			return a
		case moves[i].Whole():
			a = moves[i].To.Instance(a.Key)
		default:
			a = moves[i].To
		}
	}
	return a
}
