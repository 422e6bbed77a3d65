package engine

import (
	"context"
	"errors"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/event"
	"kiraform/internal/planfile"
	"kiraform/internal/policy"
	"kiraform/internal/tell"
	"kiraform/internal/trust"
	"kiraform/plan"
	"kiraform/state"
)

// PlanOptions choose the resources to plan. The zero value plans everything,
// after looking at the live objects.
type PlanOptions struct {
	Destroy   bool
	NoRefresh bool // trust the state instead of looking at live objects
	Full      bool // look at each object by its id rather than at lists
	Wait      bool // shut gates will be waited for
	Targets   []addr.Resource
	Exclude   []addr.Resource
	Replace   []addr.Resource
	Same      []addr.Resource // users that stay the same person, however much of them changes
	GoneOK    GoneOK          // how many may be gone
	Force     bool            // objects that are marked as another state's are taken over
	Workers   int             // at most this many requests at once; 0 means 10

	Minimal bool // look only at the objects that the changes rest on
	Save    bool // the plan is going to be saved: its file is made while it is shown

	saved *planfile.File // the plan that is made again, and that may look only at the objects that it rests on

	rows    bool // rows of lists are enough where nothing needs more
	changes bool // there is going to be a plan, whose changes can say which objects to look at

	Place state.Place // that a saved plan was made for; the zero Place is any
	Again string      // the line that makes that plan again
}

// Proposal is a plan, in the session that it was made in: it can be shown,
// saved and carried out. Close it when it is no longer needed.
type Proposal struct {
	*Session
	*plan.Plan // starts from the State of the session

	blind   map[addr.Resource]bool // resources that are put off because an object could not be looked at
	unasked []addr.Resource        // triggered actions that a person has left out
	opened  map[addr.Resource]bool // see [Proposal.opens]
	digest  string                 // as [Proposal.Digest] worked it out; "" before that
	told    *tellings              // what its changes come to in a file; nil unless it is saved, or was
	texts   *tell.Sources          // how values are written; nil until it is needed

	policies []event.Policy  // the judgement of each
	counted  []policy.Change // the changes that policies judged
	denied   int             // changes that a policy is against, or about which it can say nothing in time; and mistakes in policies

	later map[string][]*config.Policy // policies that are asked again once values are known, by address
}

// Close closes the session. There is none without a plan.
func (pl *Proposal) Close() error {
	if pl == nil {
		return nil
	}
	return pl.Session.Close()
}

// check returns the diagnostics of a plan that starts from nothing.
func (p *Project) check() hcl.Diagnostics {
	imported := make(map[addr.Resource]bool)
	for _, im := range p.program.Imports() {
		imported[im.To] = true
	}
	made, diags := plan.Make(plan.Input{Program: p.program, Prior: state.New(""), Kinds: p.schemas, Imported: imported})
	return append(diags, p.checkActions(made.Known)...)
}

// Plan looks at the live objects and works out the changes, which it emits.
// Close the proposal when it is no longer needed; after an error there is none.
func (p *Project) Plan(ctx context.Context, o PlanOptions) (pl *Proposal, err error) {
	o.rows, o.changes = !p.program.Conditional() && !(o.Destroy && len(p.policies) > 0), true
	s, err := p.live(ctx, o)
	if err == nil {
		s.options = o
		pl, err = p.propose(ctx, s)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return pl, nil
}

// propose makes the plan that the options of a session ask for.
func (p *Project) propose(ctx context.Context, s *Session) (*Proposal, error) {
	o := s.options
	if !o.Destroy {
		if err := p.report(s.everythingGone("apply", o.GoneOK)); err != nil {
			return nil, err
		}
		s.unprove()
	}
	made, diags, err := p.make(ctx, s, s.input(o), o)
	if err != nil {
		return nil, p.secrets.Error(err)
	}
	p.known = made.Known
	diags = append(diags, p.noActions(o.Exclude)...)
	s.State = made.Prior
	pl := &Proposal{Session: s, Plan: made}
	if err := p.report(diags); err != nil {
		return nil, err
	}
	if err := p.report(pl.putOff()); err != nil {
		return nil, err
	}
	p.unanswered(pl)
	p.warnRuns(pl.State)
	pl.judge(pl.judged)
	return pl, p.show(ctx, pl)
}

// input is the ground of the plan that o asks for, as it is known now.
func (s *Session) input(o PlanOptions) plan.Input {
	return plan.Input{
		Program: s.project.program, Prior: s.State, Kinds: s.project.schemas, Key: s.key, Gone: s.gone,
		Said: s.said(), Destroy: o.Destroy, Wait: o.Wait, Targets: o.Targets, Exclude: resourcesOf(o.Exclude), Replace: o.Replace, SamePerson: o.Same,
	}
}

// Without leaves out resources, and all that needs them.
func (pl *Proposal) Without(addrs []string) error {
	leave, err := addr.ParseAll(addrs)
	if err != nil {
		return err
	}
	pl.digest, pl.told, pl.texts = "", nil, nil
	for _, a := range leave {
		if a.Action { // it stays due
			pl.unasked = append(pl.unasked, a)
		}
	}
	leave = slices.DeleteFunc(leave, func(a addr.Resource) bool { return a.Action })
	if len(leave) > 0 {
		pl.Plan.Without(leave, pl.project.schemas, pl.key)
	}
	return nil
}

// show emits the plan, and makes everything of its changes that the run needs later.
func (p *Project) show(ctx context.Context, pl *Proposal) error {
	o := pl.options
	t, err := pl.tell(ctx, toTell{approved: !pl.key.Fresh(), facts: o.Save || o.saved != nil, file: o.Save}, p.Emit)
	if err != nil {
		return err
	}
	counts := pl.counts()
	p.showDue(pl, p.Emit, counts)
	end := event.PlanEnd{Counts: counts, Outputs: tell.OutputChanges(pl.Outputs)}
	end.Ended = endedEvents(pl.Ended)
	end.Unproven = trust.Unproven(pl.project.schemas, pl.key, pl.Changes)
	if t.want.approved {
		pl.digest = pl.approval(t).Digest()
	}
	if ctx.Err() != nil {
		return errGivenUp
	}
	if t.approved = nil; t.want.facts {
		pl.told = t
	}
	end.Digest, end.NoDigest = pl.Digest()
	p.Emit(end)
	return nil
}

// planned shows the effect of a change.
func (pl *Proposal) planned(c *plan.Change) event.Planned {
	p := pl.project
	return p.safe(tell.Change(c, p.schemas[c.Addr.Schema()], pl.key, p.program.BlockRange(c.Addr)))
}

// counts counts the changes by action, and the moves.
func (pl *Proposal) counts() map[string]int {
	counts := make(map[string]int)
	for i := range pl.Changes {
		if c := &pl.Changes[i]; c.Action != plan.NoOp || c.Moved == (addr.Resource{}) {
			counts[string(c.Action)]++
		}
	}
	if n := pl.movesOn(); n > 0 {
		counts[event.Move] = n
	}
	return counts
}
