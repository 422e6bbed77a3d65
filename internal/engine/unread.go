package engine

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/plan"
)

// putOff defers the planned changes of objects that could not be read, and of
// their dependants, and warns of each. Every other change stays.
func (pl *Proposal) putOff() (diags hcl.Diagnostics) {
	pl.moveUnread()
	unread := pl.cannotRead()
	if len(unread) == 0 {
		return nil
	}
	at := make(map[addr.Resource]*plan.Change, len(pl.Changes))
	for i := range pl.Changes {
		at[pl.Changes[i].Addr] = &pl.Changes[i]
	}
	walk := pl.Graph().Walk()
	for _, a := range unread {
		c, planned := at[a]
		if !planned {
			continue // -target leaves it out
		}
		diags = append(diags, pl.unreadable(a))
		if c.Action == plan.Forget {
			continue // which takes no look
		}
		pl.failed = append(pl.failed, a.String())
		pl.deferChange(c, "it cannot be read")
		for _, b := range walk.Skip(a) {
			if c := at[b]; c.Action != plan.NoOp && pl.unread[b] == nil {
				pl.deferChange(c, "it needs "+a.String()+", which cannot be read")
			}
		}
	}
	if len(pl.failed) > 0 {
		diags = append(diags, pl.Settle(pl.project.program)...)
	}
	return diags
}

// moveUnread takes the objects that could not be read to their addresses in the
// plan, and adds those whose existence is unclear.
func (pl *Proposal) moveUnread() {
	unread := make(map[addr.Resource]error, len(pl.unread)+len(pl.undecided))
	for a, err := range pl.unread {
		unread[pl.addressNow(a)] = err
	}
	maps.Copy(unread, pl.undecided)
	pl.unread = unread
}

// deferChange puts c off. An object that lives stays as it is.
func (pl *Proposal) deferChange(c *plan.Change, why string) {
	c.Action, c.Why, c.Waits = plan.Defer, why, ""
	if pl.blind == nil {
		pl.blind = make(map[addr.Resource]bool)
	}
	pl.blind[c.Addr] = true
	if k := c.Kind(pl.project.schemas); k != nil { // a data source has none
		pl.Known.Set(c.Addr, plan.Real(k, pl.key, c.Config, c.Prior))
	}
}

// cannotRead returns the addresses of objects that could not be looked at,
// sorted.
func (s *Session) cannotRead() []addr.Resource {
	return slices.SortedFunc(maps.Keys(s.unread), addr.Resource.Compare)
}

// unreadable says of one object why it could not be looked at.
func (s *Session) unreadable(a addr.Resource) *hcl.Diagnostic {
	kept := ""
	if o, lives := s.State.Resources[a]; lives {
		kept = fmt.Sprintf(" The state keeps %s as it was last seen.", o.ID)
	}
	return diag.At(diag.Warning("cannot-read", s.project.program.Locate(a, nil), "Cannot be read",
		"%s: %s. Nothing is done to it, or to its dependants; the other resources are not held up.%s", a, s.unread[a], kept), a.InstanceName())
}

// Unread returns the addresses of the objects that the plan puts off because
// they could not be looked at, sorted. A run with such is not a success,
// whatever else it did.
func (s *Session) Unread() []string { return s.failed }

// failUnread names once more, after a run, the objects that it could not look
// at.
func (pl *Proposal) failUnread() {
	for _, a := range pl.cannotRead() {
		if d := pl.unreadable(a); slices.Contains(pl.failed, a.String()) {
			d.Severity = hcl.DiagError
			pl.project.Emit(pl.project.diagnostic(d))
		}
	}
}

// warnUnread warns of everything that could not be looked at.
func (s *Session) warnUnread() {
	if len(s.unread) > 0 {
		s.project.learn()
	}
	for _, a := range s.cannotRead() {
		s.failed = append(s.failed, a.String())
		s.project.Emit(s.project.diagnostic(s.unreadable(a)))
	}
}
