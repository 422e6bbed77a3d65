package eval

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
)

// Source is how a value is written, for comparing values that are not known: what
// has the same source comes to the same value, as far as the configuration decides.
type Source struct {
	Texts     []string             // the expression, and then those of the local values and the like that it uses
	Variables map[string]cty.Value // that it uses, sensitive ones with their mark
}

// Variables returns the value of every variable. A sensitive one is marked.
func (p *Program) Variables() map[string]cty.Value { return withoutDigits(p.root.vars).AsValueMap() }

// OutputSource returns how the value of an output is written.
func (p *Program) OutputSource(name string) Source {
	for _, o := range p.root.outputs {
		if o.decl.Name == name && o.decl.Value != nil {
			return p.source(nil, o.decl.Value)
		}
	}
	return Source{}
}

// AttrSource returns how an attribute of a resource is written.
func (p *Program) AttrSource(a addr.Resource, attr string) Source {
	b, ok := p.blocks[a.Block()]
	if !ok || b.decl.Attrs[attr] == nil {
		return Source{}
	}
	return p.source(b, b.decl.Attrs[attr].Expr)
}

// source follows e to all that it uses and that is no resource.
func (p *Program) source(b *block, e hcl.Expression) Source {
	s := Source{Variables: make(map[string]cty.Value)}
	var done []hcl.Expression
	var follow func(hcl.Expression)
	follow = func(e hcl.Expression) {
		if e == nil || slices.Contains(done, e) {
			return
		}
		done = append(done, e)
		s.Texts = append(s.Texts, p.text(e.Range()))
		for _, t := range e.Variables() {
			name, named := second(t)
			switch root := t.RootName(); {
			case root == "var" && named && p.root.vars.Type().HasAttribute(name):
				s.Variables[name] = withoutDigits(p.root.vars.GetAttr(name))
			case root == "local" && named && p.root.locals[name] != nil:
				follow(p.root.locals[name].decl.Expr)
			case root == "each" && b != nil && b.decl.ForEach != nil:
				follow(b.decl.ForEach)
			}
		}
	}
	follow(e)
	return s
}

// text returns what is written at rng, without comments and the space between
// words.
func (p *Program) text(rng hcl.Range) string {
	f := p.root.decl.Files[rng.Filename]
	if f == nil || !rng.CanSliceBytes(f.Bytes) {
		return ""
	}
	src := rng.SliceBytes(f.Bytes)
	tokens, diags := hclsyntax.LexExpression(src, rng.Filename, hcl.InitialPos)
	if diags.HasErrors() {
		return string(src)
	}
	var words []string
	for _, t := range tokens {
		if t.Type != hclsyntax.TokenComment && t.Type != hclsyntax.TokenNewline && t.Type != hclsyntax.TokenEOF {
			words = append(words, string(t.Bytes))
		}
	}
	return strings.Join(words, " ")
}

// WithoutComputed returns what v knows, but for the attributes that Kira computes:
// what is made of them is unknown then.
func (p *Program) WithoutComputed(v *Values) *Values {
	out := NewValues()
	for block, k := range v.blocks {
		if !k.expanded {
			continue
		}
		out.Expand(block, k.instances)
		out.blocks[block].failed = k.failed
		b := p.blocks[block]
		for key, val := range k.values {
			if b != nil && b.kind != nil {
				val = b.shape.withoutComputed(val)
			}
			out.Set(block.Instance(key), val)
		}
	}
	return out
}

// withoutComputed makes what Kira computes of an object unknown.
func (s *shape) withoutComputed(v cty.Value) cty.Value {
	bare, marks := v.Unmark()
	if bare == cty.NilVal || bare.IsNull() || !bare.IsKnown() || !bare.Type().IsObjectType() {
		return v
	}
	attrs := bare.AsValueMap()
	for i := range s.attrs {
		m := &s.attrs[i]
		was, ok := attrs[m.Name]
		switch {
		case !ok:
		case m.Computed:
			_, kept := was.Unmark()
			attrs[m.Name] = cty.UnknownVal(was.Type()).WithMarks(kept)
		case m.shape != nil && !m.List:
			attrs[m.Name] = m.shape.withoutComputed(was)
		}
	}
	return cty.ObjectVal(attrs).WithMarks(marks)
}
