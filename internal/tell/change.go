package tell

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// Change shows the effect of a change on a resource of kind k, whose block is
// at a range. Both may be nil, as for a resource of a kind that is not known.
// The key is the one that the state was sealed with.
func Change(c *plan.Change, k *schema.Kind, key state.Key, at *hcl.Range) event.Planned {
	e := resource(c.Addr, at)
	e.Action, e.ID, e.Why, e.After, e.Needs = string(c.Action), c.Prior.ID, c.Why, c.Waits, addr.Texts(c.Needs)
	if c.Moved != (addr.Resource{}) {
		e.From = c.Moved.String()
	}
	e.Known = known(k, c.After.Value(), c.Prior)
	if k == nil || c.Action == plan.Forget || c.Action == plan.Gone {
		return e
	}
	s := shower{change: c, kind: k, key: key, causes: make(map[string]plan.Reason)}
	for _, r := range c.Because {
		s.causes[schema.PathString(r.Path)] = r
	}
	e.Nodes, e.Hidden = s.attrs(nil, k.Attrs, k.VariantOf(c.Config), s.before(), c.After.Value(), false)
	return e
}

// shower builds the nodes of one change.
type shower struct {
	change *plan.Change
	kind   *schema.Kind
	key    state.Key
	causes map[string]plan.Reason
}

func (s *shower) before() cty.Value {
	if s.change.Prior.Seen.IsZero() {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	return s.change.Prior.Seen.Shown()
}

// fresh reports whether the change makes a new object.
func (s *shower) fresh() bool {
	a := s.change.Action
	return a == plan.Create || a == plan.Read || a == plan.Defer && s.change.Prior.ID == ""
}

// attrs shows the attributes that are set or change, and counts the others.
func (s *shower) attrs(at cty.Path, attrs []schema.Attr, variant string, before, after cty.Value, unreadable bool) (nodes []event.Node, hidden int) {
	for i := range attrs {
		a := &attrs[i]
		here := append(at[:len(at):len(at)], cty.GetAttrStep{Name: a.Name})
		dark := unreadable || a.ClassIn(variant) == schema.Unreadable
		b, n := schema.Member(before, a.Name), schema.Member(after, a.Name)
		if dark {
			b = schema.Member(s.sent(at), a.Name)
		}
		switch {
		case s.fresh():
			if schema.IsNull(n) {
				continue
			}
			nodes = append(nodes, valueNode(a.Name, event.Add, a, n))
		case s.touched(here):
			nodes = append(nodes, s.changed(here, a, variant, b, n, dark))
		case s.change.Action == plan.Replace && a.Computed && !schema.IsNull(b):
			node := leafNode(a.Name, event.Change, a, b)
			node.After = event.Leaf{Unknown: true}
			nodes = append(nodes, node)
		case a.Name == "id" && len(at) == 0:
			nodes = append(nodes, leafNode(a.Name, event.Same, a, b))
		case !schema.IsNull(b) || !schema.IsNull(n):
			hidden++
		}
	}
	return nodes, hidden
}

// sent returns the value last sent at a place.
func (s *shower) sent(at cty.Path) cty.Value {
	return s.prior(s.change.Prior.Sent, at)
}

// prior returns the part of the state's object that belongs to a place in the
// planned value.
func (s *shower) prior(have state.Sealed, at cty.Path) cty.Value {
	if have.IsZero() {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	there, ok := plan.Counterpart(s.kind, s.key, s.change.Prior.Salt, s.change.After.Value(), have, at)
	if !ok {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	return have.At(there).Shown()
}

// touched reports whether anything at or below a place differs.
func (s *shower) touched(at cty.Path) bool {
	for _, r := range s.change.Because {
		if r.Path.HasPrefix(at) {
			return true
		}
	}
	return false
}

// changed shows an attribute of which something differs.
func (s *shower) changed(at cty.Path, a *schema.Attr, variant string, before, after cty.Value, dark bool) event.Node {
	why, whole := s.causes[schema.PathString(at)]
	bare, _ := after.Unmark()
	switch {
	case whole && (a.Nested == nil || schema.IsNull(before) || a.List):
		return s.leafChange(at, a, before, after, why)
	case a.Nested != nil && !a.List:
		n := event.Node{Name: a.Name, Op: event.Change, Shape: event.ObjectShape, Cause: cause(why.Cause)}
		n.Nodes, n.Hidden = s.attrs(at, a.Nested, variant, before, after, dark)
		return n
	case a.Nested == nil && bare.CanIterateElements():
		return s.members(at, a, before, after)
	}
	return s.entries(at, a, variant, after)
}

func (s *shower) leafChange(at cty.Path, a *schema.Attr, before, after cty.Value, why plan.Reason) event.Node {
	n := valueNode(a.Name, event.Add, a, after)
	if !schema.IsNull(before) {
		n.Op = event.Change
		if n.Shape == event.LeafShape {
			n.Before = leafBeside(a, before, after)
		}
	}
	n.Cause, n.Replaces = cause(why.Cause), why.Fixed && s.change.Action == plan.Replace
	return unlike(n)
}

// cause puts a cause into words, unless it speaks for itself.
func cause(c plan.Cause) string {
	switch c {
	case plan.Drifted:
		return event.ChangedAtKira
	case plan.Both:
		return event.ChangedAtKira + " too"
	case plan.Unreadable:
		return "cannot be read; will be sent once"
	case plan.Unanswered:
		return "a request got no answer; will be sent once more"
	case plan.Restored:
		return "another value was sent since the state that was brought back; will be sent once more"
	}
	return ""
}

// members shows the members of a merged map, or the unknown attributes, that
// differ.
func (s *shower) members(at cty.Path, a *schema.Attr, before, after cty.Value) event.Node {
	n := event.Node{Name: a.Name, Op: event.Change, Shape: event.MapShape}
	if a.Spread {
		n.Shape = event.ObjectShape
	}
	after, marks := after.Unmark()
	for it := after.ElementIterator(); it.Next(); {
		key, v := it.Element()
		v = v.WithMarks(marks)
		here := append(at[:len(at):len(at)], cty.IndexStep{Key: key})
		why, ok := s.causes[schema.PathString(here)]
		if !ok {
			n.Hidden++
			continue
		}
		m := *a
		m.Name = key.AsString()
		n.Nodes = append(n.Nodes, s.leafChange(here, &m, schema.Member(before, m.Name), v, why))
	}
	return n
}

// entries shows the entries of a merged list that differ.
func (s *shower) entries(at cty.Path, a *schema.Attr, variant string, after cty.Value) event.Node {
	n := event.Node{Name: a.Name, Op: event.Change, Shape: event.ListShape}
	after, marks := after.Unmark()
	for it := after.ElementIterator(); it.Next(); {
		key, v := it.Element()
		v = v.WithMarks(marks)
		here := append(at[:len(at):len(at)], cty.IndexStep{Key: key})
		why, whole := s.causes[schema.PathString(here)]
		switch was := s.prior(s.change.Prior.Seen, here); {
		case whole:
			e := valueNode("", event.Add, element(a), v)
			e.Cause = cause(why.Cause)
			n.Nodes = append(n.Nodes, e)
		case s.touched(here):
			e := event.Node{Op: event.Change, Shape: event.ObjectShape}
			e.Nodes, e.Hidden = s.attrs(here, a.Nested, variant, was, v, false)
			n.Nodes = append(n.Nodes, e)
		default:
			n.Hidden++
		}
	}
	return n
}
