package eval

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/config"
)

// spread makes v fit an attribute that holds unknown attributes. Their values stay
// as they are written.
func (c *conformer) spread(v cty.Value) cty.Value {
	bare, marks := v.Unmark()
	switch ty := bare.Type(); {
	case bare.IsNull() || ty == cty.DynamicPseudoType:
		return v
	case !ty.IsObjectType() && !ty.IsMapType():
		c.wrong(c.path, "an object", v, "Write it as { name = value }")
		return cty.DynamicVal
	case !bare.IsKnown():
		return cty.DynamicVal.WithMarks(marks)
	}
	c.diags = append(c.diags, unkept(v, fmt.Sprintf("The attribute %q", c.names))...)
	return cty.ObjectVal(bare.AsValueMap()).WithMarks(marks)
}

// Extra names the blocks that send unknown attributes, sorted, each with those
// names that are written out; nil if there are none.
func (p *Program) Extra() (all []string) {
	for _, b := range p.order {
		if b.kind == nil || b.kind.Extra() == nil {
			continue
		}
		name := b.kind.Extra().Name
		if decl, ok := b.decl.Attrs[name]; ok {
			all = append(all, b.addr.String()+"."+name+names(decl.Expr.(hclsyntax.Expression)))
		}
	}
	slices.Sort(all)
	return all
}

// names lists the names in an object that is written out, in brackets, or "".
func names(e hclsyntax.Expression) string {
	obj, ok := config.Unwrap(e).(*hclsyntax.ObjectConsExpr)
	if !ok {
		return ""
	}
	var all []string
	for _, item := range obj.Items {
		if name, ok := keyName(item.KeyExpr); ok {
			all = append(all, name)
		}
	}
	if len(all) == 0 {
		return ""
	}
	return " (" + strings.Join(all, ", ") + ")"
}
