package engine

import (
	"context"
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// Refreshed is what is live, not yet taken into the state.
type Refreshed struct {
	*Planned     // without a plan
	Moved    int // resources that changed, or are gone, at Kira
}

// Refresh looks at what is live, and emits in what it is not as the state has
// it. Close the result when it is no longer needed.
func (p *Project) Refresh(ctx context.Context, o PlanOptions) (*Refreshed, error) {
	pl, err := p.live(ctx, o)
	r := &Refreshed{Planned: pl}
	if err != nil {
		return r, err
	}
	pl.warnUnread()
	counts := make(map[string]int)
	for _, a := range pl.was.Addrs() {
		if pl.unread[a] != nil {
			continue
		}
		e := p.moved(a, pl.was.Resources[a], pl.State.Resources[a])
		if _, is := pl.gone[a]; is {
			e.Action = string(plan.Gone)
		}
		counts[e.Action]++
		if e.Action != event.NoOp {
			r.Moved++
			p.Emit(e)
		}
	}
	p.Emit(event.PlanEnd{Counts: counts, Ended: pl.nowEnded()})
	return r, p.report(pl.everythingGone("refresh", o.GoneOK))
}

// Accept takes what is live into the state. What is gone goes to the ledger.
func (p *Project) Accept(ctx context.Context, r *Refreshed) error {
	if !r.Refreshed && (!r.bound || r.State.Serial == 0) {
		return nil
	}
	for _, a := range slices.SortedFunc(maps.Keys(r.gone), addr.Resource.Compare) {
		r.State.Resources[a] = r.gone[a]
		r.State.Forget(a, "gone", p.now())
	}
	return p.save(ctx, r.State)
}

// moved says what of a resource is not as it was. What Kira itself sets may
// move at any time.
func (p *Project) moved(a addr.Resource, was, is state.Object) event.Planned {
	e := event.Planned{Addr: a.String(), Module: string(a.Module), Kind: a.Kind, Name: a.Name, Action: event.NoOp, ID: was.ID}
	if r := p.program.BlockRange(a); r != nil {
		e.File, e.Line = r.Filename, r.Start.Line
	}
	k, ok := p.schemas[a.Kind]
	if !ok || is.ID == "" {
		return e
	}
	for i := range k.Attrs {
		at := &k.Attrs[i]
		if before, after := schema.Member(was.Seen.Shown(), at.Name), schema.Member(is.Seen.Shown(), at.Name); !at.Computed && !before.RawEquals(after) {
			e.Nodes = append(e.Nodes, movedNode(at.Name, at, before, after))
			e.Action = event.Drift
		}
	}
	return e
}

// movedNode shows how a value moved: as deep down as both have the same form.
func movedNode(name string, a *schema.Attr, before, after cty.Value) event.Node {
	switch {
	case null(before):
		return valueNode(name, event.Add, a, after)
	case null(after):
		return valueNode(name, event.Remove, a, before)
	case a.Sensitive || !before.CanIterateElements() || !after.CanIterateElements():
		n := leafNode(name, event.Change, a, before)
		n.After = leaf(a, after)
		return n
	case before.Type().IsObjectType() && after.Type().IsObjectType():
		return movedMembers(name, a, before, after)
	}
	return movedElements(name, a, before, after)
}

func movedMembers(name string, a *schema.Attr, before, after cty.Value) event.Node {
	n := event.Node{Name: name, Op: event.Change, Shape: event.MapShape}
	names := slices.Collect(maps.Keys(before.AsValueMap()))
	names = slices.AppendSeq(names, maps.Keys(after.AsValueMap()))
	slices.Sort(names)
	if a.Nested != nil {
		n.Shape, names = event.ObjectShape, memberNames(a, after)
	}
	for _, m := range slices.Compact(names) {
		b, c := schema.Member(before, m), schema.Member(after, m)
		switch {
		case !b.RawEquals(c):
			n.Nodes = append(n.Nodes, movedNode(m, sub(a, m), b, c))
		case !null(b):
			n.Hidden++
		}
	}
	return n
}

// movedElements matches the elements of a merged list by their key, and those
// of any other list by what they are.
func movedElements(name string, a *schema.Attr, before, after cty.Value) event.Node {
	n := event.Node{Name: name, Op: event.Change, Shape: event.ListShape}
	match := func(in, v cty.Value) cty.Value {
		if a.MergeKey != "" {
			return entry(a, in, v)
		}
		if slices.ContainsFunc(in.AsValueSlice(), v.RawEquals) {
			return v
		}
		return cty.NullVal(cty.DynamicPseudoType)
	}
	for _, v := range before.AsValueSlice() {
		if null(match(after, v)) {
			n.Nodes = append(n.Nodes, valueNode("", event.Remove, element(a), v))
		}
	}
	for _, v := range after.AsValueSlice() {
		switch was := match(before, v); {
		case null(was):
			n.Nodes = append(n.Nodes, valueNode("", event.Add, element(a), v))
		case !was.RawEquals(v):
			n.Nodes = append(n.Nodes, movedNode("", element(a), was, v))
		default:
			n.Hidden++
		}
	}
	return n
}

// entry returns the entry of a merged list that is merged with v.
func entry(a *schema.Attr, list, v cty.Value) cty.Value {
	if list.IsNull() {
		return list
	}
	key, _ := schema.Member(v, a.MergeKey).Unmark()
	for _, e := range list.AsValueSlice() {
		if schema.Member(e, a.MergeKey).RawEquals(key) {
			return e
		}
	}
	return cty.NullVal(cty.DynamicPseudoType)
}
