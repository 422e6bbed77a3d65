package config

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Tree parses a file in native syntax as far as that is possible: of a file that is
// being typed it returns the parts that make sense. It returns nil for one that is too
// large, or too deeply nested, to be parsed.
func Tree(src []byte, name string) *hclsyntax.Body {
	if guard(src, name, false).HasErrors() {
		return nil
	}
	f, _ := hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	if f == nil {
		return nil
	}
	body, _ := f.Body.(*hclsyntax.Body)
	return body
}

// Reserved reports whether an expression that begins with name refers to no block.
func Reserved(name string) bool {
	return slices.Contains([]string{"each", "count", "self", "path", "kiraform", "terraform", "change", "plan"}, name)
}
