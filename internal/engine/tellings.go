package engine

import (
	"context"
	"errors"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/internal/planfile"
	"kiraform/internal/tell"
	"kiraform/plan"
)

// errGivenUp is the end of work on a plan that nobody wants any more.
var errGivenUp = errors.New("interrupted while the plan was made")

// tellings are all that is made of the changes of a plan one by one, and of its
// outputs. Each takes the whole object that a change leads to, which is forgotten
// again, and most of them its leaves: so they are made in one go.
type tellings struct {
	want     toTell
	outputs  map[string]tell.Leaves // see [Proposal.outputLeaves]
	approved []planfile.ApprovedChange
	facts    []planfile.Change // those of a file with how they are shown
	objects  []byte            // of a file: see [planfile.Packer]
}

// toTell says which tellings are wanted.
type toTell struct {
	approved, facts bool
	file            bool // and everything that a file has beside its facts
}

// tell makes the tellings of the plan, and shows each change to a sink, unless that is
// nil. It gives up when ctx ends.
func (pl *Proposal) tell(ctx context.Context, want toTell, show event.Sink) (*tellings, error) {
	t, pack := &tellings{want: want}, planfile.NewPacker()
	if want.approved || want.facts {
		t.outputs = pl.outputLeaves(ctx)
	}
	for i := range pl.Changes {
		if ctx.Err() != nil {
			return nil, errGivenUp
		}
		c := &pl.Changes[i]
		stays := c.Action == plan.NoOp && c.Moved == (addr.Resource{})
		if !stays {
			t.change(pl, c, show)
		}
		if want.file {
			pack.Add(pl.object(c, stays))
		}
		c.After.Drop()
	}
	if want.file {
		t.objects = pack.Bytes()
	}
	return t, nil
}

// change adds the tellings of a change that is shown.
func (t *tellings) change(pl *Proposal, c *plan.Change, show event.Sink) {
	var shown event.Planned
	if t.want.file || show != nil {
		shown = pl.planned(c)
	}
	if show != nil {
		show(shown)
	}
	w := pl.written(c)
	if t.want.approved && c.Action != plan.Read {
		t.approved = append(t.approved, pl.approved(c, w))
	}
	if !t.want.facts {
		return
	}
	f := pl.fact(c, w)
	if t.want.file {
		f.Shown = shown
		f.Shown.Addr, f.Shown.From, f.Shown.Action, f.Shown.ID = "", "", "", ""
	}
	t.facts = append(t.facts, f)
}

// tellAgain makes the tellings that are wanted, unless they were made while the plan was
// shown.
func (pl *Proposal) tellAgain(ctx context.Context, want toTell) (err error) {
	if t := pl.told; t != nil && t.want.facts && (t.want.file || !want.file) {
		return nil
	}
	pl.told, err = pl.tell(ctx, want, nil)
	return err
}
