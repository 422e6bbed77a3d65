package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/zclconf/go-cty/cty"

	"kiraform/apply"
	"kiraform/internal/addr"
	"kiraform/internal/live"
	"kiraform/schema"
	"kiraform/schema/kinds"
)

// Hold implements [apply.Provider]: it looks whether the gates of op's kind
// are open.
func (p provider) Hold(ctx context.Context, op apply.Op) (apply.Hold, error) {
	var hold apply.Hold
	for _, g := range op.Kind.Gates {
		id := schema.Member(op.Want, g.Attr)
		if id.IsNull() {
			continue
		}
		other, _ := kinds.ByName(g.Kind)
		near, managed := op.Behind[g.Attr]
		if g.Opens(g.Of(near.Seen)) && other.Schema.EndOf(near.Seen) == "" {
			continue // it was seen to be open, by the plan or in this run
		}
		name := g.Kind + " " + id.AsString()
		if managed {
			name = near.Addr.String()
		}
		if is, enough := p.waiting(other, id.AsString(), g, near); enough {
			_, looked := p.watch.Last(gated(g, id.AsString()))
			hold.Reason, hold.Look = g.Shut(name, is), !p.Wait && !looked
			return hold, nil
		}
		o, unlooked, err := p.neighbour(ctx, other, id.AsString(), g, near)
		switch {
		case errors.Is(err, kinds.ErrGone):
			return hold, &closedError{fmt.Sprintf("there is no %s at Kira", name)}
		case err != nil:
			return hold, fmt.Errorf("look at %s: %w", name, err)
		case managed:
			hold.Looked = append(hold.Looked, apply.Neighbour{Addr: near.Addr, ID: id.AsString(), Seen: o.Seen, Unlooked: unlooked})
		}
		end, is := other.Schema.EndOf(o.Seen), g.Of(o.Seen)
		if end == "" && g.Opens(is) {
			continue
		}
		if end != "" {
			return p.over(hold, ending{g.Over(name, end), gated(g, id.AsString()), managed, remedyOf(other, near)})
		}
		hold.Reason = g.Shut(name, is)
		if stall := other.Schema.StallOf(o.Seen); stall != "" {
			hold.Reason, hold.Final = g.Stuck(name, is, stall), true
			if managed {
				hold.Reason += other.Schema.Course.Completing(near.Addr.Shell())
			}
		}
		return hold, nil
	}
	return hold, nil
}

// neighbour looks at the object that a gate judges, unless the watch has just
// found the gate open in a row of a list, and nothing needs more than that.
func (p provider) neighbour(ctx context.Context, k *kinds.Kind, id string, g schema.Gate, near apply.Neighbour) (o kinds.Object, unlooked []string, err error) {
	o, unlooked, ok := p.watch.Found(addr.Object{Kind: g.Kind, ID: id}, near.Seen)
	if ok && near.ID != "" && enough(unlooked, near.Whole) && g.Opens(g.Of(o.Seen)) && k.Schema.EndOf(o.Seen) == "" {
		return o, unlooked, nil
	}
	o, err = live.Read(ctx, k, p.about(id), near.Seen)
	return o, nil, err
}

// gated is the property of an object that a gate judges.
func gated(g schema.Gate, id string) live.Watched {
	return live.Watched{Object: addr.Object{Kind: g.Kind, ID: id}, Attr: g.Field}
}

// enough reports whether an observation will do that lacks some attributes.
func enough(unlooked []string, whole bool) bool { return len(unlooked) == 0 || !whole }

// closedError is a gate that will not open by itself.
type closedError struct{ text string }

func (e *closedError) Error() string { return e.text }

// Refused tells that nothing was sent.
func (e *closedError) Refused() bool { return true }

// Await implements [apply.Provider]: it returns when the gate of op has moved,
// which is looked at for all that wait at once.
func (p provider) Await(ctx context.Context, op apply.Op) {
	if op.Made {
		p.watch.Until(ctx, live.Watched{Object: op.Addr.Object(op.Prior.ID)}, op.Kind.Waiting, op.Kind.Waiting(op.Prior.Seen.Shown()))
		return
	}
	for _, g := range op.Kind.Gates {
		id := schema.Member(op.Want, g.Attr)
		if id.IsNull() {
			continue
		}
		other, _ := kinds.ByName(g.Kind)
		what := gated(g, id.AsString())
		was, _ := p.watch.Last(what)
		if was == "" || was == hasEnded {
			was = g.Of(op.Behind[g.Attr].Seen)
		}
		until := p.watch.Until
		if !p.Wait {
			until = p.watch.Once
		}
		if !g.Opens(was) {
			until(ctx, what, func(seen cty.Value) string {
				if other.Schema.EndOf(seen) != "" {
					return hasEnded
				}
				return g.Of(seen)
			}, was)
			return
		}
	}
}

// hasEnded is the word of the watch for an object that has come to an end
// state.
const hasEnded = "\x00"

// waiting returns the status on which a gate was last seen to be shut, if that
// is enough to go on waiting: at first as the plan or this run saw the object,
// then as the watch did. A status that ends the wait is looked at again.
func (p provider) waiting(k *kinds.Kind, id string, g schema.Gate, near apply.Neighbour) (is string, enough bool) {
	is, told := p.watch.Last(gated(g, id))
	if !told {
		is = g.Of(near.Seen)
	}
	ends := k.Schema.EndOf(near.Seen) != "" || k.Schema.StallOf(near.Seen) != ""
	return is, is != "" && is != hasEnded && !g.Opens(is) && !ends
}
