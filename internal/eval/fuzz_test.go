package eval_test

import (
	"testing"
	"testing/fstest"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/config"
	"kiraform/internal/eval"
	"kiraform/internal/lang"
)

// Whatever is in a file, it is evaluated or refused, in both syntaxes.
func FuzzLoad(f *testing.F) {
	for _, src := range []string{
		chained(2),
		`resource "kira_user" "a" { email = kira_user.b[each.key].id }`,
		`variable "v" { type = object({ a = optional(list(string), ["x"]) }) }`,
		`variable "v" {
  default = { a = 1 }
  type = map(any)
  validation {
    condition     = can(var.v.a)
    error_message = "x${var.v}"
  }
}`,
		`locals { a = [for k, v in { x = 1 } : v if k != ""]... }`,
		`resource "kira_user" "a" {
  count = 2
  email = kira_user.a[*].email
  persons = [{ email = null }, { emial = 1 }]
  lifecycle { replace_triggered_by = [kira_user.a[count.index]] }
}`,
		`provider "kira" { environment = var.x }`,
		moved("kira_user.a > kira_user.b", "kira_user.b > kira_user.a[0]", "kira_user.a[0] > kira_user.a", "kira_usr.a > module.m.kira_user.a"),
		`{"resource": {"kira_user": {"a": {"email": "${1 + 1}", "for_each": ["a"], "persons": [{"email": "${each.key}"}]}}}}`,
		`{"variable": {"v": {"type": "list(string)", "default": []}}, "output": {"o": {"value": "${var.v[0]}"}}}`,
		`{"locals": [{"a": "%{ if true }x%{ endif }"}, null], "kiraform": {"required_version": ">= 0"}}`,
	} {
		f.Add([]byte(src))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, name := range []string{"main.kira.hcl", "main.kira.json"} {
			fsys := fstest.MapFS{name: {Data: src}}
			m, _ := config.Load(fsys)
			inputs, _ := config.Values(m, nil, fsys, nil)
			p, _ := eval.Compile(m, eval.Options{Kinds: kinds, Inputs: inputs, Functions: lang.Functions(fsys)})
			v := eval.NewValues()
			for _, block := range p.Blocks().Order() {
				instances, _ := p.Expand(block, v)
				v.Expand(block, instances)
				for _, a := range instances[:min(len(instances), 10)] {
					r, diags := p.Eval(a, v)
					if !diags.HasErrors() {
						v.Set(a, planned(kinds[a.Kind], r.Config))
					}
					p.Check(a, eval.Now(cty.DynamicVal), v)
				}
			}
			p.Outputs(v)
		}
	})
}
