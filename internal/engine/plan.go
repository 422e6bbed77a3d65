package engine

import (
	"context"
	"time"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/plan"
	"kiraform/state"
)

// PlanOptions says what to plan. Its zero value plans everything, after
// looking at what is live.
type PlanOptions struct {
	Destroy   bool
	NoRefresh bool // trust the state instead of looking at what is live
	Full      bool // look at each object by its id rather than at lists
	Wait      bool // shut gates will be waited for
	Targets   []addr.Resource
	Exclude   []addr.Resource
	Replace   []addr.Resource
	Same      []addr.Resource // users that stay the same person, however much of them changes
	GoneOK    GoneOK          // how many may be gone
	Force     bool            // objects that are marked as another state's are taken over
	Workers   int             // at most this many requests at once; 0 means 10

	Place state.Place // that a saved plan was made for; the zero Place is any
}

// Planned is a plan, with what it was made from.
type Planned struct {
	*plan.Plan
	State *state.State // refreshed, with what moved at its new address; the plan starts from it
	// Refreshed tells that the state on disk is older than State.
	Refreshed bool

	gone   map[addr.Resource]state.Object // what the state had, and Kira has no more
	unread map[addr.Resource]error        // what could not be looked at, and why
	failed []string                       // of these, what the plan puts off
	blind  map[addr.Resource]bool         // what it puts off because of these

	updated   map[addr.Resource]time.Time // when Kira last changed what was looked at
	undecided map[addr.Resource]error     // what could not be told to exist, by its address in the plan

	project *Project
	options PlanOptions  // that it was made with
	was     *state.State // as loaded
	bound   bool         // the state was bound to its place by this run: that on disk does not say it yet
	key     state.Key
	conn    Connection
}

// check plans from nothing, for the sake of the diagnostics.
func (p *Project) check() hcl.Diagnostics {
	imported := make(map[addr.Resource]bool)
	for _, im := range p.program.Imports() {
		imported[im.To] = true
	}
	_, diags := plan.Make(plan.Input{Program: p.program, Prior: state.New(""), Kinds: p.schemas, Imported: imported})
	return diags
}

// Plan looks at what is live and works out what must change, which it emits.
// Close the plan when it is no longer needed.
func (p *Project) Plan(ctx context.Context, o PlanOptions) (*Planned, error) {
	pl, err := p.live(ctx, o)
	if err != nil {
		return pl, err
	}
	pl.options = o
	if !o.Destroy {
		if err := p.report(pl.everythingGone("apply", o.GoneOK)); err != nil {
			return pl, err
		}
		pl.unprove()
	}
	in := plan.Input{
		Program: p.program, Prior: pl.State, Kinds: p.schemas, Key: pl.key, Gone: pl.gone,
		Destroy: o.Destroy, Wait: o.Wait, Targets: o.Targets, Exclude: o.Exclude, Replace: o.Replace, SamePerson: o.Same,
	}
	made, diags, err := p.make(ctx, pl, in, o)
	if err != nil {
		return pl, p.secrets.Error(err)
	}
	pl.Plan, pl.State = made, made.Prior
	if err := p.report(diags); err != nil {
		return pl, err
	}
	if err := p.report(pl.putOff()); err != nil {
		return pl, err
	}
	p.unanswered(pl)
	p.show(pl)
	return pl, nil
}

// live loads the state and, unless o says not to, looks at what is live. What
// it returns has no plan yet, but has to be closed.
func (p *Project) live(ctx context.Context, o PlanOptions) (pl *Planned, err error) {
	if pl, err = p.begin(ctx); err != nil {
		return nil, err
	}
	if err := p.sameAsSaved(pl, o); err != nil {
		return pl, err
	}
	if !o.NoRefresh {
		if err = p.refresh(ctx, pl, o.Workers, o.Full); err != nil {
			return pl, p.hide(err)
		}
		err = p.recognise(pl)
	}
	return pl, err
}

// Close gives up the connection that the plan was made with.
func (pl *Planned) Close() error {
	if pl == nil || pl.conn.Close == nil {
		return nil
	}
	return pl.conn.Close()
}

// Requests is how many requests were sent to Kira so far.
func (pl *Planned) Requests() int64 {
	if pl == nil || pl.conn.Requests == nil {
		return 0
	}
	return pl.conn.Requests()
}

// Place is where the plan was made.
func (pl *Planned) Place() state.Place { return pl.conn.Place }

// Without leaves out resources, and all that needs them.
func (pl *Planned) Without(addrs []string) error {
	leave, err := parsed(addrs)
	if err == nil && len(leave) > 0 {
		pl.Plan.Without(leave, pl.project.schemas, pl.key)
	}
	return err
}

// show emits what is planned.
func (p *Project) show(pl *Planned) {
	counts := p.each(pl, p.Emit)
	end := event.PlanEnd{Counts: counts, Outputs: p.outputNodes(pl.Outputs)}
	end.Ended = pl.planEnded()
	end.Unproven = pl.unproven()
	end.Digest, end.NoDigest = pl.Digest()
	p.Emit(end)
}

// moveCount is what counts moves, beside the actions.
const moveCount = "move"

// each emits the changes and moves, and counts them.
func (p *Project) each(pl *Planned, emit event.Sink) map[string]int {
	for i := range pl.Changes {
		if c := &pl.Changes[i]; c.Action != plan.NoOp || c.Moved != (addr.Resource{}) {
			emit(pl.planned(c))
		}
	}
	return pl.counts()
}

// counts counts the changes by what they do, and the moves.
func (pl *Planned) counts() map[string]int {
	counts := make(map[string]int)
	for i := range pl.Changes {
		if c := &pl.Changes[i]; c.Action != plan.NoOp || c.Moved == (addr.Resource{}) {
			counts[string(c.Action)]++
		}
	}
	if n := pl.movesOn(); n > 0 {
		counts[moveCount] = n
	}
	return counts
}
