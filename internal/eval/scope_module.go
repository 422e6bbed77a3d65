package eval

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
)

// callRef is a place in an expression that refers to a module which is called.
type callRef struct {
	to         *module
	out        *output // nil for all of them
	everything bool    // of depends_on: all that the module does
	rng        hcl.Range

	// Which instances are meant, as in [ref].
	key   hclsyntax.Expression
	fixed bool
	at    addr.Key
	index hcl.Range
}

// outputs returns the outputs that r is made of.
func (r *callRef) outputs() []*output {
	if r.out != nil {
		return []*output{r.out}
	}
	return r.to.order
}

// calls is the part of one called module that is in scope.
type calls struct {
	all  bool
	some map[addr.Key]map[string]cty.Value // outputs, by instance
}

// addModules adds the outputs of called modules.
func (s *scope) addModules() (diags hcl.Diagnostics) {
	if len(s.deps.calls) == 0 {
		return nil
	}
	picks := make(map[*module]*calls)
	for i := range s.deps.calls {
		r := &s.deps.calls[i]
		if r.everything {
			s.needsEverything(r.to)
			continue
		}
		if picks[r.to] == nil {
			picks[r.to] = &calls{some: make(map[addr.Key]map[string]cty.Value)}
		}
		diags = append(diags, s.pickCall(picks[r.to], r)...)
	}
	if len(picks) == 0 {
		return diags
	}
	modules := make(map[string]cty.Value, len(picks))
	for m, c := range picks {
		modules[m.call.Name] = s.called(m, c)
	}
	s.ctx.Variables["module"] = cty.ObjectVal(modules)
	return diags
}

// called is the value of module.NAME, as far as it is referred to.
func (s *scope) called(m *module, c *calls) cty.Value {
	switch {
	case c.all:
		whole, _ := s.p.named(s.v, &m.whole, s.at)
		return whole.value
	case !m.repeat.repeated() && m.repeat.enabled != nil && c.some[addr.Key{}] == nil: // not enabled
		return cty.NullVal(cty.DynamicPseudoType)
	case !m.repeat.repeated():
		return cty.ObjectVal(c.some[addr.Key{}])
	}
	some := make(map[string]cty.Value, len(c.some))
	for k, outs := range c.some {
		some[keyText(k)] = cty.ObjectVal(outs)
	}
	return cty.ObjectVal(some)
}

// pickCall adds the outputs that r means to c and to the needs.
func (s *scope) pickCall(c *calls, r *callRef) (diags hcl.Diagnostics) {
	key, known := s.callKey(r)
	if !known || r.out == nil && !r.to.repeat.repeated() {
		c.all = true
		whole, d := s.p.named(s.v, &r.to.whole, s.at)
		s.needs.add(whole.needs)
		s.failed = s.failed || whole.failed
		return d
	}
	child := s.at.Child(r.to.call.Name, key)
	if !s.p.exists(r.to, child, s.v) {
		return nil // an index that does not exist is reported if it is looked at
	}
	if c.some[key] == nil {
		c.some[key] = make(map[string]cty.Value)
	}
	for _, o := range r.outputs() {
		n, d := s.p.named(s.v, &o.named, child)
		diags = append(diags, d...)
		s.needs.add(n.needs)
		s.failed = s.failed || n.failed
		c.some[key][o.name] = n.value
	}
	return diags
}

// callKey returns the key of the instance that r means, if it means one.
func (s *scope) callKey(r *callRef) (addr.Key, bool) {
	_, failed, diags := s.p.instances(r.to, s.v)
	s.v.owe(diags)
	switch {
	case failed, s.p.exists(r.to, s.at.Child(r.to.call.Name, addr.Any), s.v):
		return addr.Key{}, false
	case !r.to.repeat.repeated():
		return addr.Key{}, true
	case r.fixed:
		return r.at, true
	case r.key == nil:
		return addr.Key{}, false
	}
	val, diags := s.v.budget.Value(r.key, s.ctx)
	if diags.HasErrors() {
		return addr.Key{}, false
	}
	return r.to.repeat.key(val)
}

// needsEverything adds all that m does, in each of its instances, to the needs.
func (s *scope) needsEverything(m *module) {
	s.needs.all = append(s.needs.all, s.p.everything(m, s.at)...)
}

// everything returns all that m does in one instance of the module that calls
// it: an address for each block, which stands for all of its instances there.
func (p *Program) everything(m *module, at addr.Module) (all []addr.Resource) {
	for _, b := range p.blocksIn(m) {
		_, inner, _ := b.addr.Module.Cut(at.Depth())
		all = append(all, within(b.addr, at.Join(inner)))
	}
	return all
}

// wholeModule is the value of module.NAME in one instance of the module that
// calls it: an object of its outputs, or a tuple of these under count, or an
// object under for_each.
func (p *Program) wholeModule(v *Values, n *named, at addr.Module, now uint64) (*localValue, hcl.Diagnostics) {
	m := n.in
	have := &localValue{value: cty.DynamicVal, at: now}
	_, failed, diags := p.instances(m, v)
	var each map[addr.Key]cty.Value
	open := true
	switch {
	case failed:
	case !m.repeat.repeated() && m.repeat.enabled == nil:
		open = false
		each = map[addr.Key]cty.Value{{}: cty.NilVal}
	default:
		var d hcl.Diagnostics
		each, open, d = p.expand(&m.repeat, at, v)
		diags = append(diags, d...)
	}
	if have.failed = failed; failed || open {
		have.needs.all = p.everything(m, at)
		return v.keep(n, at, have), diags
	}
	var list []cty.Value
	objects := make(map[string]cty.Value, len(each))
	for _, key := range sortedKeys(each, false) {
		outs := make(map[string]cty.Value, len(m.order))
		for _, o := range m.order {
			val, d := p.named(v, &o.named, at.Child(m.call.Name, key))
			diags = append(diags, d...)
			have.needs.add(val.needs)
			have.failed = have.failed || val.failed
			outs[o.name] = val.value
		}
		list = append(list, cty.ObjectVal(outs))
		objects[keyText(key)] = list[len(list)-1]
	}
	switch {
	case m.repeat.count != nil:
		have.value = cty.TupleVal(list)
	case m.repeat.forEach != nil:
		have.value = cty.ObjectVal(objects)
	case len(list) == 0: // not enabled
		have.value = cty.NullVal(cty.DynamicPseudoType)
	default:
		have.value = list[0]
	}
	return v.keep(n, at, have), diags
}
