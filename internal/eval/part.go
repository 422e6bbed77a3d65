package eval

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
)

// parts says how much of an object expressions read: the whole, or some attributes.
// An object of which they read little is not worked out as a whole: most of ten
// thousand are referred to by their ids alone.
type parts struct {
	whole bool
	attrs []string // each once
}

// take adds an attribute; "" stands for the whole.
func (p *parts) take(attr string) {
	switch {
	case attr == "":
		p.whole = true
	case !slices.Contains(p.attrs, attr):
		p.attrs = append(slices.Clip(p.attrs), attr)
	}
}

func (p *parts) add(o parts) {
	p.whole = p.whole || o.whole
	for _, attr := range o.attrs {
		p.take(attr)
	}
}

// attrOf is the attribute that rest, the steps behind an object, leads to; "" if it
// means the whole or if that cannot be told.
func attrOf(rest hcl.Traversal) string {
	if len(rest) > 0 {
		if a, ok := rest[0].(hcl.TraverseAttr); ok {
			return a.Name
		}
	}
	return ""
}

// eachValue takes down how much of each.value a reference to each reads.
func (c *collector) eachValue(t hcl.Traversal) {
	if name, ok := second(t); !ok || name != "key" {
		c.deps.each.take(attrOf(t[min(2, len(t)):]))
	}
}

// ofIndexed takes down the attribute that is read of KIND.NAME[key].
func (c *collector) ofIndexed(x *hclsyntax.IndexExpr, rest hcl.Traversal) {
	if c.attrs == nil {
		c.attrs = make(map[*hclsyntax.IndexExpr]string)
	}
	c.attrs[x] = attrOf(rest)
}

// part returns an instance as [Program.instance] does, but maybe without attributes
// that are not read.
func (p *Program) part(v *Values, b *block, a addr.Resource, read parts) cty.Value {
	k := v.at(a.Unkeyed())
	_, made := k.marked[a.Key]
	later := k.values[a.Key]
	if made || later == nil || later.member == nil || b.shape == nil || !b.shape.hasAll(read) {
		return p.instance(v, b, a)
	}
	attrs := make(map[string]cty.Value, len(read.attrs))
	for _, name := range read.attrs {
		m, _ := b.shape.member(name)
		attrs[name] = tracedAttr(name, m.mark(later.member(name)), a, k.from[a.Key])
	}
	return cty.ObjectVal(attrs)
}

// hasAll reports whether read is about attributes of s and nothing else.
func (s *shape) hasAll(read parts) bool {
	return !read.whole && !slices.ContainsFunc(read.attrs, func(name string) bool {
		_, ok := s.index[name]
		return !ok
	})
}
