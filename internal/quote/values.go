package quote

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/lang"
	"kiraform/internal/ui/words"
)

// describe says the value of each name in an expression, one sentence each,
// sorted. Of a sensitive one it says that it is sensitive, and no more; nothing
// is said of any value if the expression may be a secret.
func describe(expr hcl.Expression, ctx *hcl.EvalContext, quiet bool) (out []string) {
	for _, tr := range expr.Variables() {
		v, diags := tr.TraverseAbs(ctx)
		if diags.HasErrors() {
			continue
		}
		name, ok := traversalName(tr)
		if !ok {
			continue
		}
		out = append(out, name+" "+sentence(v, quiet))
	}
	slices.Sort(out)
	return slices.Compact(out)
}
func traversalName(tr hcl.Traversal) (string, bool) {
	var name strings.Builder
	name.WriteString(tr.RootName())
	for _, s := range tr[1:] {
		switch s := s.(type) {
		case hcl.TraverseAttr:
			name.WriteString("." + s.Name)
		case hcl.TraverseIndex:
			if s.Key.Type() == cty.String {
				fmt.Fprintf(&name, "[%q]", s.Key.AsString())
			} else {
				fmt.Fprintf(&name, "[%s]", s.Key.AsBigFloat().Text('f', -1))
			}
		default:
			return "", false
		}
	}
	return name.String(), true
}

// longestValue is how many characters of a string a sentence quotes.
const longestValue = 60

func sentence(v cty.Value, quiet bool) string {
	bare, _ := v.UnmarkDeep()
	switch {
	case lang.IsSensitive(v), lang.IsEphemeral(v):
		return "has a sensitive value"
	case !bare.IsKnown():
		return "is " + article(bare.Type()) + ", known only after apply"
	case bare.IsNull():
		return "is null"
	case quiet:
		return "is " + article(bare.Type()) + " that is not shown"
	case bare.Type() == cty.String:
		s := []rune(bare.AsString())
		if len(s) > longestValue {
			return fmt.Sprintf("is a string of %d characters", len(s))
		}
		return fmt.Sprintf("is %q", string(s))
	case bare.Type() == cty.Number:
		return "is " + bare.AsBigFloat().Text('f', -1)
	case bare.Type() == cty.Bool:
		return fmt.Sprintf("is %t", bare.True())
	case bare.CanIterateElements():
		if bare.LengthInt() == 1 {
			return fmt.Sprintf("is %s with 1 element", article(bare.Type()))
		}
		return fmt.Sprintf("is %s with %d elements", article(bare.Type()), bare.LengthInt())
	}
	return "is " + article(bare.Type())
}

func article(t cty.Type) string {
	if t == cty.DynamicPseudoType {
		return "a value"
	}
	return words.Article(t.FriendlyName())
}
