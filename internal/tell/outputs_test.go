package tell_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/event"
	"kiraform/internal/tell"
	"kiraform/plan"
	"kiraform/state"
)

// An output that changes shows the members that differ, with both values, and those that
// are not there any more.
func TestOutputChangesShowBothSides(t *testing.T) {
	list := func(texts ...string) cty.Value {
		all := make([]cty.Value, len(texts))
		for i, s := range texts {
			all[i] = cty.StringVal(s)
		}
		return cty.TupleVal(all)
	}
	people := func(names ...string) cty.Value {
		all := make(map[string]cty.Value)
		for _, s := range names {
			k, v, _ := strings.Cut(s, "=")
			all[k] = cty.StringVal(v)
		}
		return cty.ObjectVal(all)
	}
	for _, tt := range []struct {
		name          string
		before, after cty.Value
		want          string
	}{
		{"a text", cty.StringVal("a"), cty.StringVal("b"), "o: a -> b"},
		{"one element", list("a", "b", "c"), list("a", "x", "c"), "o ~ [b -> x, 2 hidden]"},
		{"the first element is gone", list("a", "b", "c"), list("b", "c"), "o ~ [-a, 2 hidden]"},
		{"an element comes in between", list("a", "c"), list("a", "b", "c"), "o ~ [+b, 2 hidden]"},
		{"the order", list("a", "b"), list("b", "a"), "o ~ [a -> b, b -> a]"},
		{"one of two that are alike", list("a", "a"), list("a"), "o ~ [-a, 1 hidden]"},
		{"all elements", list("a"), list("x", "y"), "o ~ [-a, +x, +y]"},
		{"a set", cty.SetVal([]cty.Value{cty.StringVal("a"), cty.StringVal("b")}), cty.SetVal([]cty.Value{cty.StringVal("b")}), "o ~ [-a, 1 hidden]"},
		{"members", people("ana=1", "bea=2", "eva=3"), people("bea=4", "eva=3", "zoe=5"), "o ~ {-ana: 1, bea: 2 -> 4, +zoe: 5, 1 hidden}"},
		{"members of elements", cty.TupleVal([]cty.Value{people("x=1", "y=2")}), cty.TupleVal([]cty.Value{people("x=1", "y=3")}), "o ~ [ ~ {y: 2 -> 3, 1 hidden}]"},
		{"another form", cty.StringVal("a"), list("b"), "o ~ [+b]"},
		{"no value any more", list("a"), cty.NullVal(cty.DynamicPseudoType), "o: […] -> "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			nodes := tell.OutputChanges([]plan.OutputChange{{Name: "o", Before: state.Output{Value: tt.before}, After: state.Output{Value: tt.after}}})
			if got := brief(nodes[0]); got != tt.want {
				t.Errorf("it shows\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// brief writes a node on one line.
func brief(n event.Node) string {
	value := func(l event.Leaf) string {
		if l.Text != nil {
			return string(*l.Text)
		}
		return l.Literal
	}
	named := n.Name
	if named != "" {
		named += ": "
	}
	switch {
	case n.Shape != event.LeafShape:
	case n.Op == event.Add:
		return "+" + named + value(n.After)
	case n.Op == event.Remove:
		return "-" + named + value(n.Before)
	default:
		return named + value(n.Before) + " -> " + value(n.After)
	}
	var parts []string
	for _, m := range n.Nodes {
		parts = append(parts, brief(m))
	}
	if n.Hidden > 0 {
		parts = append(parts, fmt.Sprintf("%d hidden", n.Hidden))
	}
	brackets := "[]"
	if n.Shape != event.ListShape {
		brackets = "{}"
	}
	return n.Name + " ~ " + brackets[:1] + strings.Join(parts, ", ") + brackets[1:]
}
