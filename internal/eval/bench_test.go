package eval_test

import (
	"fmt"
	"strings"
	"testing"
)

// chained is n users, n accounts that follow them, and a list of all.
func chained(n int) string {
	var b strings.Builder
	b.WriteString("locals {\n  people = {\n")
	for i := range n {
		fmt.Fprintf(&b, "    p%d = { email = \"p%d@example.com\" }\n", i, i)
	}
	b.WriteString(`  }
}
resource "kira_user" "u" {
  for_each = local.people
  email    = each.value.email
  type     = "individual"
  owner    = { name = each.key }
}
resource "kira_account" "chained" {
  for_each = kira_user.u
  user_id  = each.value.id
}
resource "kira_account" "keyed" {
  for_each = local.people
  user_id  = kira_user.u[each.key].id
  label    = "one of ${local.total}, ${lookup(local.people, each.key).email}"
}
locals {
  ids   = [for u in kira_user.u : u.id]
  total = length(local.ids)
}
output "ids" { value = local.ids }
`)
	return b.String()
}

// Time and memory must grow with n, not with its square: compare ns/op.
func BenchmarkChained(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			src := chained(n)
			for b.Loop() {
				r := evaluate(b, src)
				quiet(b, r.diags)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*3*n), "µs/resource")
		})
	}
}
