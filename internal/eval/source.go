package eval

import (
	"maps"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/lang"
)

// Source is how a value is written, for comparing values that are not known:
// expressions with the same source have the same value, as far as the configuration
// decides.
type Source struct {
	Texts     []string             // the expression, and then those of the local values and the like that it uses
	Variables map[string]cty.Value // that it uses, sensitive ones with their mark
	Files     map[string]string    // that it reads: digests of their content, by path
	Data      map[string]cty.Value // of data sources that it uses, as far as they are known, by address and attribute
}

// Variables returns the value of every variable that is not ephemeral. A
// sensitive one is marked.
func (p *Program) Variables() map[string]cty.Value {
	all := withoutDigits(p.root.vars).AsValueMap()
	maps.DeleteFunc(all, func(_ string, v cty.Value) bool { return lang.IsEphemeral(v) })
	return all
}

// OutputSource returns how the value of an output is written. Values of data sources are
// not in it, since Kira computes them.
func (p *Program) OutputSource(name string) Source {
	if o := p.root.outputs[name]; o != nil && o.decl.Value != nil {
		return p.source(p.root, addr.Resource{}, nil, nil, o.decl.Value)
	}
	return Source{}
}

// AttrSource returns how an attribute of a resource is written, with the values in v.
func (p *Program) AttrSource(a addr.Resource, attr string, v *Values) Source {
	b, ok := p.blocks[a.Block()]
	if !ok || b.decl.Attrs[attr] == nil {
		return Source{}
	}
	return p.source(b.in, a, v, b.decl.ForEach, b.decl.Attrs[attr].Expr.(hclsyntax.Expression))
}

// source follows e to all that it uses and that is no resource. The value of
// each comes from the expression forEach, if there is one.
func (p *Program) source(m *module, at addr.Resource, v *Values, forEach, e hclsyntax.Expression) Source {
	f := &follower{p: p, at: at, values: v, done: make(map[followed]bool),
		source: Source{Variables: make(map[string]cty.Value), Files: make(map[string]string), Data: make(map[string]cty.Value)}}
	f.follow(m, forEach, e)
	return f.source
}

// followed is an expression in a module, which may be called more than once.
type followed struct {
	in *module
	e  hclsyntax.Expression
}

type follower struct {
	p      *Program
	at     addr.Resource // the instance whose attribute it is; the zero address for an output
	values *Values       // nil: those of data sources do not count
	done   map[followed]bool
	source Source
}

func (f *follower) follow(m *module, forEach, e hclsyntax.Expression) {
	if e == nil || f.done[followed{m, e}] {
		return
	}
	f.done[followed{m, e}] = true
	f.source.Texts = append(f.source.Texts, f.p.text(e.Range()))
	f.files(m, e)
	for _, t := range e.Variables() {
		name, named := second(t)
		switch root := t.RootName(); {
		case root == "var" && named && m.parent != nil && m.inputs[name] != nil:
			f.input(m, m.inputs[name])
		case root == "var" && named && m.parent == nil && m.vars.Type().HasAttribute(name):
			if v := m.vars.GetAttr(name); !lang.IsEphemeral(v) {
				f.source.Variables[name] = withoutDigits(v)
			}
		case root == "local" && named && m.locals[name] != nil:
			f.follow(m, nil, m.locals[name].expr)
		case root == "module" && named && m.child(name) != nil:
			child := m.child(name)
			f.follow(m, nil, child.repeat.forEach)
			for _, o := range child.order {
				f.follow(child, nil, o.expr)
			}
		case root == "data":
			f.data(m, t)
		case root == "each":
			f.follow(m, nil, forEach)
		}
	}
}

// input follows the value that a module is called with.
func (f *follower) input(m *module, n *named) {
	switch {
	case n.expr != nil:
		f.follow(m.parent, m.call.ForEach, n.expr)
	case n.variable.Default != nil:
		f.follow(m, nil, n.variable.Default.Expr)
	}
}

// text returns the source at rng, without comments and the space between words.
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

// WithoutComputed returns the values in v, but for the attributes that Kira
// computes: values made of them are unknown then.
func (p *Program) WithoutComputed(v *Values) *Values {
	out := NewValues()
	for block, k := range v.blocks {
		if k.expanded {
			out.Expand(block, k.instances)
			out.blocks[block].failed = k.failed
		}
	}
	for part, k := range v.parts {
		b := p.blocks[part.Block()]
		for key, val := range k.values {
			if b != nil && b.kind != nil {
				out.SetLater(part.Instance(key), Lazily(func() cty.Value { return b.shape.withoutComputed(val.Value()) }))
				continue
			}
			out.SetLater(part.Instance(key), val)
		}
	}
	return out
}

// withoutComputed makes the computed attributes of an object unknown.
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
