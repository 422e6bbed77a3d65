package eval

import (
	"fmt"
	"slices"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"kiraform/internal/ui/words"
	"kiraform/schema"
)

// form makes v fit an attribute that may have more than one form.
func (c *conformer) form(m *member, v cty.Value) cty.Value {
	bare, marks := v.Unmark()
	ty := bare.Type()
	switch {
	case m.Spread:
		return c.spread(v)
	case m.Forms == nil || bare.IsNull() || !bare.IsKnown():
		return v
	case has(m.Attr, cty.Map(cty.String)) && (ty.IsObjectType() || ty.IsMapType()):
		attrs := bare.AsValueMap()
		for name, e := range attrs {
			c.path = c.path.GetAttr(name)
			attrs[name] = c.text(e)
			c.path = c.path[:len(c.path)-1]
		}
		return cty.ObjectVal(attrs).WithMarks(marks)
	case has(m.Attr, ty):
		return v
	case ty == cty.Number && !has(m.Attr, cty.Bool):
		return c.text(v)
	}
	c.wrong(c.path, inWords(m.Forms), v, "Write it in one of these forms")
	return cty.DynamicVal
}

func has(a *schema.Attr, ty cty.Type) bool { return slices.ContainsFunc(a.Forms, ty.Equals) }

// text takes a text, and a number that is the same as one.
func (c *conformer) text(v cty.Value) cty.Value {
	bare, _ := v.Unmark()
	switch {
	case bare.IsNull() || !bare.IsKnown() || bare.Type() == cty.String:
	case bare.Type() != cty.Number:
		c.wrong(c.path, "a string", v, "Put it in quotes")
		return cty.UnknownVal(cty.String)
	}
	diags := lost(v, func(cty.Path) cty.Type { return cty.String }, fmt.Sprintf("The attribute %q", c.names))
	if diags != nil {
		c.diags = append(c.diags, diags...)
		return cty.UnknownVal(cty.String)
	}
	if out, err := convert.Convert(v, cty.String); err == nil {
		return out
	}
	return v
}

// inWords lists the forms of a value.
func inWords(forms []cty.Type) string {
	var all []string
	for _, f := range forms {
		if f.IsMapType() {
			all = append(all, "an object of strings")
		} else {
			all = append(all, words.Article(f.FriendlyName()))
		}
	}
	return words.Or(all...)
}
