package schema

import (
	"fmt"
	"slices"

	"github.com/zclconf/go-cty/cty"
)

// Gate is a condition on another object that must hold before an object of
// this kind can be created.
type Gate struct {
	Attr  string   // attribute that holds the id of the other object
	Kind  string   // kind of the other object
	Field string   // its attribute that is looked at
	Open  []string // values with which the gate is open; nil means any that is there

	// Lacks names the attributes that the other object still lacks before an
	// object of this kind can be made of it. It gets both objects as they are
	// written, and the other one as Kira last showed it, or cty.NilVal if it
	// does not exist yet. An attribute that cannot be judged yet is not
	// lacking. Nil means that none ever is.
	Lacks func(want, other, seen cty.Value) Shortage

	// Reads names the attributes of the other object, as Kira shows it, that Lacks
	// looks at for an object as it is written. Nil means none.
	Reads func(want cty.Value) []string
}

// Of returns the text of Field that Kira shows of the other object, or "".
func (g Gate) Of(seen cty.Value) string { return Text(Member(seen, g.Field)) }

// Opens reports whether the gate is open while Field is the text is, which is
// "" while Kira shows none.
func (g Gate) Opens(is string) bool {
	if g.Open == nil {
		return is != ""
	}
	return slices.Contains(g.Open, is)
}

// Goal is the condition that opens the gate, to follow the name of the other
// object: such as "is VERIFIED".
func (g Gate) Goal() string {
	if g.Open == nil {
		return "has its " + g.Field
	}
	return "is " + g.Open[0]
}

// Stands says how things stand with the gate, as Goal does.
func (g Gate) Stands(is string) string {
	if is == "" {
		return "has no " + g.Field
	}
	return "is " + is
}

// Shut says why the gate is shut: how things stand with the other object, which is
// called name, and that Kira has to move it. A plan and a run say it alike.
func (g Gate) Shut(name, is string) string {
	if g.Open == nil {
		return fmt.Sprintf("%s %s, and Kira has to provide it first", name, g.Stands(is))
	}
	return fmt.Sprintf("%s %s, and Kira has to make it %s first", name, g.Stands(is), g.Open[0])
}

// Over is Shut for an object that has come to an end state.
func (g Gate) Over(name, end string) string {
	if g.Open == nil {
		return fmt.Sprintf("%s is %s, and cannot be used", name, end)
	}
	return g.Shut(name, end)
}

// Stuck is Shut for an object that an obstacle keeps from going on, which
// [Kind.StallOf] names.
func (g Gate) Stuck(name, is, stall string) string {
	return fmt.Sprintf("%s %s, and %s", name, g.Stands(is), stall)
}
