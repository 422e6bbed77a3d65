package eval

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/lang"
)

// maxCount keeps a slip of the hand from filling the memory.
const maxCount = 1_000_000

// Expand returns the instances of a block, sorted. If which there are cannot
// be known because of a mistake, there are none, and references to the block
// are unknown from then on; if it is because variables have no value (see
// [Options.UnknownInputs]), the block itself stands for them all.
func (p *Program) Expand(a addr.Resource, v *Values) ([]addr.Resource, hcl.Diagnostics) {
	b := p.block(a)
	if !b.repeated() {
		if b.cyclic {
			return p.fail(b, v, nil)
		}
		return []addr.Resource{b.addr}, nil
	}
	each, open, diags := p.expand(b, v)
	if diags.HasErrors() || each == nil && !open {
		return p.fail(b, v, diags)
	}
	v.at(b.addr).failed = false
	if open {
		return []addr.Resource{b.addr}, diags
	}
	instances := make([]addr.Resource, 0, len(each))
	for key := range each {
		instances = append(instances, b.addr.Instance(key))
	}
	slices.SortFunc(instances, addr.Resource.Compare)
	return instances, diags
}

func (p *Program) fail(b *block, v *Values, diags hcl.Diagnostics) ([]addr.Resource, hcl.Diagnostics) {
	v.touch(b.addr).failed = true
	return nil, diags
}

// expand returns each.value of every instance; under count, the keys alone
// count. It is nil if a mistake that was reported before stands in the way.
// With open, any number of instances is possible.
func (p *Program) expand(b *block, v *Values) (each map[addr.Key]cty.Value, open bool, diags hcl.Diagnostics) {
	if b.cyclic {
		return nil, false, nil
	}
	if b.chained != nil {
		return p.follow(b, v)
	}
	known, now := v.at(b.addr), v.version(p.blocksOf(b.repeat))
	if known.eachFresh && known.eachAt == now {
		return known.each, false, nil
	}
	s, diags := p.scope(v, &b.repeat, instance{})
	e := b.decl.ForEach
	if b.decl.Count != nil {
		e = b.decl.Count
	}
	val, d := p.value(s, e)
	if diags = append(diags, d...); diags.HasErrors() || p.bad[e] {
		return nil, false, diags
	}
	if b.decl.Count != nil {
		each, open, d = p.count(s, e, val)
	} else {
		each, open, d = p.forEach(s, e, val)
	}
	for _, d := range d {
		d.Expression, d.EvalContext = e, s.ctx
	}
	if each != nil {
		known.each, known.eachAt, known.eachFresh = each, now, true
	}
	return each, open, append(diags, d...)
}

// follow expands a block whose for_each is another block.
func (p *Program) follow(b *block, v *Values) (map[addr.Key]cty.Value, bool, hcl.Diagnostics) {
	from := p.blocks[b.chained.block]
	have := v.at(from.addr)
	if v.open(from) {
		return nil, have.expanded && !have.failed, nil
	}
	each := make(map[addr.Key]cty.Value, len(have.instances))
	for _, a := range have.instances {
		each[a.Key] = cty.NilVal // looked up when it is needed; see instanceOf
	}
	return each, false, nil
}

// unknown judges a count or for_each that is not known: that is a mistake only
// if nothing that it rests on is wrong itself, or left open on purpose.
func (p *Program) unknown(s *scope, e hclsyntax.Expression, what string) (map[addr.Key]cty.Value, bool, hcl.Diagnostics) {
	if s.wrong() {
		return nil, false, nil
	}
	if p.options.UnknownInputs {
		return nil, true, nil
	}
	return nil, false, hcl.Diagnostics{diag.Error("unknown-instances", e.Range().Ptr(), "Instances not known yet",
		"The %s depends on something that is known only after apply, so it cannot be said which instances there will be. "+
			"Use keys that are written in the configuration, such as names, and leave ids for the values.", what)}
}

// wrong reports whether something in scope has no value because of a mistake.
func (s *scope) wrong() bool {
	for _, a := range s.p.blocksOf(*s.deps) {
		b := s.p.blocks[a]
		k := s.v.at(a)
		if b.kind == nil || b.cyclic || k.failed || !k.expanded || len(k.values) < len(k.instances) {
			return true
		}
	}
	for _, u := range s.deps.locals {
		l := s.p.locals[u.name]
		if l.cyclic || s.p.bad[l.decl.Expr] || s.v.locals[u.name] != nil && s.v.locals[u.name].failed {
			return true
		}
	}
	return false
}

