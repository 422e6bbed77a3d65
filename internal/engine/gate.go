package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/apply"
	"kiraform/internal/addr"
	"kiraform/schema"
	"kiraform/schema/kinds"
)

// Hold implements [apply.Provider]: it looks whether the gates of op's kind
// are open.
func (p provider) Hold(ctx context.Context, op apply.Op) (apply.Hold, error) {
	hold := apply.Hold{Looked: make(map[addr.Resource]cty.Value)}
	for _, g := range op.Kind.Gates {
		id := schema.Member(op.Want, g.Attr)
		other, ok := kinds.ByName(g.Kind)
		if id.IsNull() || !ok {
			continue
		}
		a, managed := owner(op, g)
		if managed && g.Opens(status(op.Near[a], g)) {
			continue // it was seen to be open, by the plan or in this run
		}
		name := g.Kind + " " + id.AsString()
		if managed {
			name = a.String()
		}
		if is, enough := p.waiting(op, g, op.Near[a]); enough {
			hold.Reason = shut(name, is, g)
			return hold, nil
		}
		o, err := other.Read(ctx, kinds.Call{API: p.conn.API, ID: id.AsString()})
		switch {
		case errors.Is(err, kinds.ErrGone):
			return hold, &closedError{fmt.Sprintf("there is no %s at Kira", name)}
		case err != nil:
			return hold, fmt.Errorf("look at %s: %w", name, err)
		case managed:
			hold.Looked[a] = o.Seen
		}
		switch is := status(o.Seen, g); {
		case slices.Contains(g.Closed, is):
			return hold, &closedError{fmt.Sprintf("%s is %s at Kira, not %s. %s", name, is, g.Open[0], g.Advice)}
		case !g.Opens(is):
			hold.Reason = shut(name, is, g)
			return hold, nil
		}
	}
	return hold, nil
}

func shut(name, is string, g schema.Gate) string {
	if g.Open == nil {
		return fmt.Sprintf("%s %s yet, and Kira has to provide it", name, g.Stands(is))
	}
	return fmt.Sprintf("%s %s, waiting for Kira to make it %s", name, g.Stands(is), g.Open[0])
}

// status is what Kira shows of that which a gate looks at, or "".
func status(seen cty.Value, g schema.Gate) string { return text(schema.Member(seen, g.Field)) }

// closedError is a gate that will not open by itself.
type closedError struct{ text string }

func (e *closedError) Error() string { return e.text }

// Refused tells that nothing was sent.
func (e *closedError) Refused() bool { return true }

// Await implements [apply.Provider]: it returns when what op waits for has
// moved, which is looked at for all that wait at once.
func (p provider) Await(ctx context.Context, op apply.Op) {
	if op.Made {
		k, _ := kinds.ByName(op.Kind.Name)
		p.watch.until(ctx, op.Addr, waiter{kind: k, id: op.Prior.ID, is: op.Kind.Waiting, was: op.Kind.Waiting(op.Prior.Seen)})
		return
	}
	for _, g := range op.Kind.Gates {
		id := schema.Member(op.Want, g.Attr)
		a, _ := owner(op, g)
		was := status(op.Near[a], g)
		if other, ok := kinds.ByName(g.Kind); ok && !id.IsNull() && !g.Opens(was) {
			is := func(seen cty.Value) string { return status(seen, g) }
			p.watch.until(ctx, op.Addr, waiter{kind: other, id: id.AsString(), is: is, was: was})
			return
		}
	}
}

// waiting returns what op was last seen to wait for, if that is enough to go
// on waiting: at first what its neighbour was like when it was made or planned,
// then what the watch has seen. What has moved to an end is looked at again.
func (p provider) waiting(op apply.Op, g schema.Gate, near cty.Value) (is string, enough bool) {
	is, seen := p.watch.last(op.Addr)
	if !seen {
		is = status(near, g)
		seen = p.wait && !schema.Member(near, g.Field).IsNull()
	}
	return is, seen && is != "" && !g.Opens(is) && !slices.Contains(g.Closed, is)
}

// owner returns the resource that a gate looks at, if it is managed here.
func owner(op apply.Op, g schema.Gate) (addr.Resource, bool) {
	for _, n := range op.Needs {
		if n.Kind == g.Kind {
			return n, true
		}
	}
	return addr.Resource{}, false
}
