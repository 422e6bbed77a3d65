package config

import (
	"cmp"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
)

// Resource is a resource block. Everything that is not a meta-argument is in
// Attrs, to be read against the schema of its kind; "provider" is among them,
// because Kira's API has an attribute of that name. All expressions of Attrs
// are of the native syntax.
type Resource struct {
	Data       bool   // it is a data block: something that is only looked at
	Action     bool   // it is an action block: something that is done when it is asked for
	Check      string // the check block that it is in; "" if it is in none
	Kind, Name string
	Attrs      hcl.Attributes
	Count      hclsyntax.Expression // nil if not written
	ForEach    hclsyntax.Expression // nil if not written
	DependsOn  []hcl.Traversal
	Lifecycle  Lifecycle

	DefRange, KindRange hcl.Range
}

// Lifecycle is the lifecycle block of a resource. An expression is nil if it
// is not written. create_before_destroy is accepted and left out: Kira cannot
// delete, so it is always so.
type Lifecycle struct {
	PreventDestroy     hclsyntax.Expression
	Enabled            hclsyntax.Expression
	IgnoreAll          bool
	IgnoreChanges      []hcl.Traversal // relative to the resource
	ReplaceTriggeredBy []hclsyntax.Expression
	Preconditions      []Condition
	Postconditions     []Condition
	Triggers           []Trigger // of action_trigger blocks, in their order
}

// Addr returns the address of the block.
func (r *Resource) Addr() addr.Resource {
	return addr.Resource{Data: r.Data, Action: r.Action, Kind: r.Kind, Name: r.Name}
}

// Written returns the attributes of r in the order in which they are written.
func (r *Resource) Written() []*hcl.Attribute { return inOrder(r.Attrs) }

// MetaArguments are the arguments that every resource block takes.
var MetaArguments = []string{"count", "for_each", "depends_on", "lifecycle"}

var resourceSchema = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{{Name: "count"}, {Name: "for_each"}, {Name: "depends_on"}},
	Blocks:     []hcl.BlockHeaderSchema{{Type: "lifecycle"}},
}

func resource(b *hcl.Block) (*Resource, hcl.Diagnostics) {
	c, rest, diags := b.Body.PartialContent(resourceSchema)
	diags = diag.Coded("invalid-block", diags)
	r := &Resource{Kind: b.Labels[0], Name: b.Labels[1],
		DefRange: b.DefRange, KindRange: b.LabelRanges[0]}
	r.repeat(c.Attributes, &diags)
	for i, lc := range c.Blocks {
		if i > 0 {
			diags = append(diags, second(lc, c.Blocks[0].DefRange))
			break
		}
		diags = append(diags, r.Lifecycle.decode(lc.Body)...)
		if e := r.Lifecycle.Enabled; e != nil && (r.Count != nil || r.ForEach != nil) {
			diags = append(diags, diag.Error("count-and-for-each", e.Range().Ptr(), "Both enabled and many",
				"The argument \"enabled\" decides whether there is one of a resource. With count or for_each, leave it out, and give these nothing to repeat over."))
			r.Lifecycle.Enabled = nil
		}
	}
	attrs, d := attributes(b.Body, rest)
	r.Attrs = attrs
	diags = append(diags, d...)
	return r, append(diags, natively(attrs)...)
}

// repeat reads count, for_each and depends_on.
func (r *Resource) repeat(attrs hcl.Attributes, diags *hcl.Diagnostics) {
	r.Count = expression(attrs, "count", diags)
	r.ForEach = expression(attrs, "for_each", diags)
	if r.Count != nil && r.ForEach != nil {
		*diags = append(*diags, diag.Error("count-and-for-each", attrs["for_each"].NameRange.Ptr(), "Both count and for_each",
			"A resource has either count or for_each. Take one of them away."))
		r.Count = nil
	}
	r.DependsOn = references(attrs["depends_on"], diags)
}

// notBlocks are blocks of Terraform's resources that are not offered, each with what takes
// its place.
var notBlocks = map[string]string{
	"dynamic": "Nested objects are attributes here, so that a list is made with a for expression: " +
		"associated_persons = [for p in var.people : { email = p.email }].",
	"provisioner": "Nothing is run on other machines. What has to follow an apply belongs in the script that runs it, " +
		"and what has to follow a create at Kira in an action_trigger block.",
	"connection": "Nothing is run on other machines.",
}

