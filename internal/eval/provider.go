package eval

import (
	"cmp"
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/schema"
)

// environments are the values of a provider's environment.
var environments = []string{"simulator", "sandbox", "production"}

// Provider is the settings of the provider block.
type Provider struct {
	Environment string // "simulator", "sandbox", "production", or "" if not written
	APIVersion  string // "" if not written
	BaseURL     string // "" if not written

	// OwnershipMarks tells to note at Kira, in every object that has room for
	// it, whose it is.
	OwnershipMarks bool

	// EmailTag is put into the e-mail addresses of users, so that a sandbox can
	// have a second copy of them; "" if not written.
	EmailTag string

	// Rate is the most requests that may be sent in a second; 0 if not written.
	Rate float64

	// Credentials is the command, with its arguments, that prints the
	// credentials where the environment has none; nil if not written.
	Credentials []string

	// Of the simulator: how long the person at Kira takes. Zero if not written.
	VerifyAfter, ActivateAfter, PayoutAfter time.Duration
}

// settings evaluates the provider block, which may refer to variables.
func (p *Program) settings() hcl.Diagnostics {
	decl := p.root.decl.Provider
	if decl == nil {
		return nil
	}
	var diags hcl.Diagnostics
	text := func(e hclsyntax.Expression, name string) string {
		s, d := p.setting(e, name)
		diags = append(diags, d...)
		return s
	}
	duration := func(e hclsyntax.Expression, name string) time.Duration {
		s := text(e, name)
		d, err := time.ParseDuration(cmp.Or(s, "0s"))
		if err != nil || d < 0 {
			diags = append(diags, diag.Error("invalid-duration", e.Range().Ptr(), "Invalid duration",
				"%q is not a length of time. Write one such as \"2s\" or \"1m30s\".", s))
			return 0
		}
		return d
	}
	p.provider.APIVersion = text(decl.APIVersion, "api_version")
	diags = append(diags, p.apiVersion(decl)...)
	p.provider.BaseURL = text(decl.BaseURL, "base_url")
	switch marks := text(decl.Marks, "ownership_marks"); marks {
	case "", "false":
	case "true":
		p.provider.OwnershipMarks = true
	default:
		diags = append(diags, diag.Error("wrong-type", decl.Marks.Range().Ptr(), "Wrong type",
			"The argument \"ownership_marks\" takes true or false, not %q.", marks))
	}
	p.provider.Rate, diags = p.rate(decl.Rate, diags)
	p.provider.VerifyAfter = duration(decl.VerifyAfter, "verify_after")
	p.provider.ActivateAfter = duration(decl.ActivateAfter, "activate_after")
	p.provider.PayoutAfter = duration(decl.PayoutAfter, "payout_after")
	p.provider.Credentials, diags = p.command(decl.Credentials, diags)
	env := text(decl.Environment, "environment")
	if env != "" && !slices.Contains(environments, env) {
		diags = append(diags, diag.Error("unknown-environment", decl.Environment.Range().Ptr(), "Unknown environment",
			"There is no environment %q.%s It is \"simulator\", \"sandbox\" or \"production\".", env, diag.DidYouMean(env, environments)))
		return diags
	}
	p.provider.Environment = env
	return append(diags, p.emailTag(decl)...)
}

// spoken is the version of Kira's API that kiraform is made for.
const spoken = "2026-04-14"

// apiVersion judges api_version.
func (p *Program) apiVersion(decl *config.Provider) hcl.Diagnostics {
	switch v := p.provider.APIVersion; {
	case v == "" || v == spoken:
		return nil
	case !schema.Date.Accepts(v):
		return hcl.Diagnostics{diag.Error("invalid-api-version", decl.APIVersion.Range().Ptr(), "No version",
			"Versions of Kira's API are dates, and %q is none. Write %q, or leave api_version out.", v, spoken)}
	default:
		return hcl.Diagnostics{diag.Warning("api-version-untested", decl.APIVersion.Range().Ptr(), "A version that kiraform does not speak",
			"kiraform speaks %s, and answers of %s may have other names and statuses. Write %[1]q, or leave api_version out.", spoken, v)}
	}
}

