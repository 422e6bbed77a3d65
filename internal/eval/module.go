package eval

import (
	"cmp"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/diag"
)

// module is a module of the configuration: a scope of names of its own. One
// that is called with count or for_each has several instances, each with
// values of its own.
type module struct {
	decl     *config.Module
	path     addr.Module // without keys; "" is the root module
	parent   *module     // nil for the root module
	children []*module   // as written
	call     *config.Call

	repeat repeater        // the count or for_each of the call, in the scope of the parent
	after  named           // its depends_on, in the scope of the parent
	whole  named           // all outputs together
	waits  []addr.Resource // the blocks that the call needs
	cyclic bool            // the call needs something in the module

	paths   cty.Value        // the object called path
	vars    cty.Value        // the object called var; of the root module
	rules   map[string]*deps // the references of a variable's validations
	known   map[string]bool  // the names of its variables
	inputs  map[string]*named
	locals  map[string]*named
	outputs map[string]*output
	order   []*output // as written
	checks  []*check
}

// modules makes the tree of modules below decl.
func (p *Program) modules(decl *config.Module, parent *module, call *config.Call) *module {
	m := &module{decl: decl, parent: parent, call: call,
		known: make(map[string]bool, len(decl.Variables)), inputs: make(map[string]*named), locals: make(map[string]*named), outputs: make(map[string]*output)}
	m.whole = named{kind: "module", in: m}
	m.paths = cty.ObjectVal(map[string]cty.Value{ // they begin at the folder of the root module, as in functions
		"module": cty.StringVal(decl.Dir), "root": cty.StringVal("."), "cwd": cty.StringVal(cmp.Or(p.options.Dir, "."))})
	if parent != nil {
		m.path = parent.path.Child(call.Name, addr.Key{})
		m.repeat = repeater{in: parent, count: call.Count, forEach: call.ForEach, enabled: call.Enabled}
		m.after = named{kind: "after", in: parent}
		for _, v := range decl.Variables {
			m.inputs[v.Name] = &named{kind: "var", name: v.Name, in: m, variable: v}
		}
	}
	for _, v := range decl.Variables {
		m.known[v.Name] = true
	}
	for _, l := range decl.Locals {
		m.locals[l.Name] = &named{kind: "local", name: l.Name, in: m, expr: l.Expr}
	}
	for _, o := range decl.Outputs {
		out := &output{decl: o, named: named{kind: "output", name: o.Name, in: m, expr: o.Value}}
		out.output = out
		m.outputs[o.Name], m.order = out, append(m.order, out)
	}
	p.tree = append(p.tree, m)
	for _, c := range decl.Calls {
		if c.Module != nil {
			m.children = append(m.children, p.modules(c.Module, m, c))
		}
	}
	return m
}

// child returns the module that m calls by a name, or nil.
func (m *module) child(name string) *module {
	i := slices.IndexFunc(m.children, func(c *module) bool { return c.call.Name == name })
	if i < 0 {
		return nil
	}
	return m.children[i]
}

// addr is m as something that can need and be needed; see [edge].
func (m *module) addr() addr.Resource {
	return addr.Resource{Module: m.parent.path, Kind: "module", Name: m.call.Name}
}

// compileModule checks the content of m beside its resource blocks.
func (p *Program) compileModule(m *module) (diags hcl.Diagnostics) {
	if m.parent != nil {
		diags = p.compileCall(m)
	}
	for _, l := range m.decl.Locals {
		diags = append(diags, p.compileLocal(m.locals[l.Name])...)
	}
	for _, o := range m.order {
		diags = append(diags, p.compileOutput(o)...)
	}
	diags = append(diags, p.compileChecks(m)...)
	diags = append(diags, p.defaults(m)...)
	return append(diags, p.compileRules(m)...)
}

