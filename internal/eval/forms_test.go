package eval_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/eval"
	"kiraform/internal/kira"
	"kiraform/schema"
)

// An attribute that has more than one form takes these, and no other.
func TestForms(t *testing.T) {
	own := map[string]*schema.Kind{"kira_thing": {Name: "kira_thing", Attrs: []schema.Attr{
		{Name: "place", Type: cty.DynamicPseudoType, Forms: []cty.Type{cty.String, cty.Map(cty.String)}},
		{Name: "known", Type: cty.DynamicPseudoType, Forms: []cty.Type{cty.Bool, cty.String}},
	}}}
	for src, want := range map[string]string{
		`place = "Calle 2"`:                     "",
		`place = { city = "x", zip = "06600" }`: "",
		`place = { city = "x", zip = 6600 }`:    "",
		`place = { city = "x", zip = 06600 }`:   "digits-lost",
		`place = 0123`:                          "digits-lost",
		`place = { city = true }`:               "wrong-type",
		`place = { city = ["x"] }`:              "wrong-type",
		`place = ["x"]`:                         "wrong-type",
		`place = true`:                          "wrong-type",
		`known = true`:                          "",
		`known = "no"`:                          "",
		`known = 1`:                             "wrong-type",
		`known = { a = "x" }`:                   "wrong-type",
		`place = { for k in ["a"] : k => k }`:   "",
	} {
		m, diags := config.Load(files(`resource "kira_thing" "a" { ` + "\n" + src + "\n}"))
		r := evaluateAll(t, m, own)
		var got []string
		for _, d := range append(diags, r...) {
			got = append(got, string(diag.CodeOf(d)))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %v, want %q", src, got, want)
		}
	}
}

// The version that a request names is a date, and at best the one that the
// transport speaks.
func TestAPIVersion(t *testing.T) {
	for version, want := range map[string]string{kira.Version: "", "banana": "main.kira.hcl:1,42 invalid-api-version\n", "2026-06-01": "main.kira.hcl:1,42 api-version-untested\n"} {
		r := evaluate(t, `provider "kira" { api_version =          "`+version+`" }`)
		if got := lines(r.diags); got != want {
			t.Errorf("%s: got %q, want %q", version, got, want)
		}
	}
}

func evaluateAll(t *testing.T, m *config.Module, own map[string]*schema.Kind) hcl.Diagnostics {
	t.Helper()
	p, diags := eval.Compile(m, eval.Options{Kinds: own})
	values := eval.NewValues()
	for _, block := range p.Blocks().Order() {
		values.Expand(block, []addr.Resource{block})
		_, d := p.Eval(block, values)
		diags = append(diags, d...)
	}
	return diags
}
