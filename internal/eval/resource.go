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
	"kiraform/schema"
)

// Resource is one instance, evaluated.
type Resource struct {
	// Config is the written object, of the kind's InputType: attributes that
	// are not written are null. Parts of it may be unknown, and values that are
	// sensitive, by schema or because they were made from a sensitive one, are
	// marked.
	Config cty.Value

	// Marked are the attributes that are marked, or have something in them that is, in
	// no order.
	Marked []string

	// From has, by attribute, the resources whose ids its value was made of,
	// as far as those are not known yet. It may lack some: only an id that is
	// known says for certain which object is meant.
	From map[string][]addr.Resource

	// Needs are the instances that it refers to, sorted. An address without keys may
	// stand for all instances of a block, or for those in all instances of a module:
	// see [Values.Members].
	Needs []addr.Resource

	// Alone says that it is the same whenever it is evaluated, if all of Config is
	// known: it refers to no other resource, and no condition is asked about it.
	Alone bool

	// Open says that it stands for instances of which it is not known which
	// there will be.
	Open bool

	// DependsOn are, of a data source, the instances that its depends_on and
	// those of its modules name, as Needs has them.
	DependsOn []addr.Resource

	PreventDestroy     bool
	IgnoreAll          bool       // of ignore_changes
	Ignore             []cty.Path // of ignore_changes
	ReplaceTriggeredBy []Trigger
	Triggers           []addr.Resource // actions to run once it is created; one without a key stands for all instances
}

// Trigger is a change for which another resource is replaced.
type Trigger struct {
	Addr addr.Resource // of an instance, or of all instances of a block; see [Values.Members]
	Attr string        // "" for a change of any attribute
}

// Bare returns Config without its marks.
func (r *Resource) Bare() cty.Value {
	if len(r.Marked) == 0 {
		return r.Config
	}
	attrs := r.Config.AsValueMap()
	for _, name := range r.Marked {
		attrs[name], _ = attrs[name].UnmarkDeep()
	}
	return schema.Share(cty.ObjectVal(attrs), r.Config.Type())
}

// Eval evaluates one instance with the values of the others in v, and checks it
// against the schema of its kind and the preconditions of its block. Even if
// there are errors, the resource is usable: mistaken parts of it are unknown.
func (p *Program) Eval(a addr.Resource, v *Values) (_ Resource, all hcl.Diagnostics) {
	defer func() { ofInstance(a, all) }()
	b := p.block(a)
	if b.kind == nil {
		panic("eval: " + a.String() + " is of no kind")
	}
	r := Resource{Open: a.Open() && !p.options.UnknownInputs, IgnoreAll: b.decl.Lifecycle.IgnoreAll, Ignore: b.ignore, Triggers: b.triggersOf(a)}
	if b.cyclic {
		r.Config = cty.UnknownVal(b.shape.typ)
		return r, nil
	}
	in, diags := p.instanceOf(b, a, v, &b.body)
	s, d := p.scope(b.in, a.Module, v, &b.body, in)
	diags = append(diags, d...)

	attrs, d := p.attributes(b, s)
	diags = append(diags, d...)
	r.From = untraced(attrs, b.varying)
	r.Marked = marked(attrs, b.decl.Attrs)
	r.Config = schema.Share(cty.ObjectVal(attrs), b.shape.typ)
	for _, problem := range schema.CheckMembers(b.kind, r.Config, attrs, schema.Env{Environment: p.provider.Environment}) {
		if problem, ok := p.judged(problem); ok {
			diags = append(diags, p.problem(b, s, problem))
		}
	}
	for _, problem := range schema.CheckExtra(b.kind, r.Config) {
		diags = append(diags, p.problem(b, s, problem))
	}
	r.PreventDestroy, d = p.preventDestroy(b, s)
	diags = append(diags, d...)
	diags = append(diags, p.unasked(b)...)
	for _, c := range b.decl.Lifecycle.Preconditions {
		diags = append(diags, p.condition(s, c, "precondition-failed", a.String(), nil)...)
	}
	r.Needs = p.needs(b, a, v, s)
	r.Alone = len(r.Needs) == 0 && b.decl.Lifecycle.PreventDestroy == nil && len(b.decl.Lifecycle.Preconditions) == 0
	r.ReplaceTriggeredBy = s.triggers(b)
	if a.Data {
		r.DependsOn = p.dependsOn(b, a, v)
	}
	return r, diags
}

// ofInstance makes diagnostics ones about a, if that is an instance.
func ofInstance(a addr.Resource, diags hcl.Diagnostics) hcl.Diagnostics {
	if len(diags) == 0 {
		return nil
	}
	name := a.InstanceName()
	for _, d := range diags {
		diag.At(d, name)
	}
	return diags
}

