package config

import (
	"math"
	"math/big"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/diag"
)

// Kiraform is the kiraform block: the demands of the configuration on the
// program.
type Kiraform struct {
	RequiredVersion string // a constraint, or "" for any
	VersionRange    hcl.Range
	MaxChanges      *int // the most resources that one apply may touch; nil for any number
	MaxRange        hcl.Range
	Backend         *Backend // nil if there is no such block
	MaxPayout       string   // the most that payouts may come to in a day, as a decimal; "" for any amount
	PayoutRange     hcl.Range
	Encryption      *Encryption // nil if there is no such block
	Rules           *Rules      // nil if there is no such block
	DefRange        hcl.Range

	constraint version.Constraints
}

// Encryption is the encryption block: whom the state is stored for.
type Encryption struct {
	Recipients []string // public keys of age; none to store it in clear
	Range      hcl.Range
	DefRange   hcl.Range
}

// Rules is the rules block: the offline checks that are turned down, by id.
type Rules struct {
	Warn      []string // are warnings, whatever they find
	Off       []string // say nothing
	WarnRange hcl.Range
	OffRange  hcl.Range
	DefRange  hcl.Range
}

// Provider is the provider "kira" block: which Kira is meant, and how to talk
// to it. Expressions that are not written are nil. Credentials are never here.
type Provider struct {
	Environment   hclsyntax.Expression
	APIVersion    hclsyntax.Expression
	BaseURL       hclsyntax.Expression
	Marks         hclsyntax.Expression // ownership_marks
	Rate          hclsyntax.Expression // requests_per_second
	EmailTag      hclsyntax.Expression
	Credentials   hclsyntax.Expression // credentials_command: a command and its arguments
	VerifyAfter   hclsyntax.Expression
	ActivateAfter hclsyntax.Expression
	PayoutAfter   hclsyntax.Expression
	DefRange      hcl.Range
}

// CheckVersion reports an error if this configuration wants another version of
// the program than the one that runs.
func (m *Module) CheckVersion(running string) (diags hcl.Diagnostics) {
	for _, x := range m.Modules() {
		diags = append(diags, x.checkVersion(running)...)
	}
	return diags
}

func (m *Module) checkVersion(running string) hcl.Diagnostics {
	if m.Kiraform == nil || m.Kiraform.constraint == nil {
		return nil
	}
	v, err := version.NewVersion(running)
	if err != nil {
		panic("config: the program's version is malformed: " + err.Error())
	}
	// A build before a release counts as the release, or no constraint that
	// names it could be tried out.
	if m.Kiraform.constraint.Check(v.Core()) {
		return nil
	}
	return hcl.Diagnostics{diag.Error("wrong-version", &m.Kiraform.VersionRange, "Wrong version of kiraform",
		"This configuration needs kiraform %s, and this is %s. Install a version that fits.", m.Kiraform.RequiredVersion, running)}
}

var kiraformSchema = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{{Name: "required_version"}, {Name: "max_changes"}, {Name: "max_payout"}},
	Blocks:     []hcl.BlockHeaderSchema{{Type: "backend", LabelNames: []string{"type"}}, {Type: "encryption"}, {Type: "rules"}},
}

func (m *Module) addKiraform(b *hcl.Block) hcl.Diagnostics {
	if m.Kiraform != nil {
		return hcl.Diagnostics{second(b, m.Kiraform.DefRange)}
	}
	k := &Kiraform{DefRange: b.DefRange}
	m.Kiraform = k
	c, diags := content(b.Body, kiraformSchema)
	for _, b := range c.Blocks {
		switch b.Type {
		case "encryption":
			diags = append(diags, k.addEncryption(b)...)
		case "rules":
			diags = append(diags, k.addRules(b)...)
		case "backend":
			diags = append(diags, k.addBackend(b)...)
		}
	}
	diags = append(diags, k.limit(c.Attributes)...)
	diags = append(diags, k.limitPayouts(c.Attributes)...)
	a, ok := c.Attributes["required_version"]
	if !ok {
		return diags
	}
	k.VersionRange = a.Expr.Range()
	s, d := literal(a, cty.String)
	diags = append(diags, d...)
	if d.HasErrors() {
		return diags
	}
	k.RequiredVersion = s.AsString()
	constraint, err := version.NewConstraint(k.RequiredVersion)
	if err != nil {
		return append(diags, diag.Error("invalid-version", &k.VersionRange, "Invalid version constraint",
			"%q is not a version constraint. Write one such as \">= 0.1\".", k.RequiredVersion))
	}
	k.constraint = constraint
	return diags
}

// limit reads max_changes.
func (k *Kiraform) limit(attrs hcl.Attributes) (diags hcl.Diagnostics) {
	v, ok := optional(attrs, "max_changes", cty.Number, &diags)
	if !ok {
		return diags
	}
	k.MaxRange = attrs["max_changes"].Expr.Range()
	n, exact := v.AsBigFloat().Int64()
	if exact != big.Exact || n < 0 || n > math.MaxInt32 {
		return append(diags, diag.Error("invalid-limit", &k.MaxRange, "Invalid limit",
			"The argument \"max_changes\" takes a whole number, of zero or more. Write how many resources one apply may touch."))
	}
	k.MaxChanges = new(int(n))
	return diags
}

var providerSchema = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{{Name: "environment"}, {Name: "api_version"}, {Name: "base_url"}, {Name: "ownership_marks"}, {Name: "requests_per_second"}, {Name: "email_tag"}, {Name: "credentials_command"}},
	Blocks:     []hcl.BlockHeaderSchema{{Type: "simulator"}},
}

var simulatorSchema = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{{Name: "verify_after"}, {Name: "activate_after"}, {Name: "payout_after"}},
}

func (m *Module) addProvider(b *hcl.Block) hcl.Diagnostics {
	if b.Labels[0] != "kira" {
		return hcl.Diagnostics{diag.Error("unknown-provider", &b.LabelRanges[0], "Unknown provider",
			"The only provider is \"kira\". Write provider \"kira\".")}
	}
	if m.Provider != nil {
		return hcl.Diagnostics{second(b, m.Provider.DefRange)}
	}
	c, diags := content(b.Body, providerSchema)
	p := &Provider{DefRange: b.DefRange}
	m.Provider = p
	p.Environment = expression(c.Attributes, "environment", &diags)
	p.APIVersion = expression(c.Attributes, "api_version", &diags)
	p.BaseURL = expression(c.Attributes, "base_url", &diags)
	p.Marks = expression(c.Attributes, "ownership_marks", &diags)
	p.Rate = expression(c.Attributes, "requests_per_second", &diags)
	p.EmailTag = expression(c.Attributes, "email_tag", &diags)
	p.Credentials = expression(c.Attributes, "credentials_command", &diags)
	for i, sim := range c.Blocks {
		if i > 0 {
			diags = append(diags, second(sim, c.Blocks[0].DefRange))
			break
		}
		c, d := content(sim.Body, simulatorSchema)
		diags = append(diags, d...)
		p.VerifyAfter = expression(c.Attributes, "verify_after", &diags)
		p.ActivateAfter = expression(c.Attributes, "activate_after", &diags)
		p.PayoutAfter = expression(c.Attributes, "payout_after", &diags)
	}
	return diags
}

// second reports a block of which there may be only one.
func second(b *hcl.Block, first hcl.Range) *hcl.Diagnostic {
	return diag.Error("duplicate-block", &b.DefRange, "Duplicate block",
		"There is a %q block already, at %s. Merge the two.", b.Type, Place(first))
}
