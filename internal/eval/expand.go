package eval

import (
	"cmp"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/lang"
	"kiraform/internal/ui/words"
)

// maxCount keeps a slip of the hand from filling the memory.
const maxCount = 1_000_000

// repeater is a block that may have count or for_each: a resource block, or a
// block that calls a module.
type repeater struct {
	in             *module // whose names they refer to
	count, forEach hclsyntax.Expression
	enabled        hclsyntax.Expression // there is one or none
	deps           deps
	blocks         []addr.Resource // that they need, through names too
	chained        *ref            // for_each is this reference to all of a block, and no more
}

// repeated reports whether r has count or for_each.
func (r *repeater) repeated() bool { return r.count != nil || r.forEach != nil }

// key returns the instance key that v means as an index of r. Numbers and
// strings stand for each other, as everywhere in the language.
func (r *repeater) key(v cty.Value) (addr.Key, bool) {
	want := cty.String
	if r.count != nil {
		want = cty.Number
	}
	v, _ = v.Unmark()
	if v.IsNull() || !v.IsKnown() {
		return addr.Key{}, false
	}
	v, err := convert.Convert(v, want)
	if err != nil {
		return addr.Key{}, false
	}
	return addr.KeyOf(v)
}

// compileRepeat takes down the references of count or for_each.
func (p *Program) compileRepeat(r *repeater) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, e := range []hclsyntax.Expression{r.count, r.forEach, r.enabled} {
		d, more := p.collect(r.in, e, place{what: "count or for_each"})
		diags = append(diags, more...)
		r.deps.add(d)
	}
	markDigits(r.forEach, p.bytesOf(r.forEach))
	r.chained = p.chain(r)
	return diags
}

// chain returns the reference that for_each is, if it is no more than one to a
// block that has for_each itself. Such a block has the same keys, and its
// instances need one instance each.
func (p *Program) chain(r *repeater) *ref {
	e, ok := r.forEach.(*hclsyntax.ScopeTraversalExpr)
	if !ok || len(e.Traversal) != 2 || len(r.deps.refs) != 1 || p.bad[e] {
		return nil
	}
	if p.blocks[r.deps.refs[0].block].decl.ForEach == nil {
		return nil
	}
	return &r.deps.refs[0]
}

// Expand returns the instances of a block, sorted, in all instances of its
// module. If which there are cannot be known because of a mistake, there are
// none, and references to the block are unknown from then on. If it is known only
// later, one instance whose key is [addr.Any] stands for them all.
func (p *Program) Expand(a addr.Resource, v *Values) ([]addr.Resource, hcl.Diagnostics) {
	b := p.block(a)
	modules, failed, diags := p.instances(b.in, v)
	if b.cyclic || failed {
		return p.fail(b, v, diags)
	}
	instances := make([]addr.Resource, 0, len(modules))
	for _, at := range modules {
		part := within(b.addr, at)
		if !b.repeated() && b.repeat.enabled == nil {
			instances = append(instances, part)
			continue
		}
		each, open, d := p.expand(&b.repeat, at, v)
		if diags = append(diags, d...); diags.HasErrors() || each == nil && !open {
			return p.fail(b, v, diags)
		}
		for _, key := range sortedKeys(each, open) {
			instances = append(instances, part.Instance(key))
		}
	}
	v.of(b.addr).failed = false
	return instances, diags
}

func (p *Program) fail(b *block, v *Values, diags hcl.Diagnostics) ([]addr.Resource, hcl.Diagnostics) {
	v.touch(b.addr).failed = true
	return nil, diags
}

