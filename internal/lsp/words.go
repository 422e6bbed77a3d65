package lsp

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/explain"
	"kiraform/internal/ui/words"
	"kiraform/schema"
)

// providerValues are the values of arguments of the provider block that are fixed.
var providerValues = map[string][]string{
	"environment": {"simulator", "sandbox", "production"},
	"api_version": {"2026-04-14"},
}

// blockTypes are the types of blocks that a file may have.
func blockTypes() (all []explain.Topic) {
	for _, t := range explain.All() {
		if t.Sort == "block" && !strings.Contains(t.Name, ".") && t.Name != "policy" {
			all = append(all, t)
		}
	}
	slices.SortFunc(all, func(a, b explain.Topic) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// kindOf is the schema of the kind that a reference such as data.kira_user.maria names,
// or nil.
func kindOf(reference string) *schema.Kind {
	parts := strings.Split(reference, ".")
	block := "resource"
	if parts[0] == "data" || parts[0] == "action" {
		block, parts = parts[0], parts[1:]
	}
	if len(parts) != 2 {
		return nil
	}
	return kindsOf(block)[parts[0]]
}

func firstSentence(doc string) string {
	doc = strings.Join(strings.Fields(doc), " ")
	if i := strings.Index(doc, ". "); i >= 0 {
		return doc[:i+1]
	}
	return doc
}

// attrDetail is an attribute in few words.
func attrDetail(a *schema.Attr, variant string) string {
	var all []string
	all = append(all, typeName(a))
	switch {
	case a.Computed:
		all = append(all, "set by Kira")
	case a.NeededIn(variant):
		all = append(all, "required")
	default:
		all = append(all, "optional")
	}
	if a.Sensitive {
		all = append(all, "sensitive")
	}
	return strings.Join(all, ", ")
}

func typeName(a *schema.Attr) string {
	switch {
	case a.Nested != nil && a.List:
		return "list of objects"
	case a.Nested != nil:
		return "object"
	case a.Type == cty.NilType || a.Type == cty.DynamicPseudoType:
		return "one of several forms"
	}
	return a.Type.FriendlyName()
}

// attrDoc is all that the schema says of an attribute, in Markdown.
func attrDoc(a *schema.Attr, variant string) string {
	var b strings.Builder
	b.WriteString(strings.Join(strings.Fields(a.Doc), " "))
	b.WriteString("\n\n- " + attrDetail(a, variant) + "\n")
	if v := a.Values(variant); len(v) > 0 {
		fmt.Fprintf(&b, "- one of %s\n", words.Quoted(v...))
	}
	if len(a.For) > 0 {
		fmt.Fprintf(&b, "- for %s only\n", words.Quoted(a.For...))
	}
	if !a.Computed && !a.Local {
		b.WriteString("- " + readable[a.ClassIn(variant)] + "\n")
	}
	if a.Fixed {
		b.WriteString("- cannot change once the object exists\n")
	}
	return b.String()
}

// readable says for each class how much of an attribute can be seen at Kira.
var readable = map[schema.Class]string{
	schema.Echoed:     "Kira shows it, so that a change there is found",
	schema.Unreadable: "Kira never shows it: it is compared with the value that was sent last",
	schema.WriteOnce:  "Kira shows it once, in the answer to the create",
	schema.Merged:     "Kira adds to it and never removes",
}
