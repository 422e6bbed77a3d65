package discover

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/schema"
)

// write writes a block, with its import, for everything that was found.
func (d *discoverer) write(environment string) *Found {
	out := &Found{Objects: len(d.found)}
	var vars []variable
	f := hclwrite.NewEmptyFile()
	for _, x := range d.found {
		w := blockWriter{d: d, x: x, variant: x.kind.Schema.VariantOf(x.obj.Seen)}
		w.resource(environment)
		w.write(f.Body())
		for _, l := range w.lines {
			vars = append(vars, l.vars...)
		}
	}
	head := hclwrite.NewEmptyFile()
	for _, v := range vars {
		out.Variables = append(out.Variables, v.name)
		b := head.Body().AppendNewBlock("variable", []string{v.name}).Body()
		b.SetAttributeRaw("type", words(v.typ))
		b.SetAttributeValue("description", cty.StringVal(v.doc))
		if v.secret {
			b.SetAttributeValue("sensitive", cty.True)
		}
		head.Body().AppendNewline()
	}
	out.HCL = hclwrite.Format(append(head.Bytes(), f.Bytes()...))
	return out
}

// variable is a value that must not, or cannot, be written out.
type variable struct {
	name, typ, doc string
	secret         bool
}

// blockWriter writes one block.
type blockWriter struct {
	d       *discoverer
	x       discovered
	variant string
	lines   []line
	vars    []variable // of the line under way
}

// line is an attribute of the block, or a remark about one that is left out.
type line struct {
	name   string
	tokens hclwrite.Tokens
	vars   []variable // that tokens refer to
	remark string
	notes  []string // on parts of it that are left out
}

// resource works out the attributes of the block. An attribute that only the
// rules of the kind ask for becomes a variable too; one that they refuse,
// although Kira has it so, is left out and said.
func (w *blockWriter) resource(environment string) {
	k := w.x.kind.Schema
	values := make(map[string]cty.Value, len(k.Attrs))
	index := make(map[string]int)
	for i := range k.Attrs {
		a := &k.Attrs[i]
		if a.Computed {
			continue
		}
		v := schema.Member(w.x.obj.Seen, a.Name)
		values[a.Name] = cty.NullVal(a.CtyType())
		if t := w.top(a, v); t != nil {
			if !v.IsNull() {
				values[a.Name] = v
			} else {
				values[a.Name] = cty.UnknownVal(a.CtyType())
			}
			index[a.Name] = len(w.lines)
			w.add(a.Name, t)
		}
	}
	problems := func() []schema.Problem {
		return schema.Check(k, cty.ObjectVal(values), schema.Env{Environment: environment})
	}
	for w.leaveOut(index, values, problems()) { // the other entries may have more of them
	}
	for _, problem := range problems() {
		if problem.Warning || len(problem.Path) == 0 {
			continue
		}
		name := schema.Top(problem.Path)
		a, _ := k.Attr(name)
		switch i, there := index[name]; {
		case !there && a.ClassIn(w.variant) == schema.Unreadable:
			index[name] = len(w.lines)
			w.add(name, w.variable(name, a))
		case there && !a.NeededIn(w.variant):
			w.lines[i] = line{name: name, remark: problem.Summary}
		}
	}
}

// add adds an attribute, with the variables that its tokens refer to.
func (w *blockWriter) add(name string, tokens hclwrite.Tokens) {
	w.lines = append(w.lines, line{name: name, tokens: tokens, vars: w.vars})
	w.vars = nil
}

func (w *blockWriter) write(body *hclwrite.Body) {
	b := body.AppendNewBlock("resource", []string{w.x.addr.Kind, w.x.addr.Name}).Body()
	for _, l := range w.lines {
		if l.remark != "" {
			b.AppendUnstructuredTokens(words(fmt.Sprintf("# %s is left out: %s\n", l.name, l.remark)))
			continue
		}
		for _, note := range l.notes {
			b.AppendUnstructuredTokens(words("# " + note + "\n"))
		}
		b.SetAttributeRaw(l.name, l.tokens)
	}
	body.AppendNewline()
	im := body.AppendNewBlock("import", nil).Body()
	im.SetAttributeTraversal("to", traversal(w.x.addr))
	im.SetAttributeValue("id", cty.StringVal(w.x.obj.ID))
	body.AppendNewline()
}

// top returns the tokens of an attribute of the block, or nil.
func (w *blockWriter) top(a *schema.Attr, v cty.Value) hclwrite.Tokens {
	if a.Ref == "" {
		return w.attr(a.Name, a, v)
	}
	if to, ok := w.d.known[addr.Object{Kind: a.Ref, ID: w.x.of}]; ok && w.d.taken[to.Block()] {
		return hclwrite.TokensForTraversal(append(traversal(to), hcl.TraverseAttr{Name: "id"}))
	}
	return hclwrite.TokensForValue(cty.StringVal(w.x.of))
}

