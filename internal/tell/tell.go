// Package tell turns values into text, and is the one place that does: into the
// nodes of events, which a view lays out without looking at values, and into the
// leaves that digests cover.
//
// So it is also where values are redacted. A value that a schema or a mark calls
// sensitive is in no node, and is in a leaf only under the key of the state.
//
// Start at [Change], and at valueNode for the form of a node.
package tell

import (
	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/state"
)

// resource names a resource, and its block if it has one.
func resource(a addr.Resource, block *hcl.Range) event.Planned {
	e := event.Planned{Addr: a.String(), Module: string(a.Module), Kind: a.Kind, Name: a.Name}
	if n, is := a.Key.Int(); is {
		e.Index.Number = new(n)
	} else if s, is := a.Key.Text(); is {
		e.Index.Text = new(s)
	}
	if block != nil {
		e.File, e.Line = block.Filename, block.Start.Line
	}
	return e
}

// Place says in words where p is.
func Place(p state.Place) event.Place {
	return event.Place{Environment: p.Environment, Address: p.Address, Account: p.Account[:min(8, len(p.Account))],
		World: p.World, Production: p.Production()}
}
