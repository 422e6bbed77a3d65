package tell

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/lang"
)

// Expression writes a value as an expression that gives it, as far as it may be
// shown. Lines after the first begin with indent.
func Expression(v cty.Value, indent string) string {
	return ExpressionAs(v, indent, "(known after apply)")
}

// ExpressionAs is [Expression] with a text for values that are not known.
func ExpressionAs(v cty.Value, indent, unknown string) string {
	if v.HasMark(lang.Sensitive) {
		return "(sensitive value)"
	}
	if v.HasMark(lang.Ephemeral) {
		return "(ephemeral value)"
	}
	v, _ = v.Unmark()
	ty := v.Type()
	switch {
	case !v.IsKnown():
		return unknown
	case v.IsNull():
		return nullText(ty)
	case ty == cty.String && strings.Contains(v.AsString(), "\n"):
		return heredoc(v.AsString(), indent)
	case ty.IsPrimitiveType():
		return string(hclwrite.TokensForValue(v).Bytes())
	case ty.IsListType():
		return "tolist(" + listText(v, indent, unknown) + ")"
	case ty.IsSetType():
		return "toset(" + listText(v, indent, unknown) + ")"
	case ty.IsTupleType():
		return listText(v, indent, unknown)
	case ty.IsMapType():
		return "tomap(" + objectText(v, indent, unknown) + ")"
	case ty.IsObjectType():
		return objectText(v, indent, unknown)
	}
	return "(" + ty.FriendlyName() + ")"
}

func nullText(ty cty.Type) string {
	switch ty {
	case cty.String:
		return "tostring(null)"
	case cty.Number:
		return "tonumber(null)"
	case cty.Bool:
		return "tobool(null)"
	}
	return "null"
}

func heredoc(s, indent string) string {
	var b strings.Builder
	b.WriteString("<<-EOT\n")
	for line := range strings.Lines(s) {
		b.WriteString(indent + "  " + strings.TrimSuffix(line, "\n") + "\n")
	}
	return b.String() + indent + "EOT"
}

func listText(v cty.Value, indent, unknown string) string {
	if v.LengthInt() == 0 {
		return "[]"
	}
	var b strings.Builder
	b.WriteString("[\n")
	for it := v.ElementIterator(); it.Next(); {
		_, e := it.Element()
		fmt.Fprintf(&b, "%s  %s,\n", indent, ExpressionAs(e, indent+"  ", unknown))
	}
	return b.String() + indent + "]"
}

func objectText(v cty.Value, indent, unknown string) string {
	all := v.AsValueMap()
	if len(all) == 0 {
		return "{}"
	}
	var b strings.Builder
	b.WriteString("{\n")
	for _, name := range slices.Sorted(maps.Keys(all)) {
		key := string(hclwrite.TokensForValue(cty.StringVal(name)).Bytes())
		fmt.Fprintf(&b, "%s  %s = %s\n", indent, key, ExpressionAs(all[name], indent+"  ", unknown))
	}
	return b.String() + indent + "}"
}
