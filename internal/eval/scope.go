package eval

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
)

// instance is what an expression can see of the instance it belongs to; the
// zero instance belongs to none.
type instance struct {
	index cty.Value // count.index, if set
	each  cty.Value // the object called each, if set
	self  cty.Value // if set
}

// scope is what an expression can refer to.
type scope struct {
	p     *Program
	v     *Values
	deps  *deps
	ctx   *hcl.EvalContext
	needs needs
}

// needs is the set of instances that something needs.
type needs struct {
	all []addr.Resource // blocks, every instance of which is needed
	one []addr.Resource
}

func (n *needs) add(o needs) {
	n.all = append(n.all, o.all...)
	n.one = append(n.one, o.one...)
}

// list returns the instances, sorted. The slice may be shared: it must not be
// changed.
func (n needs) list(v *Values) []addr.Resource {
	all := sorted(slices.Clone(n.all))
	one := sorted(slices.DeleteFunc(slices.Clone(n.one), func(a addr.Resource) bool {
		return slices.Contains(all, a.Block())
	}))
	if len(all) == 0 {
		return one
	}
	if len(all) == 1 && len(one) == 0 {
		return v.at(all[0]).instances
	}
	for _, b := range all {
		one = append(one, v.at(b).instances...)
	}
	return sorted(one)
}

// scope returns what d may refer to. Only the instances that d means are in
// it: to build the whole of a large block for each of its many users would
// take time with the square of their number.
func (p *Program) scope(v *Values, d *deps, in instance) (*scope, hcl.Diagnostics) {
	s := &scope{p: p, v: v, deps: d}
	vars := map[string]cty.Value{"var": p.root.vars, "path": pathObject, "kiraform": p.itself()}
	if in.index != cty.NilVal {
		vars["count"] = cty.ObjectVal(map[string]cty.Value{"index": in.index})
	}
	if in.each != cty.NilVal {
		vars["each"] = in.each
	}
	if in.self != cty.NilVal {
		vars["self"] = in.self
	}
	s.ctx = &hcl.EvalContext{Variables: vars, Functions: p.options.Functions}
	diags := s.addLocals()
	s.addResources()
	return s, diags
}

// itself is the object called kiraform.
func (p *Program) itself() cty.Value {
	return cty.ObjectVal(map[string]cty.Value{"workspace": cty.StringVal(cmp.Or(p.options.Workspace, "default"))})
}

// Paths are relative to the folder of the configuration, the only one there is.
var pathObject = cty.ObjectVal(map[string]cty.Value{"module": cty.StringVal("."), "root": cty.StringVal(".")})

func (s *scope) addLocals() hcl.Diagnostics {
	if len(s.deps.locals) == 0 {
		return nil
	}
	var diags hcl.Diagnostics
	values := make(map[string]cty.Value, len(s.deps.locals))
	for _, u := range s.deps.locals {
		l, d := s.p.local(s.v, u.name)
		diags = append(diags, d...)
		values[u.name] = l.value
		s.needs.add(l.needs)
	}
	s.ctx.Variables["local"] = cty.ObjectVal(values)
	return diags
}

// pick is what of one block is in scope.
type pick struct {
	all  bool
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
		s.pick(picks[r.block], r)
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
		b := s.p.blocks[a]
		if pick.all || !b.repeated() || s.v.open(b) {
			of[a.Kind][a.Name] = s.p.whole(s.v, b)
		} else {
			of[a.Kind][a.Name] = cty.ObjectVal(pick.some)
		}
	}
	for kind, names := range kinds {
		s.ctx.Variables[kind] = cty.ObjectVal(names)
	}
	if len(data) > 0 {
		sources := make(map[string]cty.Value, len(data))
		for kind, names := range data {
			sources[kind] = cty.ObjectVal(names)
		}
		s.ctx.Variables["data"] = cty.ObjectVal(sources)
	}
}

// pick adds what r means to pick and to the needs.
func (s *scope) pick(pick *pick, r *ref) {
	b := s.p.blocks[r.block]
	if b.kind == nil {
		return // reported; nothing to need
	}
	key, known := s.keyOf(b, r)
	switch {
	case !known:
		pick.all = true
		s.needs.all = append(s.needs.all, r.block)
	case !b.repeated(), s.v.at(r.block).exists[key]:
		s.needs.one = append(s.needs.one, r.block.Instance(key))
	}
	if !known || !b.repeated() || !s.v.at(r.block).exists[key] {
		return // an index that does not exist is reported if it is looked at
	}
	if pick.some == nil {
		pick.some = make(map[string]cty.Value, 1)
	}
	pick.some[keyText(key)] = s.p.instance(s.v, b, key)
}

// keyOf returns the key of the instance that r means, if it means one.
func (s *scope) keyOf(b *block, r *ref) (addr.Key, bool) {
	switch {
	case r.fixed:
		return r.at, true
	case r.all(), s.v.open(b):
		return addr.Key{}, false
	}
	val, diags := r.key.Value(s.ctx)
	if diags.HasErrors() {
		return addr.Key{}, false
	}
	return b.key(val)
}

func keyText(k addr.Key) string {
	if s, ok := k.Text(); ok {
		return s
	}
	n, _ := k.Int()
	return fmt.Sprint(n)
}

// value evaluates an expression. What was reported before is unknown.
func (p *Program) value(s *scope, e hcl.Expression) (cty.Value, hcl.Diagnostics) {
	if p.isBad(e) {
		return cty.DynamicVal, nil
	}
	val, diags := e.Value(s.ctx)
	for i, d := range diags {
		diags[i] = s.explain(d)
	}
	if diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	return val, diags
}
