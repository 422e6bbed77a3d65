package eval

import (
	"slices"

	"kiraform/internal/addr"
)

// needs is the set of instances that something needs.
type needs struct {
	all []addr.Resource // addresses without keys, each instance of which is needed; see [Values.Members]
	one []addr.Resource
}

func (n *needs) add(o needs) {
	n.all = append(n.all, o.all...)
	n.one = append(n.one, o.one...)
}

// list returns the instances, sorted, with one address for all instances of a block:
// its length does not grow with the block.
func (n needs) list(v *Values) []addr.Resource {
	n = n.apart(v)
	return sorted(append(n.one, n.all...))
}

// apart returns n in its shortest form, in which no instance is needed twice. Only
// addresses that stand for several instances are in all.
func (n needs) apart(v *Values) needs {
	is := needs{one: slices.Clone(n.one)}
	for _, whole := range n.all {
		if members := v.means(whole); len(members) > 1 {
			is.all = append(is.all, whole)
		} else {
			is.one = append(is.one, members...)
		}
	}
	is.one, is.all = sorted(is.one), sorted(is.all)
	if len(is.all) > 0 {
		covered := func(a addr.Resource) bool {
			return slices.ContainsFunc(a.Wholes(), func(whole addr.Resource) bool {
				_, has := slices.BinarySearchFunc(is.all, whole, addr.Resource.Compare)
				return has
			})
		}
		is.one = slices.DeleteFunc(is.one, covered)
		is.all = slices.DeleteFunc(slices.Clone(is.all), covered)
	}
	return is
}

// each returns the instances, sorted. The slice may be shared: it must not be
// changed.
func (n needs) each(v *Values) []addr.Resource {
	if len(n.all) == 1 && len(n.one) == 0 {
		return v.means(n.all[0])
	}
	one := slices.Clone(n.one)
	for _, whole := range sorted(slices.Clone(n.all)) {
		one = append(one, v.means(whole)...)
	}
	return sorted(one)
}

// folded returns n with one address for each block of which all instances are
// needed, so that those who need n do not list them again.
func (n needs) folded(v *Values) needs {
	if len(n.one)+len(n.all) < 2 {
		return n
	}
	n = n.apart(v)
	count := make(map[addr.Resource]int)
	for _, a := range n.one {
		count[a.Block()]++
	}
	for _, whole := range n.all {
		count[whole.Block()] += len(v.means(whole))
	}
	entire := func(a addr.Resource) bool {
		block := a.Block()
		return count[block] > 1 && count[block] == len(v.of(block).instances)
	}
	var folded needs
	for _, a := range slices.Concat(n.all, n.one) {
		switch {
		case entire(a):
			folded.all = append(folded.all, a.Block())
		case len(v.means(a)) > 1:
			folded.all = append(folded.all, a)
		default:
			folded.one = append(folded.one, a)
		}
	}
	folded.all = sorted(folded.all)
	return folded
}

// Members returns the instances that an address without keys stands for, its own or
// those of its modules, sorted; nil if a is an instance itself. They must not be
// changed.
func (v *Values) Members(a addr.Resource) []addr.Resource {
	if k, ok := v.parts[a.Unkeyed()]; ok && k.exists[a.Key] {
		return nil
	}
	b, ok := v.blocks[a.Block()]
	if !ok {
		return nil
	}
	if b.wholes == nil {
		b.wholes = make(map[addr.Resource][]addr.Resource)
		for _, one := range b.instances {
			for _, whole := range one.Wholes() {
				b.wholes[whole] = append(b.wholes[whole], one)
			}
		}
	}
	return b.wholes[a]
}

// means returns a, if it is an instance, or the instances that it stands for.
func (v *Values) means(a addr.Resource) []addr.Resource {
	if k, ok := v.parts[a.Unkeyed()]; ok && k.exists[a.Key] {
		return []addr.Resource{a}
	}
	return v.Members(a)
}
