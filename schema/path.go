package schema

import (
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// PathString writes p as a user would: associated_persons[0].email.
func PathString(p cty.Path) string {
	var b strings.Builder
	for _, step := range p {
		switch step := step.(type) {
		case cty.GetAttrStep:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(step.Name)
		case cty.IndexStep:
			b.WriteString("[" + keyString(step.Key) + "]")
		}
	}
	return b.String()
}

// StepName is the name of the member of an object or map that a step leads to; false
// if it leads to an element of a list.
func StepName(step cty.PathStep) (string, bool) {
	switch step := step.(type) {
	case cty.GetAttrStep:
		return step.Name, true
	case cty.IndexStep:
		if key, _ := step.Key.Unmark(); key.Type() == cty.String && key.IsKnown() && !key.IsNull() {
			return key.AsString(), true
		}
	}
	return "", false
}

// Top is the attribute of a kind that a path, which is not empty, begins with.
func Top(p cty.Path) string { return p[0].(cty.GetAttrStep).Name }

func keyString(key cty.Value) string {
	key, _ = key.Unmark()
	switch {
	case !key.IsKnown() || key.IsNull():
		return "..."
	case key.Type() == cty.Number:
		return key.AsBigFloat().Text('f', -1)
	case key.Type() == cty.String:
		return fmt.Sprintf("%q", key.AsString())
	}
	return "..." // an element of a set, which has no name
}