// rate evaluates requests_per_second.
func (p *Program) rate(e hclsyntax.Expression, diags hcl.Diagnostics) (float64, hcl.Diagnostics) {
	v, d := p.settingOf(e, cty.Number, "requests_per_second", "a number", "the provider block")
	diags = append(diags, d...)
	if v.IsNull() || !v.IsKnown() {
		return 0, diags
	}
	n, _ := v.AsBigFloat().Float64()
	if n < 1 || n > 1000 {
		return 0, append(diags, diag.Error("invalid-rate", e.Range().Ptr(), "Invalid rate",
			"The argument \"requests_per_second\" is the most requests that may be sent in a second. Write a number from 1 to 1000."))
	}
	return n, diags
}

// command evaluates credentials_command.
func (p *Program) command(e hclsyntax.Expression, diags hcl.Diagnostics) ([]string, hcl.Diagnostics) {
	v, d := p.settingOf(e, cty.List(cty.String), "credentials_command", "a command and its arguments: a list of strings", "the provider block")
	diags = append(diags, d...)
	if v.IsNull() || !v.IsWhollyKnown() {
		return nil, diags
	}
	var words []string
	for _, w := range v.AsValueSlice() {
		if w.IsNull() {
			w = cty.StringVal("")
		}
		words = append(words, w.AsString())
	}
	if len(words) == 0 || words[0] == "" {
		return nil, append(diags, diag.Error("no-command", e.Range().Ptr(), "No command",
			"The argument \"credentials_command\" begins with the name of a program, such as [\"pass\", \"kira\"]."))
	}
	return words, diags
}

// setting evaluates one string of the provider block; "" if it is not written,
// not known or wrong.
func (p *Program) setting(e hclsyntax.Expression, name string) (string, hcl.Diagnostics) {
	return p.literalText(e, name, "the provider block")
}

// literalText evaluates a string that may depend on variables only; "" as for
// setting. The block that it stands in is named by where.
func (p *Program) literalText(e hclsyntax.Expression, name, where string) (string, hcl.Diagnostics) {
	v, diags := p.settingOf(e, cty.String, name, "a string", where)
	if v.IsNull() || !v.IsKnown() {
		return "", diags
	}
	return v.AsString(), diags
}

// settingOf evaluates one argument of a block as a value of type ty, which
// takes says in words; null if it is not written or wrong.
func (p *Program) settingOf(e hclsyntax.Expression, ty cty.Type, name, takes, where string) (cty.Value, hcl.Diagnostics) {
	v, diags := p.markedSetting(e, ty, name, takes, where)
	v, _ = v.UnmarkDeep()
	return v, diags
}

// markedSetting is settingOf with the marks of the values that the argument is
// made of.
func (p *Program) markedSetting(e hclsyntax.Expression, ty cty.Type, name, takes, where string) (cty.Value, hcl.Diagnostics) {
	none := cty.NullVal(ty)
	d, diags := p.collect(p.root, e, place{what: where, bare: true})
	if e == nil || diags.HasErrors() {
		return none, diags
	}
	if need := p.blocksOf(d); len(need) > 0 {
		return none, append(diags, diag.Error("invalid-reference", e.Range().Ptr(), "Invalid reference",
			"This depends on %s, and the arguments in %s have to be known before any resource is. Use variables, and local values that need no resource.", need[0], where))
	}
	s, more := p.scope(p.root, "", NewValues(), &d, instance{})
	diags = append(diags, more...)
	v, more := p.value(s, e)
	diags = append(diags, more...)
	v, err := convert.Convert(v, ty)
	if err != nil {
		return none, append(diags, diag.Error("wrong-type", e.Range().Ptr(), "Wrong type", "The argument %q takes %s.", name, takes))
	}
	return v, diags
}