// expand returns each.value of every instance in one instance of the module;
// under count, the keys alone count. It is nil if a mistake that was reported
// before stands in the way. With open, any number of instances is possible.
func (p *Program) expand(r *repeater, at addr.Module, v *Values) (each map[addr.Key]cty.Value, open bool, diags hcl.Diagnostics) {
	if r.chained != nil {
		return p.follow(r, at, v)
	}
	now := v.version(r.blocks)
	if have, ok := v.repeats[repeatAt{r, at}]; ok && have.at == now {
		return have.each, false, nil
	}
	s, diags := p.scope(r.in, at, v, &r.deps, instance{})
	e := cmp.Or(r.forEach, r.count, r.enabled)
	val, d := p.value(s, e)
	if diags = append(diags, d...); diags.HasErrors() || p.bad[e] {
		return nil, false, diags
	}
	switch {
	case r.count != nil:
		each, open, d = p.count(s, e, val)
	case r.enabled != nil:
		each, open, d = p.enabled(s, e, val)
	default:
		each, open, d = p.forEach(s, e, val)
	}
	for _, d := range d {
		d.Expression, d.EvalContext = e, s.ctx
	}
	if each != nil {
		v.repeats[repeatAt{r, at}] = &repeated{each, now}
	}
	return each, open, append(diags, d...)
}

// follow expands a block that has another one as its for_each.
func (p *Program) follow(r *repeater, at addr.Module, v *Values) (map[addr.Key]cty.Value, bool, hcl.Diagnostics) {
	from := p.blocks[r.chained.block]
	whole := v.of(from.addr)
	if v.open(from, at) {
		return nil, whole.expanded && !whole.failed, nil
	}
	have := v.at(within(from.addr, at))
	each := make(map[addr.Key]cty.Value, len(have.instances))
	for _, a := range have.instances {
		each[a.Key] = cty.NilVal // looked up when it is needed; see instanceOf
	}
	return each, false, nil
}

// unknown judges a count or for_each that is not known. If nothing that it
// rests on is wrong, it will be known later, and the instances have to wait. Where a
// variable has no value because of a mistake, that is for the mistake to say.
func (p *Program) unknown(s *scope, e hclsyntax.Expression, what string) (map[addr.Key]cty.Value, bool, hcl.Diagnostics) {
	if s.wrong() {
		return nil, false, nil
	}
	if p.options.UnknownInputs || p.mistaken() {
		return nil, true, nil
	}
	return nil, true, hcl.Diagnostics{diag.Warning("unknown-instances", e.Range().Ptr(), "Instances not known yet",
		"The %s depends on something that is known only after apply, so it cannot be said which instances there will be. "+
			"None of them is made, changed or forgotten by this plan. Apply it, and run \"kiraform plan\" again. "+
			"With keys that are written in the configuration, such as names, one run would be enough.", what)}
}

// wrong reports whether something in scope has no value because of a mistake.
func (s *scope) wrong() bool {
	return s.failed || slices.ContainsFunc(s.p.blocksOf(*s.deps), func(a addr.Resource) bool {
		b, k := s.p.blocks[a], s.v.of(a)
		return b.kind == nil || b.cyclic || k.failed || !k.expanded || k.set < len(k.instances)
	})
}

func (p *Program) count(s *scope, e hclsyntax.Expression, v cty.Value) (map[addr.Key]cty.Value, bool, hcl.Diagnostics) {
	if lang.IsSensitive(v) || lang.IsEphemeral(v) {
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
	if v.HasMark(Sensitive) || lang.IsEphemeral(v) || v.Type().IsSetType() && lang.IsSensitive(v) {
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
		return invalid("A for_each takes a map or a set of strings, and this is " + words.Article(ty.FriendlyName()) + ". Write a map or a set.")
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
		"The keys of instances are shown everywhere, so a %s cannot depend on a sensitive or ephemeral value. "+
			"Use keys that are not secret, or write nonsensitive(...) around it if they are not.", what)
}

// repeatNeeds returns the needs of an instance that come from its count or
// for_each.
func (p *Program) repeatNeeds(r *repeater, at addr.Module, k addr.Key, v *Values) needs {
	switch {
	case r.chained != nil && k != addr.Any:
		return needs{one: []addr.Resource{within(r.chained.block, at).Instance(k)}}
	case r.repeated(), r.enabled != nil:
		return p.needsOf(r.in, at, v, r.deps)
	}
	return needs{}
}