// attributes evaluates the arguments of b and makes them fit the schema.
func (p *Program) attributes(b *block, s *scope) (map[string]cty.Value, hcl.Diagnostics) {
	var diags hcl.Diagnostics
	attrs := make(map[string]cty.Value, len(b.shape.attrs))
	for i := range b.shape.attrs {
		m := &b.shape.attrs[i]
		if m.Computed {
			continue
		}
		if v, ok := b.constant[m.Name]; ok {
			attrs[m.Name] = v
			continue
		}
		decl, ok := b.varying[m.Name]
		switch {
		case ok:
			v, d := p.argument(b, s, m, decl)
			attrs[m.Name], diags = v, append(diags, d...)
		case b.misread[m.Name]:
			attrs[m.Name] = cty.UnknownVal(m.typ)
		default:
			attrs[m.Name] = cty.NullVal(m.typ)
		}
	}
	return attrs, diags
}

// argument evaluates one argument of b and makes it fit the schema.
func (p *Program) argument(b *block, s *scope, m *member, decl *hcl.Attribute) (cty.Value, hcl.Diagnostics) {
	v, diags := p.value(s, decl.Expr)
	if infinite(v) {
		diags = append(diags, s.infinity(decl.Expr))
		v = cty.UnknownVal(m.typ)
	}
	c := conformer{b: b, ctx: s.ctx, expr: decl.Expr.(hclsyntax.Expression), names: m.Name}
	v = c.member(m, v)
	if m.Tagged {
		v = p.tagged(v)
	}
	return v, append(diags, c.diags...)
}

// problem makes a diagnostic of a schema's finding.
func (p *Program) problem(b *block, s *scope, x schema.Problem) *hcl.Diagnostic {
	how := diag.Error
	if x.Warning {
		how = diag.Warning
	}
	e := b.at(x.Path)
	if e == nil {
		return how(x.Code, &b.decl.DefRange, x.Summary, x.Detail)
	}
	d := how(x.Code, e.Range().Ptr(), x.Summary, x.Detail)
	d.Expression, d.EvalContext = e, s.ctx
	return d
}

// Protected reports whether prevent_destroy holds for an instance of a block,
// be it one that the block has not any more.
func (p *Program) Protected(a addr.Resource, v *Values) (bool, hcl.Diagnostics) {
	b, ok := p.blocks[a.Block()]
	if !ok || b.cyclic || b.decl.Lifecycle.PreventDestroy == nil {
		return false, nil
	}
	in, diags := p.instanceOf(b, a, v, &b.body)
	s, more := p.scope(b.in, a.Module, v, &b.body, in)
	v.owe(append(diags, more...))
	return p.preventDestroy(b, s)
}

func (p *Program) preventDestroy(b *block, s *scope) (bool, hcl.Diagnostics) {
	e := b.decl.Lifecycle.PreventDestroy
	if e == nil {
		return false, nil
	}
	v, diags := p.value(s, e)
	if diags.HasErrors() || p.bad[e] {
		return true, diags
	}
	v, _ = v.Unmark()
	v, err := convert.Convert(v, cty.Bool)
	if err != nil || v.IsNull() {
		return true, append(diags, diag.Error("wrong-type", e.Range().Ptr(), "Wrong type",
			"The argument \"prevent_destroy\" takes true or false."))
	}
	// A condition that is not known yet might turn out to be true.
	return !v.IsKnown() || v.True(), diags
}

// needs returns the instances that an instance needs.
func (p *Program) needs(b *block, a addr.Resource, v *Values, s *scope) []addr.Resource {
	all := s.needs
	if len(b.decl.Lifecycle.Postconditions) > 0 {
		all.add(p.needsOf(b.in, a.Module, v, b.after))
	}
	all.add(p.repeatNeeds(&b.repeat, a.Module, a.Key, v))
	all.add(p.callNeeds(b.in, a.Module, v))
	return all.list(v)
}

// dependsOn returns the resources that depends_on names, in the block or where
// its module is called.
func (p *Program) dependsOn(b *block, a addr.Resource, v *Values) []addr.Resource {
	all := p.needsOf(b.in, a.Module, v, b.depends)
	for m, at := b.in, a.Module; m.parent != nil; m = m.parent {
		at, _, _ = at.Parent()
		all.add(p.needsOf(m.parent, at, v, m.after.deps))
	}
	return all.list(v)
}

// needsOf returns the needs of count or for_each, or of a postcondition.
func (p *Program) needsOf(in *module, at addr.Module, v *Values, d deps) needs {
	if d.empty() {
		return needs{}
	}
	s, diags := p.scope(in, at, v, &d, instance{})
	v.owe(diags)
	return s.needs
}

// triggers returns the instances of replace_triggered_by, sorted.
func (s *scope) triggers(b *block) (all []Trigger) {
	for i := range b.triggers {
		r := &b.triggers[i]
		target := s.p.blocks[r.block]
		key, known := s.keyOf(target, r)
		part := within(r.block, s.at)
		switch {
		case !known && len(s.v.Members(part)) > 1:
			all = append(all, Trigger{part, r.attr})
		case !known:
			for _, a := range s.v.at(part).instances {
				all = append(all, Trigger{a, r.attr})
			}
		case s.v.at(part).exists[key]:
			all = append(all, Trigger{part.Instance(key), r.attr})
		}
	}
	slices.SortFunc(all, func(a, b Trigger) int { return cmp.Or(a.Addr.Compare(b.Addr), cmp.Compare(a.Attr, b.Attr)) })
	return slices.Compact(all)
}
