package plan

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/eval"
)

// Make plans the changes that take in.Prior to in.Program. The plan holds
// what could be planned even if there are errors; it must not be applied then.
func Make(in Input) (*Plan, hcl.Diagnostics) {
	m := &maker{Input: in, known: eval.NewValues(), at: make(map[addr.Resource]int)}
	m.wanted()
	m.distinct()
	if in.Destroy {
		m.changes, m.at = nil, make(map[addr.Resource]int)
	}
	m.unwanted()
	m.needless()
	m.target()
	slices.SortFunc(m.changes, func(a, b Change) int { return a.Addr.Compare(b.Addr) })
	p := &Plan{Changes: m.changes, Known: m.known}
	if !m.diags.HasErrors() {
		p.Outputs = m.outputs()
	}
	return p, diag.Sort(m.diags)
}

type maker struct {
	Input
	known   *eval.Values
	changes []Change
	at      map[addr.Resource]int // index in changes
	diags   hcl.Diagnostics

	holders map[[2]string]addr.Resource // by kind and id of the object; nil until it is needed
}

// wanted plans every resource that the configuration has, each after what it
// needs.
func (m *maker) wanted() {
	for _, block := range m.Program.Blocks().Order() {
		instances, d := m.Program.Expand(block, m.known)
		m.diags = append(m.diags, d...)
		m.known.Expand(block, instances)
		for _, a := range instances {
			m.resource(a)
		}
	}
}

func (m *maker) resource(a addr.Resource) {
	r, d := m.Program.Eval(a, m.known)
	m.diags = append(m.diags, d...)
	if d.HasErrors() {
		m.known.Set(a, cty.DynamicVal) // what depends on it has nothing to complain about
		return
	}
	if m.Destroy {
		m.protect(a, r)
		m.known.Set(a, cty.DynamicVal)
		return
	}
	if a.Data {
		m.source(a, r)
		return
	}
	c := m.decide(a, r)
	m.known.Set(a, c.After)
	m.at[a] = len(m.changes)
	m.changes = append(m.changes, c)
}

// unwanted plans to forget what the state has, or had before it was gone, and
// the configuration does not.
func (m *maker) unwanted() {
	for _, a := range m.Prior.Addrs() {
		if _, ok := m.at[a]; ok {
			continue
		}
		c := Change{
			Addr: a, Action: Forget, Why: "it is not in the configuration",
			Prior: m.Prior.Resources[a], Config: cty.NullVal(cty.DynamicPseudoType), After: cty.NullVal(cty.DynamicPseudoType),
		}
		if m.Destroy {
			c.Why = ""
		}
		m.changes = append(m.changes, c)
	}
	for a, o := range m.Gone { // changes are sorted later
		if _, ok := m.at[a]; !ok {
			null := cty.NullVal(cty.DynamicPseudoType)
			m.changes = append(m.changes, Change{Addr: a, Action: Gone, Prior: o, Config: null, After: null})
		}
	}
}

func (m *maker) protect(a addr.Resource, r eval.Resource) {
	if _, lives := m.Prior.Resources[a]; !lives || !r.PreventDestroy {
		return
	}
	m.diags = append(m.diags, diag.Error("prevent-destroy", m.Program.Locate(a, nil), "Resource is protected",
		"%s has lifecycle { prevent_destroy = true }, so this plan cannot be made. "+
			"Take that out, or leave the resource out of the plan with -target.", a))
}

// target leaves only what in.Targets name and what that needs.
func (m *maker) target() {
	if len(m.Targets) == 0 {
		return
	}
	p := Plan{Changes: m.changes}
	var from []addr.Resource
	for _, t := range m.Targets {
		n := len(from)
		for i := range m.changes {
			if t.Covers(m.changes[i].Addr) {
				from = append(from, m.changes[i].Addr)
			}
		}
		if len(from) == n {
			m.diags = append(m.diags, diag.Error("no-such-target", nil, "Nothing to target",
				"There is no resource %s in the configuration or in the state. Check the address with \"kiraform state list\".", t))
		}
	}
	keep := p.Graph().Reach(from...)
	m.changes = slices.DeleteFunc(m.changes, func(c Change) bool { return !keep[c.Addr] })
}