func (p *Program) count(s *scope, e hclsyntax.Expression, v cty.Value) (map[addr.Key]cty.Value, bool, hcl.Diagnostics) {
	if lang.IsSensitive(v) {
		return nil, false, hcl.Diagnostics{sensitiveInstances(e, "count")}
	}
	v, _ = v.Unmark()
	n, err := convert.Convert(v, cty.Number)
	if err == nil && !n.IsKnown() {
		return p.unknown(s, e, "count")
	}
	if err == nil && !n.IsNull() && n.LessThanOrEqualTo(cty.NumberIntVal(maxCount)).True() {
		if key, ok := addr.KeyOf(n); ok {
			size, _ := key.Int()
			each := make(map[addr.Key]cty.Value, size)
			for i := range size {
				each[addr.Int(i)] = cty.NilVal
			}
			return each, false, nil
		}
	}
	return nil, false, hcl.Diagnostics{diag.Error("invalid-count", e.Range().Ptr(), "Invalid count",
		"A count is a whole number from 0 to %d. Write one.", maxCount)}
}

func (p *Program) forEach(s *scope, e hclsyntax.Expression, v cty.Value) (map[addr.Key]cty.Value, bool, hcl.Diagnostics) {
	if v.HasMark(Sensitive) || v.Type().IsSetType() && lang.IsSensitive(v) {
		return nil, false, hcl.Diagnostics{sensitiveInstances(e, "for_each")}
	}
	if diags := lostKeys(v); diags != nil {
		return nil, false, diags
	}
	v, _ = v.Unmark()
	invalid := func(detail string) (map[addr.Key]cty.Value, bool, hcl.Diagnostics) {
		return nil, false, hcl.Diagnostics{diag.Error("invalid-for-each", e.Range().Ptr(), "Invalid for_each", detail)}
	}
	ty := v.Type()
	switch {
	case v.IsNull():
		return invalid("A for_each must not be null. Use an empty map, {}, for no instances.")
	case ty == cty.DynamicPseudoType:
		return p.unknown(s, e, "for_each")
	case ty.IsListType() || ty.IsTupleType():
		return invalid("A for_each takes a map or a set of strings, and this is a list. Write toset(...) around it.")
	case !ty.IsMapType() && !ty.IsObjectType() && !ty.IsSetType():
		return invalid("A for_each takes a map or a set of strings, and this is " + article(ty.FriendlyName()) + ". Write a map or a set.")
	case !v.IsKnown():
		return p.unknown(s, e, "for_each")
	case !ty.IsSetType():
		each := make(map[addr.Key]cty.Value, v.LengthInt())
		for name, val := range v.AsValueMap() {
			each[addr.String(name)] = val
		}
		return each, false, nil
	case !v.IsWhollyKnown():
		return p.unknown(s, e, "for_each")
	}
	each := make(map[addr.Key]cty.Value, v.LengthInt())
	for _, val := range v.AsValueSlice() {
		if val.IsNull() || val.Type() != cty.String {
			return invalid("A set for for_each must hold strings, and no nulls. Write toset([for x in ... : tostring(x)]).")
		}
		each[addr.String(val.AsString())] = val
	}
	return each, false, nil
}

func sensitiveInstances(e hclsyntax.Expression, what string) *hcl.Diagnostic {
	return diag.Error("sensitive-instances", e.Range().Ptr(), "Sensitive "+what,
		"The keys of instances are shown everywhere, so a %s cannot depend on a sensitive value. "+
			"Use keys that are not secret, or write nonsensitive(...) around it if they are not.", what)
}

// instanceOf returns what expressions of an instance can see of it.
func (p *Program) instanceOf(b *block, a addr.Resource, v *Values) (instance, hcl.Diagnostics) {
	switch {
	case b.decl.Count != nil && a.Key.IsZero():
		return instance{index: cty.UnknownVal(cty.Number)}, nil
	case b.decl.Count != nil:
		return instance{index: a.Key.Value()}, nil
	case b.decl.ForEach == nil:
		return instance{}, nil
	}
	key, val := cty.UnknownVal(cty.String), cty.DynamicVal
	var diags hcl.Diagnostics
	switch {
	case a.Key.IsZero():
	case b.chained != nil:
		key, val = a.Key.Value(), p.instance(v, p.blocks[b.chained.block], a.Key)
	default:
		var each map[addr.Key]cty.Value
		each, _, diags = p.expand(b, v)
		key = a.Key.Value()
		if have, ok := each[a.Key]; ok {
			val = have
		}
	}
	return instance{each: cty.ObjectVal(map[string]cty.Value{"key": key, "value": val})}, diags
}