// compileCall checks the arguments of the block that calls m.
func (p *Program) compileCall(m *module) (diags hcl.Diagnostics) {
	take := func(into *deps, e hclsyntax.Expression, at place) {
		d, more := p.collect(m.parent, e, at)
		diags = append(diags, more...)
		into.add(d)
	}
	diags = append(diags, p.compileRepeat(&m.repeat)...)
	for _, t := range m.call.DependsOn {
		take(&m.after.deps, traversal(t), place{what: "a module", whole: true})
	}
	inside := place{what: "a module", each: m.call.ForEach != nil, count: m.call.Count != nil}
	for _, a := range m.call.Written() {
		n, ok := m.inputs[a.Name]
		e := a.Expr.(hclsyntax.Expression)
		if !ok {
			diags = append(diags, diag.Error("unexpected-attribute", &a.NameRange, "Unexpected input",
				"The module %s has no variable %q.%s", m.call.Source, a.Name, suggestion(a.Name, m.inputs)))
			p.collect(m.parent, e, inside) // mistakes in it would be reported in vain
			continue
		}
		if n.variable.Deprecated != "" {
			diags = append(diags, deprecated(n.variable, &a.NameRange))
		}
		n.expr = e
		markDigits(e, p.bytesOf(e))
		take(&n.deps, e, inside)
	}
	for _, v := range m.decl.Variables {
		if n := m.inputs[v.Name]; n.expr == nil && v.Default == nil && !v.Broken {
			diags = append(diags, diag.Error("no-value", &m.call.DefRange, "No value for variable",
				"The module %q needs a value for its variable %q. Write %[2]s = ... in this block.", m.call.Name, v.Name))
		}
	}
	return diags
}

// within returns the address of a block in one instance of its module.
func within(block addr.Resource, at addr.Module) addr.Resource {
	block.Module = at
	return block
}

// instances returns the instances of m there are, sorted by those of its
// parent and by key. If failed, a mistake stands in the way. One whose key is
// [addr.Any] stands for any number of instances.
func (p *Program) instances(m *module, v *Values) (all []addr.Module, failed bool, diags hcl.Diagnostics) {
	e, diags := p.expanded(m, v)
	return e.all, e.failed, diags
}

// exists reports whether m has this instance.
func (p *Program) exists(m *module, at addr.Module, v *Values) bool {
	e, diags := p.expanded(m, v)
	v.owe(diags)
	return e.exists[at]
}

func (p *Program) expanded(m *module, v *Values) (*expanded, hcl.Diagnostics) {
	now := v.version(m.waits)
	if have, ok := v.instances[m]; ok && have.at == now {
		return have, nil
	}
	e := &expanded{at: now, exists: make(map[addr.Module]bool)}
	v.instances[m] = e
	if m.parent == nil {
		e.all, e.exists = []addr.Module{""}, map[addr.Module]bool{"": true}
		return e, nil
	}
	outer, diags := p.expanded(m.parent, v)
	e.failed = m.cyclic || outer.failed
	for _, at := range outer.all {
		keys := []addr.Key{{}}
		if (m.repeat.repeated() || m.repeat.enabled != nil) && !m.cyclic {
			each, open, d := p.expand(&m.repeat, at, v)
			diags = append(diags, d...)
			e.failed = e.failed || d.HasErrors() || each == nil && !open
			keys = sortedKeys(each, open)
		}
		for _, key := range keys {
			child := at.Child(m.call.Name, key)
			e.all, e.exists[child] = append(e.all, child), true
		}
	}
	return e, diags
}

// sortedKeys returns the keys of instances; [addr.Any] stands for any number of
// them.
func sortedKeys(each map[addr.Key]cty.Value, open bool) []addr.Key {
	if open {
		return []addr.Key{addr.Any}
	}
	keys := make([]addr.Key, 0, len(each))
	for k := range each {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, addr.Key.Compare)
	return keys
}

// callNeeds returns the needs of an instance of m that come before anything in
// it: those of the count or for_each of its calls, and their depends_on.
func (p *Program) callNeeds(m *module, at addr.Module, v *Values) (all needs) {
	for ; m.parent != nil; m = m.parent {
		outer, _, key := at.Parent()
		all.add(p.repeatNeeds(&m.repeat, outer, key, v))
		if !m.after.deps.empty() {
			after, diags := p.named(v, &m.after, outer)
			v.owe(diags)
			all.add(after.needs)
		}
		at = outer
	}
	return all
}

// blocksIn returns the blocks that are in m, or in the modules that it calls.
func (p *Program) blocksIn(m *module) (all []*block) {
	for _, b := range p.order {
		if m.path.Covers(b.addr.Module) {
			all = append(all, b)
		}
	}
	return all
}
