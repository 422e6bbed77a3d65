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