// attributes returns the rest of a resource's body. Nested blocks are mistakes,
// of the sort that people who know other providers make.
func attributes(whole, rest hcl.Body) (hcl.Attributes, hcl.Diagnostics) {
	body, ok := whole.(*hclsyntax.Body)
	if !ok {
		attrs, diags := rest.JustAttributes()
		return attrs, diag.Coded("invalid-block", diags)
	}
	attrs, _ := rest.JustAttributes() // complains of the blocks only, as we do
	var diags hcl.Diagnostics
	for _, b := range body.Blocks {
		if advice, known := notBlocks[b.Type]; known {
			diags = append(diags, diag.Error("unsupported-block", b.DefRange().Ptr(), "Not offered here", "There are no blocks of type %q in kiraform. %s", b.Type, advice))
			continue
		}
		if b.Type != "lifecycle" {
			diags = append(diags, diag.Error("block-for-attribute", b.DefRange().Ptr(), "A block where an attribute belongs",
				"Nested objects are attributes here. Write %s = { ... }, or %s = [{ ... }] for a list.", b.Type, b.Type))
		}
	}
	return attrs, diags
}

var lifecycleSchema = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{
		{Name: "prevent_destroy"}, {Name: "enabled"}, {Name: "ignore_changes"}, {Name: "replace_triggered_by"}, {Name: "create_before_destroy"},
	},
	Blocks: []hcl.BlockHeaderSchema{{Type: "precondition"}, {Type: "postcondition"}, {Type: "action_trigger"}},
}

func (l *Lifecycle) decode(body hcl.Body) hcl.Diagnostics {
	c, diags := content(body, lifecycleSchema)
	l.PreventDestroy = expression(c.Attributes, "prevent_destroy", &diags)
	l.Enabled = expression(c.Attributes, "enabled", &diags)
	flag(c.Attributes, "create_before_destroy", true, &diags) // only checked
	if a, ok := c.Attributes["ignore_changes"]; ok {
		if hcl.ExprAsKeyword(a.Expr) == "all" {
			l.IgnoreAll = true
		} else {
			diags = append(diags, l.ignore(a)...)
		}
	}
	if a, ok := c.Attributes["replace_triggered_by"]; ok {
		diags = append(diags, l.replace(a)...)
	}
	for _, b := range c.Blocks {
		if b.Type == "action_trigger" {
			diags = append(diags, l.trigger(b)...)
			continue
		}
		cond, d := condition(b)
		diags = append(diags, d...)
		if b.Type == "precondition" {
			l.Preconditions = append(l.Preconditions, cond)
		} else {
			l.Postconditions = append(l.Postconditions, cond)
		}
	}
	return diags
}

func (l *Lifecycle) ignore(a *hcl.Attribute) hcl.Diagnostics {
	list, d := hcl.ExprList(a.Expr)
	if d.HasErrors() {
		return hcl.Diagnostics{diag.Error("invalid-ignore-changes", a.Expr.Range().Ptr(), "Invalid ignore_changes",
			"Write a list of attribute names, such as [email], or the word all.")}
	}
	var diags hcl.Diagnostics
	for _, e := range list {
		t, d := hcl.RelTraversalForExpr(e)
		if d.HasErrors() {
			diags = append(diags, diag.Error("invalid-ignore-changes", e.Range().Ptr(), "Invalid ignore_changes",
				"An element must be the name of an attribute of this resource, without quotes."))
			continue
		}
		l.IgnoreChanges = append(l.IgnoreChanges, t)
	}
	return diags
}

// replace reads replace_triggered_by. Its elements may have an index that is
// calculated, such as kira_user.staff[each.key].
func (l *Lifecycle) replace(a *hcl.Attribute) hcl.Diagnostics {
	list, d := hcl.ExprList(a.Expr)
	if d.HasErrors() {
		return hcl.Diagnostics{diag.Error("invalid-reference", a.Expr.Range().Ptr(), "Invalid reference",
			"The argument %q takes a list of references, such as [kira_user.maria].", a.Name)}
	}
	var diags hcl.Diagnostics
	for _, e := range list {
		x, d := reference(e)
		diags = append(diags, d...)
		if x != nil {
			l.ReplaceTriggeredBy = append(l.ReplaceTriggeredBy, x)
		}
	}
	return diags
}

// reference returns e natively; a string of a JSON file is read as an
// expression, not as a template.
func reference(e hcl.Expression) (hclsyntax.Expression, hcl.Diagnostics) {
	if x, ok := e.(hclsyntax.Expression); ok {
		return x, nil
	}
	t, diags := hcl.AbsTraversalForExpr(e)
	if diags.HasErrors() {
		return nil, hcl.Diagnostics{diag.Error("invalid-reference", e.Range().Ptr(), "Invalid reference",
			"Write a reference to a resource, such as \"kira_user.maria\".")}
	}
	return &hclsyntax.ScopeTraversalExpr{Traversal: t, SrcRange: e.Range()}, nil
}

// inOrder returns attrs in the order of their places in the file.
func inOrder(attrs hcl.Attributes) []*hcl.Attribute {
	return slices.SortedFunc(maps.Values(attrs), func(a, b *hcl.Attribute) int {
		return cmp.Or(cmp.Compare(a.NameRange.Start.Byte, b.NameRange.Start.Byte), cmp.Compare(a.Name, b.Name))
	})
}
