package eval

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/diag"
	"kiraform/internal/lang"
)

// explain makes a diagnostic of HCL into one of ours: it has a code, one about
// an instance that does not exist names those that do, and none repeats what
// is sensitive.
func (s *scope) explain(d *hcl.Diagnostic) *hcl.Diagnostic {
	if f, ok := hcl.DiagnosticExtra[hclsyntax.FunctionCallDiagExtra](d); ok && f.CalledFunctionName() != "" {
		if s.gaveSecret(d) {
			d.Detail = fmt.Sprintf("The function %q failed. What it was given is sensitive, so its message is not shown.", f.CalledFunctionName())
		}
		d.Extra = diag.Code("function-failed")
	}
	if d.Extra == nil {
		d.Extra = diag.Code("invalid-expression")
	}
	if d.Summary != "Invalid index" || d.Subject == nil {
		return d
	}
	i := slices.IndexFunc(s.deps.refs, func(r ref) bool { return !r.all() && r.index == *d.Subject })
	if i < 0 {
		return d
	}
	b := s.p.blocks[s.deps.refs[i].block]
	d.Extra = diag.Code("unknown-instance")
	d.Summary = "No such instance"
	d.Detail = fmt.Sprintf("%s has no instance under this key. %s", b.addr, s.instances(b, &s.deps.refs[i]))
	return d
}

// gaveSecret reports whether d is about a call with a sensitive argument: the
// message of a function may quote what it was given.
func (s *scope) gaveSecret(d *hcl.Diagnostic) bool {
	exprs := []hcl.Expression{d.Expression}
	if call, ok := d.Expression.(*hclsyntax.FunctionCallExpr); ok {
		exprs = nil
		for _, arg := range call.Args {
			exprs = append(exprs, arg)
		}
	}
	return slices.ContainsFunc(exprs, func(e hcl.Expression) bool {
		if e == nil {
			return false
		}
		v, _ := e.Value(d.EvalContext)
		return lang.IsSensitive(v)
	})
}

// maxNamed is how many instances a message names.
const maxNamed = 5

// instances says which instances of b there are, the nearest to what r means
// if one is near.
func (s *scope) instances(b *block, r *ref) string {
	known := s.v.at(within(b.addr, s.at))
	if len(known.instances) == 0 {
		return "It has no instances at all."
	}
	first, last := known.instances[0].Key, known.instances[len(known.instances)-1].Key
	if b.decl.Count != nil {
		return fmt.Sprintf("There are %s to %s.", first, last)
	}
	if key, ok := s.keyOf(b, r); ok {
		texts := make(map[string]bool, len(known.exists))
		for k := range known.exists {
			texts[keyText(k)] = true
		}
		if near := diag.Nearest(keyText(key), slices.Collect(maps.Keys(texts))); near != "" {
			return fmt.Sprintf("Did you mean %q?", near)
		}
	}
	var names []string
	for _, a := range known.instances[:min(maxNamed, len(known.instances))] {
		names = append(names, a.Key.String())
	}
	text := "There are " + joined(names)
	if more := len(known.instances) - maxNamed; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text + "."
}
