package explain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/config"
	"kiraform/schema"
)

// form describes the values of an attribute.
func form(a *schema.Attr) string {
	switch {
	case a.Nested != nil && a.List:
		return "a list of objects"
	case a.Nested != nil:
		return "an object"
	case len(a.Forms) > 0:
		var all []string
		for _, t := range a.Forms {
			all = append(all, typeWords(t))
		}
		return strings.Join(all, ", or ")
	}
	text := typeWords(a.Type)
	if words, _ := a.Format.Words(); words != "" && a.Type == cty.String {
		text += ": " + words
	} else if words != "" {
		text += ", each of them " + words
	}
	return text
}

func typeWords(t cty.Type) string {
	switch {
	case t == cty.NilType, t == cty.DynamicPseudoType:
		return "any value"
	case t == cty.String:
		return "a text"
	case t == cty.Number:
		return "a number"
	case t == cty.Bool:
		return "true or false"
	case t.IsListType(), t.IsSetType():
		return "a list, each entry " + typeWords(t.ElementType())
	case t.IsMapType():
		return "a map, each value " + typeWords(t.ElementType())
	}
	return "an object"
}

// values lists the accepted values, by variant where those differ.
func values(a *schema.Attr, k *schema.Kind) string {
	all := strings.Join(a.OneOf, ", ")
	if len(a.OneOfFor) > 0 {
		var parts []string
		for _, variant := range k.Variants() {
			if own := a.Values(variant); a.Applies(variant) {
				parts = append(parts, variant+": "+strings.Join(own, ", "))
			}
		}
		all = strings.Join(parts, "; ")
	}
	if all != "" && a.Open {
		all += "; others may be known to Kira, and are a warning"
	}
	return all
}

// samples are values of each form.
var samples = map[schema.Format]string{
	schema.Date: `"1990-05-15"`, schema.Email: `"maria@example.com"`, schema.E164: `"+525512345678"`, schema.Alpha2: `"MX"`,
	schema.Alpha3: `"MEX"`, schema.EIN: `"12-3456789"`, schema.HTTPURL: `"https://example.com/kira"`, schema.YesNo: `"no"`,
	schema.ABA: `"021000021"`, schema.CLABE: `"002010077777777771"`, schema.BIC: `"BNMXMXMM"`, schema.Decimal: `"100.00"`,
	schema.Document: `"data:image/jpeg;base64,${filebase64("front.jpg")}"`, schema.UUID: `"0d7f6f0e-5f0a-4c0e-9a53-2c1c8b0d4e11"`,
}

// example is a line, or lines, in which an attribute is written.
func example(a *schema.Attr) string {
	return formatted(a.Name + " = " + strings.Join(exampleValue(a, ""), "\n"))
}

// formatted is an example as fmt would write it.
func formatted(src string) string {
	out, _ := config.Format("example", []byte(src))
	return strings.TrimRight(string(out), "\n")
}

// exampleValue is the lines of a value, in a variant.
func exampleValue(a *schema.Attr, variant string) []string {
	switch {
	case a.Nested != nil:
		open, end := "{", "}"
		if a.List {
			open, end = "[{", "}]"
		}
		lines := []string{open}
		inner := exampleAttrs(a.Nested, variant)
		if len(inner) == 0 { // none has to be written: the first one stands for all
			inner = exampleAttr(&a.Nested[0], variant)
		}
		for _, l := range inner {
			lines = append(lines, "  "+l)
		}
		return append(lines, end)
	case a.Sensitive:
		return []string{"var." + a.Name}
	case a.Ref != "":
		return []string{a.Ref + ".NAME.id"}
	}
	if own := a.Values(variant); len(own) > 0 {
		value := fmt.Sprintf("%q", own[0])
		if i := slices.Index(own, variant); i >= 0 {
			value = fmt.Sprintf("%q", own[i])
		}
		if a.Type != cty.String && a.Type != cty.DynamicPseudoType && !a.Type.IsPrimitiveType() {
			value = "[" + value + "]"
		}
		return []string{value}
	}
	t := a.Type
	if len(a.Forms) > 0 {
		t = a.Forms[0]
	}
	return []string{exampleOf(t, a)}
}

func exampleOf(t cty.Type, a *schema.Attr) string {
	sample := samples[a.Format]
	switch {
	case t == cty.Bool:
		return "true"
	case t == cty.Number:
		return "1"
	case t.IsListType(), t.IsSetType():
		return "[" + exampleOf(t.ElementType(), a) + "]"
	case t.IsMapType():
		return "{ name = " + exampleOf(t.ElementType(), a) + " }"
	case sample != "":
		return sample
	}
	return `"..."`
}

func exampleAttr(a *schema.Attr, variant string) []string {
	lines := exampleValue(a, variant)
	lines[0] = a.Name + " = " + lines[0]
	return lines
}

// exampleAttrs writes all that has to be written in a variant.
func exampleAttrs(attrs []schema.Attr, variant string) (lines []string) {
	for i := range attrs {
		if a := &attrs[i]; !a.Computed && a.NeededIn(variant) {
			lines = append(lines, exampleAttr(a, variant)...)
		}
	}
	return lines
}

// blockExample is the example of a kind as a block, behind the variables that it uses.
func blockExample(sort string, k *schema.Kind) string {
	var b strings.Builder
	for _, m := range variable.FindAllStringSubmatch(k.Example, -1) {
		fmt.Fprintf(&b, "variable %q {\n  type      = string\n  sensitive = true\n}\n\n", m[1])
	}
	block := map[string]string{"resource kind": "resource", "action": "action", "data source": "data"}[sort]
	fmt.Fprintf(&b, "%s %q \"NAME\" {\n", block, k.Name)
	body := k.Example
	if sort == "action" {
		body = "config {\n" + body + "\n}"
	}
	b.WriteString(strings.TrimLeft(body+"\n}", "\n"))
	return formatted(b.String())
}

// variable is a variable that an example uses.
var variable = regexp.MustCompile(`\bvar\.(\w+)`)

// writtenIn are the attributes of the example of a kind, as they stand in it.
func writtenIn(src string) map[string]string {
	file, diags := hclsyntax.ParseConfig([]byte(src), "example", hcl.InitialPos)
	if diags.HasErrors() {
		return nil // a test finds it
	}
	all := make(map[string]string)
	for name, a := range file.Body.(*hclsyntax.Body).Attributes {
		all[name] = formatted(string(a.SrcRange.SliceBytes([]byte(src))))
	}
	return all
}
