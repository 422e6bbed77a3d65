package tell

import (
	"maps"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/event"
	"kiraform/internal/redact"
	"kiraform/schema"
	"kiraform/state"
)

// valueNode shows a whole value, with everything in it, as one that has op done
// to it. It is where values turn into text, and so where they are redacted: a
// value that the schema or a mark calls sensitive is never in a node.
func valueNode(name string, op event.Op, a *schema.Attr, v cty.Value) event.Node {
	bare, marks := v.Unmark()
	if a.Sensitive || len(marks) > 0 || bare.IsNull() || !bare.IsKnown() || !bare.CanIterateElements() {
		return leafNode(name, op, a, v)
	}
	n := event.Node{Name: name, Op: op}
	t := bare.Type()
	switch {
	case t.IsObjectType() || t.IsMapType():
		n.Shape = event.MapShape
		if a.Nested != nil || a.Type == cty.DynamicPseudoType { // its attributes are Kira's
			n.Shape = event.ObjectShape
		}
		for _, key := range memberNames(a, bare) {
			if m := schema.Member(bare, key); !schema.IsNull(m) {
				n.Nodes = append(n.Nodes, valueNode(key, op, sub(a, key), m))
			}
		}
	default:
		n.Shape = event.ListShape
		for it := bare.ElementIterator(); it.Next(); {
			_, e := it.Element()
			n.Nodes = append(n.Nodes, valueNode("", op, element(a), e))
		}
	}
	return n
}

// memberNames returns the names of v's members in the order of the schema, or
// sorted where it has none.
func memberNames(a *schema.Attr, v cty.Value) (names []string) {
	if a.Nested == nil {
		return slices.Sorted(maps.Keys(v.AsValueMap()))
	}
	for i := range a.Nested {
		names = append(names, a.Nested[i].Name)
	}
	return names
}

// sub describes a's member called name. Without a schema of its own, a member
// is as sensitive as the attribute that holds it.
func sub(a *schema.Attr, name string) *schema.Attr {
	if s, ok := a.Sub(name); ok {
		return s
	}
	return &schema.Attr{Name: name, Sensitive: a.Sensitive}
}

// element is the attribute that describes one element of a's list.
func element(a *schema.Attr) *schema.Attr {
	e := *a
	e.List = false
	return &e
}

// leafNode shows a value as one line that has op done to it.
func leafNode(name string, op event.Op, a *schema.Attr, v cty.Value) event.Node {
	n := event.Node{Name: name, Op: op, Shape: event.LeafShape}
	switch op {
	case event.Add:
		n.After = leaf(a, v)
	case event.Remove:
		n.Before = leaf(a, v)
	default:
		n.Before = leaf(a, v)
		n.After = n.Before
	}
	return n
}

func leaf(a *schema.Attr, v cty.Value) event.Leaf {
	bare, marks := v.Unmark()
	if a.Format == schema.Document {
		if what := document(bare); what != "" {
			return event.Leaf{Literal: what}
		}
	}
	switch {
	case a.Sensitive || len(marks) > 0 || bare != cty.NilVal && bare.ContainsMarked():
		return event.Leaf{Sensitive: true}
	case bare == cty.NilVal || bare.IsNull():
		return event.Leaf{}
	case !bare.IsKnown():
		return event.Leaf{Unknown: true}
	case state.IsSealed(bare):
		return event.Leaf{Sealed: true}
	}
	switch bare.Type() {
	case cty.String:
		return event.Leaf{Text: new(event.Foreign(redact.URLs(bare.AsString())))}
	case cty.Number:
		return event.Leaf{Literal: numeral(bare)}
	case cty.Bool:
		if bare.True() {
			return event.Leaf{Literal: "true"}
		}
		return event.Leaf{Literal: "false"}
	}
	return event.Leaf{Literal: empty(bare.Type())}
}

// leafBeside shows a value beside the one that takes its place. Where that is
// sensitive, the value was a secret already.
func leafBeside(a *schema.Attr, v, other cty.Value) event.Leaf {
	if other != cty.NilVal && other.ContainsMarked() && !schema.IsNull(v) {
		return event.Leaf{Sensitive: true}
	}
	return leaf(a, v)
}

// unlike says of a change that does not show, since it is in the part of a URL
// that is hidden, that it is one.
func unlike(n event.Node) event.Node {
	b, a := n.Before.Text, n.After.Text
	if n.Op == event.Change && n.Cause == "" && a != nil && b != nil && *a == *b && strings.Contains(string(*a), redact.Instead) {
		n.Cause = "the part that is hidden changed"
	}
	return n
}

// numeral is how a number is written: with all its digits and without an
// exponent, so that it can be copied.
func numeral(v cty.Value) string { return v.AsBigFloat().Text('f', -1) }

// empty is how a value that has members, but none to show, is written.
func empty(t cty.Type) string {
	if t.IsObjectType() || t.IsMapType() {
		return "{…}"
	}
	return "[…]"
}

// Attr shows a value of an attribute that is written or shown as it is.
func Attr(a *schema.Attr, op event.Op, v cty.Value) event.Node { return valueNode(a.Name, op, a, v) }
