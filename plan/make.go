package plan

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/eval"
)

// Make plans the changes that take in.Prior to in.Program. The plan holds every
// change that could be planned even if there are errors; it must not be applied
// then.
//
// Objects that the configuration has under another address are moved first:
// those of moved blocks, and those that are known again by their natural keys.
// Each move may show more of them, so that the plan is made again, a few times
// at most.
func Make(in Input) (*Plan, hcl.Diagnostics) {
	mv := newMover(in)
	for round := 0; ; {
		m := newMaker(mv.in)
		m.wanted()
		if in.stopped() {
			return &Plan{Known: m.known, Prior: in.Prior}, m.diags
		}
		found := m.singles()
		if len(found) == 0 && !in.Stay && round < rounds {
			found = m.strays()
			round++
		}
		if len(found) == 0 && in.Destroy { // whose moves were found as those of any plan
			m = newMaker(mv.in)
			m.Destroy = true
			m.wanted()
		}
		if len(found) == 0 {
			return m.finish(mv)
		}
		mv.add(found)
	}
}

func newMaker(in Input) *maker {
	known := eval.NewValues()
	known.Until(in.Stopped)
	return &maker{Input: in, known: known, at: make(map[addr.Resource]int),
		names: make(map[addr.Resource]bool), failed: make(map[addr.Resource]bool),
		open:  make(map[addr.Resource]bool),
		about: make(map[*hcl.Diagnostic]addr.Resource), cut: make(map[addr.Resource][]addr.Resource),
		deferrals: make(map[addr.Resource]addr.Resource), pendings: make(map[addr.Resource]addr.Resource), triggered: make(map[eval.Trigger][]addr.Resource)}
}

// finish makes a plan of the changes, now that every object has its address.
func (m *maker) finish(mv *mover) (*Plan, hcl.Diagnostics) {
	m.diags = append(m.diags, mv.diags...)
	m.distinct()
	if m.Destroy {
		m.changes, m.at = nil, make(map[addr.Resource]int)
	}
	m.unwanted()
	p := &Plan{Moves: mv.moves(), Known: m.known, destroy: m.Destroy}
	keepers := m.keepers()
	m.target(p)
	m.doubled(p, keepers)
	if !m.Destroy {
		m.replaces()
		m.handOvers()
	}
	m.needless(p)
	m.protect()
	m.judge(p)
	slices.SortFunc(m.changes, func(a, b Change) int { return a.Addr.Compare(b.Addr) })
	p.Changes = m.changes
	p.label()
	mv.settle(p)
	m.putOff()
	if !m.diags.HasErrors() {
		m.diags = append(m.diags, p.Settle(m.Program)...)
		if !m.Destroy && !p.Partial() {
			m.diags = append(m.diags, m.Program.Checks(m.known)...)
		}
	}
	m.ends(p)
	m.partial(p)
	for d, a := range m.about {
		diag.At(d, a.InstanceName())
	}
	return p, diag.Sort(m.diags)
}

type maker struct {
	Input
	known   *eval.Values
	changes []Change
	at      map[addr.Resource]int  // index in changes
	names   map[addr.Resource]bool // the resources that the configuration has
	failed  map[addr.Resource]bool // blocks of which it is not known which resources they have, because of a mistake
	open    map[addr.Resource]bool // or because that is known only later
	diags   hcl.Diagnostics
	about   map[*hcl.Diagnostic]addr.Resource // the resources that diagnostics belong to

	cut map[addr.Resource][]addr.Resource // the resources that are put off because this one has ended

	holders map[addr.Object]addr.Resource // nil until it is needed
	priors  []addr.Resource               // see had

	// Of needs that stand for many: the first that is deferred, and the first that is
	// going to change. Of triggers: the changes.
	deferrals, pendings map[addr.Resource]addr.Resource
	triggered           map[eval.Trigger][]addr.Resource
}

// had returns the addresses of the state, sorted.
func (m *maker) had() []addr.Resource {
	if m.priors == nil {
		m.priors = m.Prior.Addrs()
	}
	return m.priors
}

// wanted plans every resource that the configuration has, each after its needs.
func (m *maker) wanted() {
	for _, block := range m.Program.Blocks().Order() {
		instances, d := m.Program.Expand(block, m.known)
		if m.Destroy { // which forgets all objects, whatever else there would be
			d = slices.DeleteFunc(d, func(d *hcl.Diagnostic) bool { return diag.CodeOf(d) == "unknown-instances" })
		}
		n := len(m.diags)
		m.diags = append(m.diags, d...)
		m.belong(block, n)
		m.failed[block] = d.HasErrors()
		m.known.Expand(block, instances)
		m.changes = slices.Grow(m.changes, len(instances))
		for _, a := range instances {
			if m.stopped() {
				return
			}
			m.names[a] = true
			m.resource(a)
		}
	}
}

func (in *Input) stopped() bool { return in.Stopped != nil && in.Stopped() }

func (m *maker) resource(a addr.Resource) {
	defer m.belong(a, len(m.diags))
	r, d := m.Program.Eval(a, m.known)
	m.diags = append(m.diags, d...)
	if d.HasErrors() {
		m.known.Set(a, cty.DynamicVal) // its dependants have nothing to complain about
		return
	}
	if m.Destroy {
		m.known.Set(a, cty.DynamicVal)
		return
	}
	if r.Open {
		m.later(a, r)
		return
	}
	if a.Data {
		m.source(a, r)
		return
	}
	c := m.decide(a, r)
	m.known.SetLater(a, c.After)
	m.known.Trace(a, r.From)
	m.at[a] = len(m.changes)
	m.changes = append(m.changes, c)
}

// unwanted plans to forget the objects that the state has, or had before they
// were gone, and the configuration does not.
func (m *maker) unwanted() {
	for _, a := range m.had() {
		if _, ok := m.at[a]; ok || m.unsure(a.Block()) && !m.Destroy {
			continue
		}
		c := Change{
			Addr: a, Action: Forget, Why: m.unwritten(a),
			Prior: m.Prior.Resources[a], Config: cty.NullVal(cty.DynamicPseudoType), After: eval.Now(cty.NullVal(cty.DynamicPseudoType)),
		}
		if m.Destroy {
			c.Why = ""
		} else {
			c.Needs = m.successors(a)
		}
		m.follow(&c)
		m.changes = append(m.changes, c)
	}
	for a, o := range m.Gone { // changes are sorted later
		_, written := m.at[a]
		if _, lives := m.Prior.Resources[a]; !written && !lives {
			null := cty.NullVal(cty.DynamicPseudoType)
			m.changes = append(m.changes, Change{Addr: a, Action: Gone, Prior: o, Config: null, After: eval.Now(null)})
		}
	}
}

// unwritten says why the configuration does not have the object at a.
func (m *maker) unwritten(a addr.Resource) string {
	for _, r := range m.Program.Removed() {
		if r.From.Covers(a) {
			return fmt.Sprintf("the removed block at %s:%d says so", r.Range.Filename, r.Range.Start.Line)
		}
	}
	return "it is not in the configuration"
}

// putOff takes the values of deferred changes back to those of the live
// objects.
func (m *maker) putOff() {
	for i := range m.changes {
		if c := &m.changes[i]; c.Action == Defer {
			m.undo(c)
		}
	}
}

// undo takes the value of a change that will not be made back to that of the
// live object.
func (m *maker) undo(c *Change) {
	if k, ok := m.Kinds[c.Addr.Kind]; ok && !c.Addr.Data && c.Action != Forget && c.Action != Gone {
		m.known.Set(c.Addr, Real(k, m.Key, c.Config, c.Prior))
	}
}
