package eval

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"kiraform/internal/diag"
	"kiraform/internal/ui/words"
)

var stringType = cty.String

// conformer makes values fit a schema. A missing attribute becomes null, and a
// value that does not fit is reported at the tightest expression and becomes
// unknown.
type conformer struct {
	b     *block
	ctx   *hcl.EvalContext
	expr  hclsyntax.Expression // of the attribute
	path  cty.Path             // from the attribute down
	names string               // path without indexes, attribute first
	meant map[string]bool      // the attributes that misspelt names probably mean, by path
	diags hcl.Diagnostics
}

// member makes v fit an attribute.
func (c *conformer) member(m *member, v cty.Value) cty.Value {
	switch {
	case m.shape == nil:
		v = c.leaf(m, v)
	case m.List:
		v = c.list(m, v)
	default:
		v = c.object(m.shape, v)
	}
	if m.Sensitive {
		return v.Mark(Sensitive)
	}
	return v
}

func (c *conformer) leaf(m *member, v cty.Value) cty.Value {
	if m.typ == cty.DynamicPseudoType {
		return c.form(m, v)
	}
	out, err := convert.Convert(v, m.typ)
	if err != nil {
		if plain, _ := v.Unmark(); m.Hints["{}"] != "" && plain.Type().IsObjectType() {
			err = errors.New(m.Hints["{}"])
		}
		c.misfit(m.typ, v, c.path, err)
		return cty.UnknownVal(m.typ)
	}
	if v.ContainsMarked() {
		if diags := lost(v, func(at cty.Path) cty.Type { return typeAt(m.typ, at) }, fmt.Sprintf("The attribute %q", c.names)); diags != nil {
			c.diags = append(c.diags, diags...)
			return cty.UnknownVal(m.typ)
		}
	}
	c.calculated(m, v)
	return out
}

// misfit reports that v, which is at the given path, cannot become a value of
// type ty. Of a list or a map, the elements that cannot are reported.
func (c *conformer) misfit(ty cty.Type, v cty.Value, at cty.Path, err error) {
	n := len(c.diags)
	if plain, _ := v.Unmark(); ty.IsCollectionType() && plain.CanIterateElements() {
		for it := plain.ElementIterator(); it.Next(); {
			k, e := it.Element()
			if _, err := convert.Convert(e, ty.ElementType()); err != nil && !plain.Type().IsSetType() {
				c.misfit(ty.ElementType(), e, append(at.Copy(), cty.IndexStep{Key: k}), err)
			}
		}
	}
	if len(c.diags) == n {
		c.wrong(at, ty.FriendlyName(), v, err.Error())
	}
}

func (c *conformer) list(m *member, v cty.Value) cty.Value {
	v, marks := v.Unmark()
	switch ty := v.Type(); {
	case v.IsNull():
		return cty.NullVal(m.typ).WithMarks(marks)
	case ty == cty.DynamicPseudoType:
		return cty.UnknownVal(m.typ).WithMarks(marks)
	case !ty.IsTupleType() && !ty.IsListType() && !ty.IsSetType():
		c.wrong(c.path, "a list of objects", v, "Put it in square brackets")
		return cty.UnknownVal(m.typ)
	case !v.IsKnown():
		return cty.UnknownVal(m.typ).WithMarks(marks)
	case v.LengthInt() == 0:
		return cty.ListValEmpty(m.typ.ElementType()).WithMarks(marks)
	}
	elements := v.AsValueSlice()
	for i, e := range elements {
		c.path = c.path.IndexInt(i)
		elements[i] = c.object(m.shape, e)
		c.path = c.path[:len(c.path)-1]
	}
	return listOf(elements).WithMarks(marks)
}

func (c *conformer) object(s *shape, v cty.Value) cty.Value {
	v, marks := v.Unmark()
	switch ty := v.Type(); {
	case v.IsNull():
		return cty.NullVal(s.typ).WithMarks(marks)
	case ty == cty.DynamicPseudoType:
		return cty.UnknownVal(s.typ).WithMarks(marks)
	case !ty.IsObjectType() && !ty.IsMapType():
		c.wrong(c.path, "an object", v, "Write it as { name = value }")
		return cty.UnknownVal(s.typ)
	case !v.IsKnown():
		return cty.UnknownVal(s.typ).WithMarks(marks)
	}
	given := v.AsValueMap()
	c.strangers(s, given)
	attrs := make(map[string]cty.Value, len(s.attrs))
	for i := range s.attrs {
		if m := &s.attrs[i]; !m.Computed {
			val, ok := given[m.Name]
			attrs[m.Name] = c.attribute(m, val, ok)
		}
	}
	return cty.ObjectVal(attrs).WithMarks(marks)
}

// attribute makes one attribute of an object fit; ok says whether it is there.
func (c *conformer) attribute(m *member, v cty.Value, ok bool) cty.Value {
	names := c.names
	c.names = join(names, m.Name)
	c.path = c.path.GetAttr(m.Name)
	defer func() { c.names, c.path = names, c.path[:len(c.path)-1] }()
	switch {
	case ok:
		return c.member(m, v)
	case c.b.misread[c.names], c.meant[c.names]:
		return cty.UnknownVal(m.typ)
	}
	return cty.NullVal(m.typ)
}

// strangers reports names that the schema does not have in an object which is
// not written out, but comes from a variable or a calculation.
func (c *conformer) strangers(s *shape, given map[string]cty.Value) {
	for _, name := range slices.Sorted(maps.Keys(given)) {
		full := join(c.names, name)
		if m, ok := s.member(name); ok && !m.Computed || c.b.misread[full] {
			continue
		}
		if near := diag.Nearest(name, s.writable()); near != "" {
			if c.meant == nil {
				c.meant = make(map[string]bool)
			}
			c.meant[join(c.names, near)] = true
		}
		d := diag.Error("unexpected-attribute", narrow(c.expr, c.path).Range().Ptr(), "Unexpected attribute",
			"The object for %q has an attribute named %q, which is not expected there.%s",
			c.names, name, diag.DidYouMean(name, s.writable()))
		c.report(d)
	}
}

func (c *conformer) wrong(at cty.Path, want string, got cty.Value, why string) {
	d := diag.Error("wrong-type", narrow(c.expr, at).Range().Ptr(), "Wrong type",
		"The attribute %q takes %s here, and this is %s: %s.", c.names, words.Article(want), words.Article(got.Type().FriendlyName()), strings.TrimSuffix(why, "."))
	c.report(d)
}

// report keeps the context that a renderer needs to show the values of
// references.
func (c *conformer) report(d *hcl.Diagnostic) {
	d.Expression, d.EvalContext = c.expr, c.ctx
	c.diags = append(c.diags, d)
}
