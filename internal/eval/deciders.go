package eval

import "kiraform/internal/addr"

// Deciders returns the instances whose values decide which instances a block has:
// those that its count, its for_each or its enabled refer to, and those that the
// calls of its modules do. The order tells nothing. A block that is not written has
// none.
func (p *Program) Deciders(block addr.Resource, v *Values) (all []addr.Resource) {
	b, ok := p.blocks[block.Block()]
	if !ok || b.cyclic {
		return nil
	}
	all = p.decidersOf(&b.repeat, v)
	for m := b.in; m.parent != nil; m = m.parent {
		all = append(all, p.decidersOf(&m.repeat, v)...)
	}
	return all
}

// decidersOf returns those of anything that is repeated, in all instances of the
// module that it is written in.
func (p *Program) decidersOf(r *repeater, v *Values) (all []addr.Resource) {
	if r.chained != nil { // it has the keys of another block, whatever the values are
		return p.Deciders(r.chained.block, v)
	}
	if r.deps.empty() {
		return nil
	}
	modules, _, diags := p.instances(r.in, v)
	v.owe(diags)
	for _, at := range modules {
		all = append(all, p.needsOf(r.in, at, v, r.deps).each(v)...)
	}
	return all
}
