package provider

import (
	"maps"

	"github.com/zclconf/go-cty/cty"

	"kiraform/apply"
	"kiraform/schema"
)

// signed returns the body of a create: the written attributes and, if the
// provider block asks for it, the marks of the owner. They are part of the
// request alone: no plan shows them, no digest holds them and no update sends
// them.
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
