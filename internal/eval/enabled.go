package eval

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/lang"
)

// enabled expands a resource that there may be one of.
func (p *Program) enabled(s *scope, e hclsyntax.Expression, v cty.Value) (map[addr.Key]cty.Value, bool, hcl.Diagnostics) {
	if lang.IsSensitive(v) || lang.IsEphemeral(v) {
		return nil, false, hcl.Diagnostics{sensitiveInstances(e, "lifecycle.enabled")}
	}
	v, _ = v.Unmark()
	on, err := convert.Convert(v, cty.Bool)
	switch {
	case err != nil || on.IsNull():
		return nil, false, hcl.Diagnostics{diag.Error("wrong-type", e.Range().Ptr(), "Wrong type", "The argument \"enabled\" takes true or false.")}
	case !on.IsKnown():
		return p.unknown(s, e, "argument \"enabled\"")
	case on.True():
		return map[addr.Key]cty.Value{{}: cty.NilVal}, false, nil
	}
	return map[addr.Key]cty.Value{}, false, nil
}
