package eval

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
)

// instance is the part that an expression can see of the instance it belongs
// to; the zero instance belongs to none.
type instance struct {
	index cty.Value // count.index, if set
	each  cty.Value // the object called each, if set
	self  cty.Value // if set
}

// instanceOf returns the part of an instance of b that expressions with these
// references can see.
func (p *Program) instanceOf(b *block, a addr.Resource, v *Values, d *deps) (instance, hcl.Diagnostics) {
	return p.instanceAt(&b.repeat, a.Module, a.Key, v, d)
}

// instanceAt does the same for anything that is repeated.
func (p *Program) instanceAt(r *repeater, at addr.Module, k addr.Key, v *Values, d *deps) (instance, hcl.Diagnostics) {
	switch {
	case r.count != nil && k == addr.Any:
		return instance{index: cty.UnknownVal(cty.Number)}, nil
	case r.count != nil:
		return instance{index: k.Value()}, nil
	case r.forEach == nil:
		return instance{}, nil
	}
	key, val := cty.UnknownVal(cty.String), cty.DynamicVal
	var diags hcl.Diagnostics
	switch {
	case k == addr.Any:
	case r.chained != nil:
		from := p.blocks[r.chained.block]
		key, val = k.Value(), p.part(v, from, within(from.addr, at).Instance(k), d.each)
	default:
		var each map[addr.Key]cty.Value
		each, _, diags = p.expand(r, at, v)
		key = k.Value()
		if have, ok := each[k]; ok {
			val = have
		}
	}
	return instance{each: cty.ObjectVal(map[string]cty.Value{"key": key, "value": val})}, diags
}
