package plan

import (
	"slices"

	"kiraform/internal/addr"
	"kiraform/internal/graph"
)

// Members returns the resources that a need of a change stands for, sorted: one
// without keys stands for all instances of a block, or for those in all instances of
// a module. It is nil for a need that is one resource. They must not be changed.
func (p *Plan) Members(need addr.Resource) []addr.Resource {
	if p.Known == nil {
		return nil
	}
	all := p.Known.Members(need)
	if len(p.without) == 0 || all == nil {
		return all
	}
	have, known := p.members[need]
	if !known {
		have = slices.DeleteFunc(slices.Clone(all), func(a addr.Resource) bool { return p.without[a] })
		if p.members == nil {
			p.members = make(map[addr.Resource][]addr.Resource)
		}
		p.members[need] = have
	}
	return have
}

// Each calls do with each resource that the given needs are, or stand for, once.
func (p *Plan) Each(do func(addr.Resource), needs ...[]addr.Resource) {
	met := make(map[addr.Resource]bool)
	for _, all := range needs {
		for _, need := range all {
			if met[need] {
				continue
			}
			met[need] = true
			members := p.Members(need)
			if members == nil {
				do(need)
			}
			for _, a := range members {
				do(a)
			}
		}
	}
}

// Graph returns the order in which the changes must happen.
func (p *Plan) Graph() *graph.Graph[addr.Resource] {
	var g graph.Graph[addr.Resource]
	for i := range p.Changes {
		c := &p.Changes[i]
		var one, wholes []addr.Resource
		for _, need := range c.Needs {
			members := p.Members(need)
			if members == nil {
				one = append(one, need)
				continue
			}
			if !g.Grouped(need) {
				g.Group(need, members...)
			}
			wholes = append(wholes, need)
		}
		g.Add(c.Addr, append(one, c.Follows...)...)
		g.AddGroups(c.Addr, wholes...)
	}
	return &g
}

// leave takes resources out of the needs of changes.
func (p *Plan) leave(changes []Change, is func(addr.Resource) bool) {
	empty := make(map[addr.Resource]bool) // needs of which nothing is left
	var out []addr.Resource
	for i := range changes {
		for _, need := range changes[i].Needs {
			if _, met := empty[need]; met {
				continue
			}
			members := p.Members(need)
			if members == nil {
				empty[need] = is(need)
				continue
			}
			n := len(out)
			for _, a := range members {
				if is(a) {
					out = append(out, a)
				}
			}
			empty[need] = len(out)-n == len(members)
		}
	}
	gone := func(a addr.Resource) bool { return empty[a] }
	for i := range changes {
		if c := &changes[i]; slices.ContainsFunc(c.Needs, gone) {
			c.Needs = slices.DeleteFunc(slices.Clone(c.Needs), gone) // it may be shared
		}
	}
	if p.members = nil; len(out) > 0 && p.without == nil {
		p.without = make(map[addr.Resource]bool)
	}
	for _, a := range out {
		p.without[a] = true
	}
}

// first returns the first resource of needs, those among them that a need stands for,
// for which something holds; zero if there is none. The answer for a need that stands
// for many is kept in told: nothing changes about these once they were planned.
func (m *maker) first(needs []addr.Resource, told map[addr.Resource]addr.Resource, is func(addr.Resource) bool) (first addr.Resource) {
	none := addr.Resource{}
	for _, need := range needs {
		found, known := told[need]
		if members := m.known.Members(need); members == nil {
			if is(need) {
				found = need
			}
		} else if !known {
			if i := slices.IndexFunc(members, is); i >= 0 {
				found = members[i]
			}
			told[need] = found
		}
		if found != none && (first == none || found.Compare(first) < 0) {
			first = found
		}
	}
	return first
}

// Requires reports whether a is one of the needs of c, or one of those that a need
// stands for.
func (c *Change) Requires(a addr.Resource) bool {
	return slices.Contains(c.Needs, a) || slices.ContainsFunc(a.Wholes(), func(whole addr.Resource) bool { return slices.Contains(c.Needs, whole) })
}
