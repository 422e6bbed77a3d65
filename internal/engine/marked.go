package engine

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/eval"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// The keys under which an object at Kira says whose it is.
const (
	markAddress = "kiraform_address"
	markLineage = "kiraform_lineage"
)

// marked is a program in which every object that can hold marks is given
// them, as if they were written in its block.
type marked struct {
	program
	kinds   map[string]*schema.Kind
	lineage cty.Value // unknown before there is a state on disk to be of
}

// programFor returns the program to plan and apply with.
func (p *Project) programFor(st *state.State) plan.Program {
	if !p.program.Provider().OwnershipMarks {
		return p.program
	}
	m := marked{p.program, p.schemas, cty.UnknownVal(cty.String)}
	if st.Serial > 0 {
		m.lineage = cty.StringVal(st.Lineage)
	}
	return m
}

// Eval implements [plan.Program].
func (m marked) Eval(a addr.Resource, known *eval.Values) (eval.Resource, hcl.Diagnostics) {
	r, diags := m.program.Eval(a, known)
	name := m.kinds[a.Schema()].Marks
	if name == "" || !r.Config.IsKnown() {
		return r, diags
	}
	attrs := r.Config.AsValueMap()
	has, marks := attrs[name].Unmark()
	if !has.IsKnown() {
		return r, diags // it will be when it is applied
	}
	with := map[string]cty.Value{}
	if !has.IsNull() {
		with = has.AsValueMap()
	}
	if with == nil { // of an empty map
		with = map[string]cty.Value{}
	}
	with[markAddress], with[markLineage] = cty.StringVal(a.String()), m.lineage
	attrs[name] = cty.MapVal(with).WithMarks(marks)
	r.Config = cty.ObjectVal(attrs)
	return r, diags
}

// marks reports whether an object that Kira shows is marked as that of a.
// Which state it was of is not asked: that is what was lost.
func marks(k *schema.Kind, a addr.Resource, seen cty.Value) bool {
	if k.Marks == "" {
		return false
	}
	mark, _ := schema.Member(schema.Member(seen, k.Marks), markAddress).Unmark()
	return !mark.IsNull() && mark.IsKnown() && mark.Type() == cty.String && mark.AsString() == a.String()
}
