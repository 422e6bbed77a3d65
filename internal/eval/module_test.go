package eval_test

import (
	"fmt"
	"strings"
	"testing"

	"kiraform/internal/diag"
)

const team = `
-- main.kira.hcl --
module "team" {
  source   = "./team"
  for_each = { mx = ["ana", "bob"], us = ["eva"] }
  people   = each.value
}
module "late" {
  source     = "./late"
  first      = module.team["mx"].ids[0]
  depends_on = [module.team]
}
resource "kira_account" "first" { user_id = module.team["us"].ids[0] }
resource "kira_account" "all" {
  count   = length(module.team)
  user_id = values(module.team)[count.index].ids[0]
}
resource "kira_account" "last" {
  user_id    = "u"
  depends_on = [module.late]
}
-- team/main.kira.hcl --
variable "people" { type = list(string) }
resource "kira_user" "u" {
  for_each = toset(var.people)
  email    = each.key
}
output "ids" { value = [for p in var.people : kira_user.u[p].id] }
-- late/main.kira.hcl --
variable "first" {}
resource "kira_user" "one" { email = "one" }
resource "kira_account" "a" { user_id = kira_user.one.id }
output "first" { value = var.first }
`

// An instance in a module has the needs of its own expressions and of the calls
// of its modules, and none of other instances.
func TestModuleNeeds(t *testing.T) {
	r := evaluate(t, strings.TrimPrefix(team, "\n"))
	quiet(t, r.diags)
	for address, want := range map[string]string{
		`module.team["mx"].kira_user.u["ana"]`: "",
		`kira_account.first`:                   `module.team["us"].kira_user.u["eva"]`,
		`kira_account.all[0]`:                  `module.team["mx"].kira_user.u["ana"] module.team["mx"].kira_user.u["bob"] module.team["us"].kira_user.u["eva"]`,
		`module.late.kira_user.one`:            `module.team["mx"].kira_user.u["ana"] module.team["mx"].kira_user.u["bob"] module.team["us"].kira_user.u["eva"]`,
		`kira_account.last`:                    `module.late.kira_account.a module.late.kira_user.one`,
	} {
		if got := r.needs(address); got != want {
			t.Errorf("%s needs %s; want %s", address, got, want)
		}
	}
}

// Mistakes of a module that is called twice are reported once.
func TestModuleMistakesOnce(t *testing.T) {
	r := evaluate(t, `-- main.kira.hcl --
module "a" { source = "./m" }
module "b" { source = "./m" }
-- m/main.kira.hcl --
resource "kira_user" "u" { emial = "x" }
output "x" { value = var.nothing }
`)
	if got := len(diag.Sort(r.diags)); got != 2 {
		t.Errorf("%d diagnostics: %v", got, r.diags)
	}
}

// A mistake is reported, whoever comes upon it first, and if nothing uses the
// part that it is in.
func TestModuleMistakesAreNotLost(t *testing.T) {
	for src, want := range map[string]string{
		`module "m" {
  source   = "./m"
  for_each = toset(concat(toset(["a"]), ["x"]))
}
module "n" {
  source = "./m"
  count  = length(values(module.m)[*].o)
}`: "main.kira.hcl:3,27 function-failed\n",
		`module "m" {
  source = "./m"
  w      = "given"
}`: "m/main.kira.hcl:4,13 invalid-value\n",
	} {
		m := `output "o" { value = "x" }
`
		if strings.Contains(want, "m/main") {
			m += "variable \"w\" {\n  type    = string\n  default = [1]\n}\n"
		}
		r := evaluate(t, "-- main.kira.hcl --\n"+src+"\n-- m/main.kira.hcl --\n"+m)
		if got := lines(r.diags); got != want {
			t.Errorf("%s\ngot  %swant %s", src, got, want)
		}
	}
}

// teams is n modules of a user and an account each.
func teams(n int) string {
	var b strings.Builder
	b.WriteString("-- main.kira.hcl --\nlocals {\n  people = {\n")
	for i := range n {
		fmt.Fprintf(&b, "    p%d = \"p%d@example.com\"\n", i, i)
	}
	b.WriteString(`  }
}
module "m" {
  source   = "./m"
  for_each = local.people
  email    = each.value
}
output "ids" { value = values(module.m)[*].id }
-- m/main.kira.hcl --
variable "email" { type = string }
locals { mail = lower(var.email) }
resource "kira_user" "u" { email = local.mail }
resource "kira_account" "a" { user_id = kira_user.u.id }
output "id" { value = kira_account.a.id }
`)
	return b.String()
}

// Time and memory must grow with n, not with its square: compare ns/op.
func BenchmarkModules(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			src := teams(n)
			for b.Loop() {
				r := evaluate(b, src)
				quiet(b, r.diags)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*2*n), "µs/resource")
		})
	}
}
