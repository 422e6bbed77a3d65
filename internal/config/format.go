package config

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// Format returns src, a file in HCL's native syntax called name, in the
// canonical style. What is not HCL comes back unchanged, with diagnostics.
func Format(name string, src []byte) ([]byte, hcl.Diagnostics) {
	if diags := guard(src, name, false); diags.HasErrors() {
		return src, diags
	}
	if _, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos); diags.HasErrors() {
		return src, diags
	}
	return hclwrite.Format(src), nil
}
