package eval

import (
	"cmp"
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
)

// scope holds the values that an expression can refer to.
type scope struct {
	p      *Program
	at     addr.Module // of a module
	v      *Values
	deps   *deps
	ctx    *hcl.EvalContext
	needs  needs
	failed bool   // a name in it has no value because of a mistake
	site   string // the instance, for functions whose results come by chance
}

// scope returns the values that d may refer to in one instance of a module.
// Only the instances that d means are in it: to build the whole of a large
// block for each of its many users would take time with the square of their
// number.
func (p *Program) scope(in *module, at addr.Module, v *Values, d *deps, i instance) (*scope, hcl.Diagnostics) {
	s := &scope{p: p, at: at, v: v, deps: d}
	vars := map[string]cty.Value{"path": in.paths, "kiraform": p.itself, "terraform": p.itself}
	if in.parent == nil {
		vars["var"] = in.vars
	}
	if i.index != cty.NilVal {
		vars["count"] = cty.ObjectVal(map[string]cty.Value{"index": i.index})
	}
	if i.each != cty.NilVal {
		vars["each"] = i.each
	}
	if i.self != cty.NilVal {
		vars["self"] = i.self
	}
	s.ctx = &hcl.EvalContext{Variables: vars, Functions: p.options.Functions}
	v.budget.Join(s.ctx)
	if v.run != nil && d.impure {
		s.ctx.Functions, s.site = v.run.functions, fmt.Sprint(at, i.name())
	}
	diags := s.addNames()
	diags = append(diags, s.addModules()...)
	s.addResources()
	return s, diags
}

// itself is the object called kiraform.
func itself(o Options) cty.Value {
	return cty.ObjectVal(map[string]cty.Value{"workspace": cty.StringVal(cmp.Or(o.Workspace, "default"))})
}

// addNames adds local values, and the variables of a called module.
func (s *scope) addNames() (diags hcl.Diagnostics) {
	if len(s.deps.uses) == 0 {
		return nil
	}
	locals, vars := make(map[string]cty.Value), make(map[string]cty.Value)
	for _, u := range s.deps.uses {
		n, d := s.p.named(s.v, u.to, s.at)
		diags = append(diags, d...)
		s.needs.add(n.needs)
		s.failed = s.failed || n.failed
		if u.to.kind == "var" {
			vars[u.to.name] = n.value
		} else {
			locals[u.to.name] = n.value
		}
	}
	if len(locals) > 0 {
		s.ctx.Variables["local"] = cty.ObjectVal(locals)
	}
	if len(vars) > 0 {
		s.ctx.Variables["var"] = cty.ObjectVal(vars)
	}
	return diags
}

// pick is the part of one block that is in scope.
type pick struct {
	all  bool
	read parts                // of each instance
	some map[string]cty.Value // by key as text
}

func (s *scope) addResources() {
	if len(s.deps.refs) == 0 {
		return
	}
	picks := make(map[addr.Resource]*pick, len(s.deps.refs))
	for i := range s.deps.refs {
		r := &s.deps.refs[i]
		if picks[r.block] == nil {
			picks[r.block] = &pick{}
		}
		picks[r.block].read.take(r.attr)
	}
	for i := range s.deps.refs {
		s.pick(picks[s.deps.refs[i].block], &s.deps.refs[i])
	}
	kinds, data := make(map[string]map[string]cty.Value), make(map[string]map[string]cty.Value)
	for a, pick := range picks {
		of := kinds
		if a.Data {
			of = data
		}
		if of[a.Kind] == nil {
			of[a.Kind] = make(map[string]cty.Value)
		}
		of[a.Kind][a.Name] = s.picked(s.p.blocks[a], pick)
	}
	managed := make(map[string]cty.Value, len(kinds))
	for kind, names := range kinds {
		managed[kind] = cty.ObjectVal(names)
		s.ctx.Variables[kind] = managed[kind]
	}
	if len(managed) > 0 {
		s.ctx.Variables["resource"] = cty.ObjectVal(managed)
	}
	if len(data) > 0 {
		sources := make(map[string]cty.Value, len(data))
		for kind, names := range data {
			sources[kind] = cty.ObjectVal(names)
		}
		s.ctx.Variables["data"] = cty.ObjectVal(sources)
	}
}

// picked is the value of KIND.NAME, as far as it is referred to.
func (s *scope) picked(b *block, pick *pick) cty.Value {
	part := within(b.addr, s.at)
	switch {
	case pick.all || s.v.open(b, s.at):
		return s.p.whole(s.v, b, s.at)
	case b.repeated():
		return cty.ObjectVal(pick.some)
	case s.v.at(part).exists[addr.Key{}]:
		return s.p.part(s.v, b, part, pick.read)
	}
	return s.p.whole(s.v, b, s.at)
}

// pick adds the instances that r means to pick and to the needs.
func (s *scope) pick(pick *pick, r *ref) {
	b := s.p.blocks[r.block]
	if b.kind == nil {
		return // reported; nothing to need
	}
	part := within(r.block, s.at)
	key, known := s.keyOf(b, r)
	there := s.v.at(part).exists[key]
	switch {
	case !known:
		pick.all = true
		s.needs.all = append(s.needs.all, part)
	case there, !b.repeated() && b.repeat.enabled == nil:
		s.needs.one = append(s.needs.one, part.Instance(key))
	}
	if !known || !b.repeated() || !there {
		return // an index that does not exist is reported if it is looked at
	}
	if pick.some == nil {
		pick.some = make(map[string]cty.Value, 1)
	}
	pick.some[keyText(key)] = s.p.part(s.v, b, part.Instance(key), pick.read)
}

// keyOf returns the key of the instance that r means, if it means one.
func (s *scope) keyOf(b *block, r *ref) (addr.Key, bool) {
	switch {
	case r.fixed:
		return r.at, true
	case r.all(), s.v.open(b, s.at):
		return addr.Key{}, false
	}
	val, diags := s.v.budget.Value(r.key, s.ctx)
	if diags.HasErrors() {
		return addr.Key{}, false
	}
	return b.repeat.key(val)
}

func keyText(k addr.Key) string {
	if s, ok := k.Text(); ok {
		return s
	}
	n, _ := k.Int()
	return fmt.Sprint(n)
}

// value evaluates an expression. One with a mistake that was reported before is
// unknown.
func (p *Program) value(s *scope, e hcl.Expression) (cty.Value, hcl.Diagnostics) {
	if p.isBad(e) {
		return cty.DynamicVal, nil
	}
	s.v.run.enter(s.site, e)
	val, diags := s.v.budget.Value(e, s.ctx)
	for i, d := range diags {
		diags[i] = s.explain(d)
	}
	if diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	return val, diags
}
