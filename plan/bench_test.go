package plan_test

import (
	"fmt"
	"testing"
	"testing/fstest"

	"kiraform/internal/config"
	"kiraform/internal/eval"
	"kiraform/internal/lang"
	"kiraform/plan"
	"kiraform/state"
)

// BenchmarkModules loads, compiles and plans n resources in modules: a hundred
// regions, each with modules of a user and its account. Time must grow with n, not
// with its square: compare µs/resource. docs/language.md has the figures.
func BenchmarkModules(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			files := fstest.MapFS{
				"main.kira.hcl": {Data: fmt.Appendf(nil, `
module "region" {
  source   = "./region"
  for_each = { for r in range(100) : "r${r}" => [for p in range(%d) : "p${p}-${r}@example.com"] }
  people   = each.value
}
output "ids" {
  value = values(module.region)[*].ids
}`, n/200)},
				"region/main.kira.hcl": {Data: []byte(`
variable "people" {
  type = list(string)
}
module "person" {
  source   = "../person"
  for_each = toset(var.people)
  email    = each.key
}
output "ids" {
  value = values(module.person)[*].id
}`)},
				"person/main.kira.hcl": {Data: []byte(`
variable "email" {
  type = string
}
resource "user" "u" {
  email = lower(var.email)
}
resource "account" "a" {
  user_id = user.u.id
}
output "id" {
  value = account.a.id
}`)},
			}
			for b.Loop() {
				m, diags := config.Load(files)
				p, more := eval.Compile(m, eval.Options{Kinds: kinds, Functions: lang.Functions(files)})
				made, last := plan.Make(plan.Input{Program: p, Prior: state.New("l"), Kinds: kinds, Key: key})
				if diags = append(append(diags, more...), last...); diags.HasErrors() || len(made.Changes) != n {
					b.Fatal(len(made.Changes), diags)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n), "µs/resource")
		})
	}
}