// attr returns the tokens of an attribute, or nil to leave it out: one that is
// not there, or that Kira cannot show and does not insist on. at names it
// within the block.
func (w *blockWriter) attr(at string, a *schema.Attr, v cty.Value) hclwrite.Tokens {
	needed := a.NeededIn(w.variant)
	switch {
	case a.Computed || a.Local || !a.Applies(w.variant) || v.IsNull() && !needed:
		return nil
	case v.IsNull(), a.Sensitive && a.Nested == nil:
		return w.variable(at, a)
	case a.Nested != nil && a.List:
		return w.list(at, a, v)
	case a.Nested != nil:
		return w.object(at, a, v)
	}
	v = tidy(a, v)
	if v.CanIterateElements() && v.LengthInt() == 0 {
		return nil
	}
	return hclwrite.TokensForValue(v)
}

func (w *blockWriter) object(at string, a *schema.Attr, v cty.Value) hclwrite.Tokens {
	var attrs []hclwrite.ObjectAttrTokens
	for i := range a.Nested {
		n := &a.Nested[i]
		if t := w.attr(at+"_"+n.Name, n, schema.Member(v, n.Name)); t != nil {
			attrs = append(attrs, hclwrite.ObjectAttrTokens{Name: hclwrite.TokensForIdentifier(n.Name), Value: t})
		}
	}
	if attrs == nil {
		return nil
	}
	return hclwrite.TokensForObject(attrs)
}

// list returns the entries of a list of objects; none if Kira does not show the
// parts that each of them needs, as with the files of documents.
func (w *blockWriter) list(at string, a *schema.Attr, v cty.Value) hclwrite.Tokens {
	dark := a.ClassIn(w.variant) == schema.Unreadable || slices.ContainsFunc(a.Nested, func(n schema.Attr) bool {
		return n.NeededIn(w.variant) && n.ClassIn(w.variant) == schema.Unreadable
	})
	if v.IsNull() || dark {
		return nil
	}
	var entries []hclwrite.Tokens
	for i, e := range v.AsValueSlice() {
		label := schema.Text(schema.Member(e, a.MergeKey))
		if label == "" {
			label = fmt.Sprint(i + 1)
		}
		if t := w.object(at+"_"+label, a, e); t != nil {
			entries = append(entries, t)
		}
	}
	if entries == nil {
		return nil
	}
	return hclwrite.TokensForTuple(entries)
}

// variable declares a variable, and returns the reference to it.
func (w *blockWriter) variable(at string, a *schema.Attr) hclwrite.Tokens {
	v := variable{
		name: identifier("value", w.x.addr.Kind[len("kira_"):], w.x.addr.Name, at),
		typ:  typeText(a), secret: a.Sealed(),
		doc: fmt.Sprintf("%s of %s", strings.ReplaceAll(a.Name, "_", " "), w.x.addr),
	}
	w.vars = append(w.vars, v)
	return hclwrite.TokensForTraversal(hcl.Traversal{hcl.TraverseRoot{Name: "var"}, hcl.TraverseAttr{Name: v.name}})
}

// typeText writes the type of an attribute as variables have it.
func typeText(a *schema.Attr) string {
	if a.Nested == nil {
		return typeexpr.TypeString(a.Type)
	}
	var members []string
	for i := range a.Nested {
		n := &a.Nested[i]
		t := typeText(n)
		if !n.Required {
			t = "optional(" + t + ")"
		}
		members = append(members, n.Name+" = "+t)
	}
	object := "object({\n" + strings.Join(members, "\n") + "\n})"
	if a.List {
		return "list(" + object + ")"
	}
	return object
}

// tidy takes out of a value the things that nobody would write: members that
// are null, and marks.
func tidy(a *schema.Attr, v cty.Value) cty.Value {
	if !v.Type().IsObjectType() && !v.Type().IsMapType() {
		return v
	}
	members := v.AsValueMap()
	for name, m := range members {
		if m.IsNull() || a.Class == schema.Merged && (schema.IsMark(name)) {
			delete(members, name)
		}
	}
	return cty.ObjectVal(members)
}

func traversal(a addr.Resource) hcl.Traversal {
	t := hcl.Traversal{hcl.TraverseRoot{Name: a.Kind}, hcl.TraverseAttr{Name: a.Name}}
	if n, ok := a.Key.Int(); ok {
		t = append(t, hcl.TraverseIndex{Key: cty.NumberIntVal(int64(n))})
	}
	if s, ok := a.Key.Text(); ok {
		t = append(t, hcl.TraverseIndex{Key: cty.StringVal(s)})
	}
	return t
}

// words are tokens for a text that is valid as it stands.
func words(s string) hclwrite.Tokens {
	return hclwrite.Tokens{{Type: hclsyntax.TokenIdent, Bytes: []byte(s)}}
}
