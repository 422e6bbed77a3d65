package engine

import (
	"kiraform/internal/event"
	"kiraform/internal/tell"
	"kiraform/plan"
)

// object is the resource of a change as a saved plan has it beside its changes. Of one
// that changes it has the objects alone: the rest stands in [planfile.File.Changes].
func (pl *Proposal) object(c *plan.Change, stays bool) event.Reviewed {
	r := event.Reviewed{Planned: event.Planned{Addr: c.Addr.String()}}
	if stays {
		r.Planned = pl.planned(c)
		r.Nodes, r.Hidden = nil, 0
	}
	r.Before, r.Result = pl.sides(c)
	return r
}

// sides returns the object of a change as it is, and as it will be.
func (pl *Proposal) sides(c *plan.Change) (is, will []event.Node) {
	k := pl.project.schemas[c.Addr.Schema()]
	if k == nil {
		return nil, nil
	}
	if c.Prior.ID != "" {
		o := c.Prior
		if !c.Config.IsNull() && c.Config.ContainsMarked() { // a value that is a secret now was one already
			want := pl.sealed(k, c)
			o.Seen, o.Sent = pl.key.Seal(k, o.Salt, o.Seen.Shown(), want), pl.key.Seal(k, o.Salt, o.Sent.Shown(), want)
		}
		is = tell.Object(c.Addr, k, o).Nodes
	}
	return is, tell.Attrs(k, c.After.Value())
}
