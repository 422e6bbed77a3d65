package engine

import (
	"maps"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/apply"
	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/schema"
	"kiraform/state"
)

// signed returns what a create sends: what is written and, if the provider
// block asks for it, the marks of the owner. They are part of the request
// alone: no plan shows them, no digest holds them and no update sends them.
func (p provider) signed(op apply.Op) cty.Value {
	name := op.Kind.Marks
	if p.lineage == "" || name == "" {
		return op.Want
	}
	attrs := op.Want.AsValueMap()
	with := make(map[string]cty.Value)
	if has := attrs[name]; !has.IsNull() {
		maps.Copy(with, has.AsValueMap())
	}
	with[schema.MarkAddress], with[schema.MarkLineage] = cty.StringVal(op.Addr.String()), cty.StringVal(p.lineage)
	with[schema.MarkRequest] = cty.StringVal(op.Key)
	attrs[name] = cty.MapVal(with)
	return cty.ObjectVal(attrs)
}

// marksOf returns the lineage that objects are marked with, or "".
func (p *Project) marksOf(st *state.State) string {
	if !p.program.Provider().OwnershipMarks {
		return ""
	}
	return st.Lineage
}

// otherMark is the lineage of another state that an object is marked with, or
// "".
func otherMark(k *schema.Kind, seen cty.Value, own string) string {
	if of := k.MarkOf(seen, schema.MarkLineage); of != own {
		return of
	}
	return ""
}

// otherLineage says that an object is another state's.
func otherLineage(a addr.Resource, id string, at *hcl.Range, of string) *hcl.Diagnostic {
	return diag.Error("other-lineage", at, "It may be managed elsewhere",
		"%s, which %s would take over, is marked as an object of another state, with the lineage %s. If both managed it, each would undo what the other does. "+
			"If that state is lost, or lets go of it, run the same command with -force. The lineage of a state stands in its file.", id, a, of)
}

// requestOf is the key of the create that an object is marked with, or "".
func requestOf(k *schema.Kind, seen cty.Value) string {
	return k.MarkOf(seen, schema.MarkRequest)
}

// marks reports whether an object that Kira shows is marked as that of a.
// Which state it was of is not asked: that is what was lost.
func marks(k *schema.Kind, a addr.Resource, seen cty.Value) bool {
	return k.MarkOf(seen, schema.MarkAddress) == a.String()
}
