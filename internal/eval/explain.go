package eval

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/lang"
)

// explain makes a diagnostic of HCL into one of ours: it has a code, one about
// an instance that does not exist names those that do, and none repeats a
// sensitive value.
func (s *scope) explain(d *hcl.Diagnostic) *hcl.Diagnostic {
	s.signature(d)
	widen(d)
	if f, ok := hcl.DiagnosticExtra[hclsyntax.FunctionCallDiagExtra](d); ok && f.CalledFunctionName() != "" {
		if lang.IsPanic(d.Detail) {
			d.Detail = fmt.Sprintf("The function %q cannot work with what it is given. Look at the values of its arguments.", f.CalledFunctionName())
		}
		if s.gaveSecret(d) {
			d.Detail = fmt.Sprintf("The function %q failed. What it was given is sensitive, so its message is not shown.", f.CalledFunctionName())
		}
		d.Extra = diag.Code("function-failed")
	}
	if d.Extra == nil {
		d.Extra = diag.Code("invalid-expression")
	}
	s.looked(d)
	if d.Summary != "Invalid index" || d.Subject == nil {
		return d
	}
	i := slices.IndexFunc(s.deps.refs, func(r ref) bool { return !r.all() && r.index == *d.Subject })
	if i < 0 {
		return s.explainCall(d)
	}
	b := s.p.blocks[s.deps.refs[i].block]
	d.Extra = diag.Code("unknown-instance")
	d.Summary = "No such instance"
	d.Detail = fmt.Sprintf("%s has no instance under this key. %s", b.addr, s.instances(b, &s.deps.refs[i]))
	return d
}

// explainCall does the same for an instance of a module.
func (s *scope) explainCall(d *hcl.Diagnostic) *hcl.Diagnostic {
	i := slices.IndexFunc(s.deps.calls, func(r callRef) bool { return r.index == *d.Subject })
	if i < 0 {
		return d
	}
	r := &s.deps.calls[i]
	each, _, diags := s.p.expand(&r.to.repeat, s.at, s.v)
	s.v.owe(diags)
	keys := sortedKeys(each, false)
	d.Extra = diag.Code("unknown-instance")
	d.Summary = "No such instance"
	d.Detail = fmt.Sprintf("%s has no instance under this key. %s", r.to.addr(), existing(keys, r.to.repeat.count != nil, s.meant(r)))
	return d
}

// meant is the key that r means, as text; "" if it is not known.
func (s *scope) meant(r *callRef) string {
	if key, ok := s.callKey(r); ok {
		return keyText(key)
	}
	return ""
}

// gaveSecret reports whether d is about a call with a sensitive argument: the
// message of a function may quote its arguments.
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
		return lang.IsSensitive(v) || lang.IsEphemeral(v)
	})
}

// maxNamed is how many instances a message names.
const maxNamed = 5

// instances says which instances of b there are, the one nearest to r if one is
// near.
func (s *scope) instances(b *block, r *ref) string {
	known := s.v.at(within(b.addr, s.at))
	keys := make([]addr.Key, len(known.instances))
	for i, a := range known.instances {
		keys[i] = a.Key
	}
	meant := ""
	if key, ok := s.keyOf(b, r); ok {
		meant = keyText(key)
	}
	return existing(keys, b.decl.Count != nil, meant)
}

// existing says which keys there are, the one nearest to meant if one is near.
func existing(keys []addr.Key, numbers bool, meant string) string {
	switch {
	case len(keys) == 0:
		return "It has no instances at all."
	case numbers:
		return fmt.Sprintf("There are %s to %s.", keys[0], keys[len(keys)-1])
	}
	var texts, names []string
	for i, k := range keys {
		texts = append(texts, keyText(k))
		if i < maxNamed {
			names = append(names, k.String())
		}
	}
	if near := diag.Nearest(meant, texts); meant != "" && near != "" {
		return fmt.Sprintf("Did you mean %q?", near)
	}
	text := "There are " + strings.Join(names, ", ")
	if more := len(keys) - maxNamed; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text + "."
}
