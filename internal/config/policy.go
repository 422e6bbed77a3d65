package config

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/diag"
)

// PolicySuffix is the ending of the files that have policies.
const PolicySuffix = ".kirapolicy.hcl"

// IsPolicyFile reports whether a file has policies by its name, or was meant to.
func IsPolicyFile(name string) bool {
	return strings.HasSuffix(name, PolicySuffix) || strings.HasSuffix(name, ".kirapolicy.json")
}

// The levels of a policy.
const (
	Deny = "deny" // a plan against it is not carried out
	Warn = "warn"
)

// Policy is a rule that plans are judged by.
type Policy struct {
	Name     string
	Resource string // the kind that it is about; "" means every kind
	Level    string
	Condition
	Digest string // of the block as it is written
}

// PolicyFolder is a folder with policies. Its files are shown below Name.
type PolicyFolder struct {
	Name string
	FS   fs.FS
}

var policySchema = &hcl.BodySchema{Attributes: []hcl.AttributeSchema{
	{Name: "resource"}, {Name: "level"}, {Name: "condition", Required: true}, {Name: "error_message", Required: true}}}

// Policies reads the policies of folders, in their order. The module keeps the files
// for showing source lines.
func (m *Module) Policies(folders ...PolicyFolder) (all []*Policy, diags hcl.Diagnostics) {
	for _, in := range folders {
		names, err := list(in.FS, IsPolicyFile)
		if err != nil {
			diags = append(diags, diag.Error("unreadable-file", nil, "Cannot read the folder",
				"The policies in %q cannot be listed: %s. Check the path and its permissions.", in.Name, err))
		}
		for _, name := range names {
			if !strings.HasSuffix(name, PolicySuffix) {
				diags = append(diags, diag.Error("invalid-policy", nil, "Not a file of policies",
					"Policies are read from files whose names end in %s, and %s does not. It would be left out without a word. Write it in HCL, or rename it.",
					PolicySuffix, path.Join(in.Name, name)))
				continue
			}
			some, d := m.policies(in, name)
			all, diags = append(all, some...), append(diags, d...)
		}
	}
	seen := make(map[string]*Policy)
	for _, p := range all {
		if other := seen[p.Name]; other != nil {
			diags = append(diags, diag.Error("duplicate-block", &p.DefRange, "Duplicate policy",
				"There is a policy %q at %s line %d already. Give one of them another name.", p.Name, other.DefRange.Filename, other.DefRange.Start.Line))
		}
		seen[p.Name] = p
	}
	return all, diags
}

func (m *Module) policies(in PolicyFolder, name string) (all []*Policy, diags hcl.Diagnostics) {
	src, err := read(in.FS, name)
	shown := path.Join(in.Name, name)
	if err != nil {
		return nil, hcl.Diagnostics{diag.Error("unreadable-file", nil, "Cannot read file",
			"%s. Check that the file is there and that you may read it.", unread(err))}
	}
	f, diags := m.parseSource(src, shown)
	if diags.HasErrors() {
		return nil, diags
	}
	c, d := content(f.Body, &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: "policy", LabelNames: []string{"name"}}}})
	diags = append(diags, d...)
	for _, b := range c.Blocks {
		p, d := policy(b)
		diags = append(diags, d...)
		if body, ok := b.Body.(*hclsyntax.Body); ok {
			text := src[b.DefRange.Start.Byte:body.SrcRange.End.Byte]
			sum := sha256.Sum256(text)
			p.Digest = hex.EncodeToString(sum[:])
		}
		all = append(all, p)
	}
	return all, diags
}

func policy(b *hcl.Block) (*Policy, hcl.Diagnostics) {
	c, diags := content(b.Body, policySchema)
	p := &Policy{Name: b.Labels[0], Resource: text(c.Attributes, "resource", &diags), Level: text(c.Attributes, "level", &diags)}
	p.Condition = Condition{
		Condition:    expression(c.Attributes, "condition", &diags),
		ErrorMessage: expression(c.Attributes, "error_message", &diags),
		DefRange:     b.DefRange,
	}
	switch a := c.Attributes["level"]; {
	case p.Level == "":
		p.Level = Deny
	case p.Level != Deny && p.Level != Warn:
		diags = append(diags, diag.Error("invalid-policy", a.Expr.Range().Ptr(), "No such level",
			"The level of a policy is %q or %q, not %q.", Deny, Warn, p.Level))
	}
	return p, diags
}
