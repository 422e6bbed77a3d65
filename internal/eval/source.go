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
	*Written
	Own map[string]string // the files that this instance alone reads, as Files has them
}

// Written is the part of a source that all instances of a block have in common: there
// is one of it, however many they are.
type Written struct {
	Texts     []string             // the expression, and then those of the local values and the like that it uses
	Variables map[string]cty.Value // that it uses, sensitive ones with their mark
	Files     map[string]string    // that it reads: digests of their content, by path
	Data      map[string]cty.Value // of data sources that it uses, as far as they are known, by address and attribute

	all   []followed // the expressions whose texts these are
	keyed bool       // each instance has its own files
}

// Variables returns the value of every variable that is not ephemeral. A
// sensitive one is marked.
func (p *Program) Variables() map[string]cty.Value {
	all := withoutDigits(p.root.vars).AsValueMap()
	maps.DeleteFunc(all, func(_ string, v cty.Value) bool { return lang.IsEphemeral(v) })
	return all
}

// Sources follows expressions to all that they use, each expression once, so that the
// work does not grow with the product of instances and data. It holds for as long as
// the values that it was made with stay as they are, and the files that are read.
type Sources struct {
	p      *Program
	values *Values
	done   map[followed]*Written
	kept   map[followed]cty.Value // of expressions that have one value in all instances
	sums   map[string]string      // of files, by path
}

// Sources returns the sources of values, with those of data sources in v.
func (p *Program) Sources(v *Values) *Sources {
	return &Sources{p, v, make(map[followed]*Written), make(map[followed]cty.Value), make(map[string]string)}
}

// Output returns how the value of an output is written. Values of data sources are
// not in it, since Kira computes them.
func (s *Sources) Output(name string) Source {
	if o := s.p.root.outputs[name]; o != nil && o.decl.Value != nil {
		return s.source(s.p.root, addr.Resource{}, nil, nil, o.decl.Value)
	}
	return Source{Written: new(Written)}
}

// Attr returns how an attribute of a resource is written.
func (s *Sources) Attr(a addr.Resource, attr string) Source {
	b, ok := s.p.blocks[a.Block()]
	if !ok || b.decl.Attrs[attr] == nil {
		return Source{Written: new(Written)}
	}
	return s.source(b.in, a, s.values, b.decl.ForEach, b.decl.Attrs[attr].Expr.(hclsyntax.Expression))
}

// source follows e to all that it uses and that is no resource. The value of
// each comes from the expression forEach, if there is one.
func (s *Sources) source(m *module, at addr.Resource, v *Values, forEach, e hclsyntax.Expression) Source {
	w, done := s.done[followed{m, e}]
	if !done {
		w = &Written{Variables: make(map[string]cty.Value), Data: make(map[string]cty.Value)}
		f := &follower{in: s, values: v, done: make(map[followed]bool), written: w}
		f.follow(m, forEach, e)
		s.done[followed{m, e}] = w
		files, keyed := s.files(at, w.all)
		if w.keyed = keyed; !keyed {
			w.Files = files
		}
	}
	if !w.keyed {
		return Source{Written: w}
	}
	files, _ := s.files(at, w.all)
	return Source{w, files}
}

// followed is an expression in a module, which may be called more than once.
type followed struct {
	in *module
	e  hclsyntax.Expression
}

type follower struct {
	in      *Sources
	values  *Values // nil: those of data sources do not count
	done    map[followed]bool
	written *Written
}

func (f *follower) follow(m *module, forEach, e hclsyntax.Expression) {
	at := followed{m, e}
	if e == nil || f.done[at] {
		return
	}
	f.done[at] = true
	f.written.all = append(f.written.all, at)
	f.written.Texts = append(f.written.Texts, f.in.p.text(e.Range()))
	for _, t := range e.Variables() {
		name, named := second(t)
		switch root := t.RootName(); {
		case root == "var" && named && m.parent != nil && m.inputs[name] != nil:
			f.input(m, m.inputs[name])
		case root == "var" && named && m.parent == nil && m.vars.Type().HasAttribute(name):
			if v := m.vars.GetAttr(name); !lang.IsEphemeral(v) {
				f.written.Variables[name] = withoutDigits(v)
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
