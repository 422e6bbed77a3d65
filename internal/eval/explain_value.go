package eval

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/diag"
	"kiraform/internal/lang"
	"kiraform/internal/ui/words"
	"kiraform/schema"
)

// signature adds the names of the parameters to a mistake in a call.
func (s *scope) signature(d *hcl.Diagnostic) {
	name := ""
	if call, ok := d.Expression.(*hclsyntax.FunctionCallExpr); ok && (strings.HasPrefix(d.Summary, "Not enough") || strings.HasPrefix(d.Summary, "Too many")) {
		name = call.Name
	} else if f, ok := hcl.DiagnosticExtra[hclsyntax.FunctionCallDiagExtra](d); ok && d.Summary == "Invalid function argument" {
		name = f.CalledFunctionName()
	}
	f, known := s.ctx.Functions[name]
	if !known {
		return
	}
	var names []string
	for _, p := range f.Params() {
		names = append(names, p.Name)
	}
	if v := f.VarParam(); v != nil {
		names = append(names, v.Name+"...")
	}
	d.Detail = fmt.Sprintf("%s The call is %s(%s).", strings.TrimSuffix(d.Detail, ".")+".", name, strings.Join(names, ", "))
}

// widen makes the place of a mistake in a few lines all of them.
func widen(d *hcl.Diagnostic) {
	if d.Expression == nil || d.Subject == nil {
		return
	}
	if all := d.Expression.Range(); all.Start == d.Subject.Start && all.End.Line > d.Subject.End.Line {
		d.Subject = &all
	}
}

// looked describes the value in which something was looked for in vain.
func (s *scope) looked(d *hcl.Diagnostic) {
	if !slices.Contains([]string{"Invalid index", "Unsupported attribute", "Attempt to get attribute from null value", "Attempt to index null value"}, d.Summary) {
		return
	}
	var in cty.Value
	var name, wanted string
	switch e := d.Expression.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		in, name, wanted = s.before(e.Traversal)
	case *hclsyntax.IndexExpr:
		in, _ = e.Collection.Value(d.EvalContext)
		if t, ok := e.Collection.(*hclsyntax.ScopeTraversalExpr); ok {
			name = referenceText(t.Traversal)
		}
	}
	if name == "" || lang.IsSensitive(in) || lang.IsEphemeral(in) {
		return
	}
	if what := contents(in, wanted); what != "" {
		d.Detail = fmt.Sprintf("%s %s %s.", strings.TrimSuffix(d.Detail, ".")+".", name, what)
	}
}

// before follows t as far as there is something, and returns that, how it is
// written, and the name that was looked for next.
func (s *scope) before(t hcl.Traversal) (in cty.Value, name, wanted string) {
	for n := len(t) - 1; n > 0; n-- {
		v, diags := t[:n].TraverseAbs(s.ctx)
		if diags.HasErrors() {
			continue
		}
		switch step := t[n].(type) {
		case hcl.TraverseAttr:
			wanted = step.Name
		case hcl.TraverseIndex:
			if step.Key.Type() == cty.String {
				wanted = step.Key.AsString()
			}
		}
		return v, referenceText(t[:n]), wanted
	}
	return cty.NilVal, "", ""
}

// contents describes the content of a value.
func contents(v cty.Value, wanted string) string {
	v, _ = v.Unmark()
	ty := v.Type()
	switch {
	case v.IsNull():
		return "is null"
	case !v.IsKnown():
		return ""
	case ty.IsObjectType(), ty.IsMapType():
		names := slices.Sorted(maps.Keys(v.AsValueMap()))
		if len(names) == 0 {
			return "is empty"
		}
		text := "has " + strings.Join(quoted(names[:min(maxNamed, len(names))]), ", ")
		if more := len(names) - maxNamed; more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
		if near := diag.Nearest(wanted, names); wanted != "" && near != "" && len(names) > maxNamed {
			text += fmt.Sprintf("; the nearest is %q", near)
		}
		return text
	case ty.IsListType(), ty.IsTupleType(), ty.IsSetType():
		switch n := v.LengthInt(); n {
		case 0:
			return "is empty"
		case 1:
			return "has 1 element, [0]"
		default:
			return fmt.Sprintf("has %d elements, [0] to [%d]", n, n-1)
		}
	}
	return "is " + words.Article(ty.FriendlyName())
}

func quoted(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = fmt.Sprintf("%q", n)
	}
	return out
}

// referenceText writes a reference as it stands in a file.
func referenceText(t hcl.Traversal) string {
	var b strings.Builder
	for _, step := range t {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			b.WriteString(step.Name)
		case hcl.TraverseAttr:
			b.WriteString("." + step.Name)
		case hcl.TraverseIndex:
			b.WriteString(schema.PathString(cty.Path{cty.IndexStep{Key: step.Key}}))
		}
	}
	return b.String()
}
