package eval_test

import (
	"strings"
	"testing"
)

// A message about something that a value lacks says what the value has, unless that is
// a secret.
func TestWhatAValueHasWhereSomethingIsMissing(t *testing.T) {
	const head = `variable "secret" {
  sensitive = true
  default   = { hush = "x" }
}
variable "passing" {
  ephemeral = true
  default   = { hush = "x" }
}
variable "none" {
  type    = object({ a = string })
  default = null
}
locals {
  obj   = { a = 1, b = { c = 2 } }
  list  = ["x", "y"]
  empty = []
  wide  = { aa = 1, ab = 1, ac = 1, ad = 1, ae = 1, af = 1, ag = 1, ah = 1, ai = 1, aj = 1, ak = 1, blue = 1 }
  key   = "z"
}
locals {
  it = `
	for expr, want := range map[string]string{
		`local.obj.z`:            `local.obj has "a", "b".`,
		`local.obj.b.z`:          `local.obj.b has "c".`,
		`local.obj["z"]`:         `local.obj has "a", "b".`,
		`local.obj[local.key]`:   `local.obj has "a", "b".`,
		`local.list[2]`:          `local.list has 2 elements, [0] to [1].`,
		`local.list[1 + 1]`:      `local.list has 2 elements, [0] to [1].`,
		`local.empty[0]`:         `local.empty is empty.`,
		`local.wide.blu`:         `the nearest is "blue".`,
		`local.wide[3]`:          ` more.`, // a number resembles no name
		`var.none.a`:             `var.none is null.`,
		`var.none["a"]`:          `var.none is null.`,
		`var.secret.z`:           ``,
		`var.secret["z"]`:        ``,
		`var.secret[local.key]`:  ``,
		`var.passing.z`:          ``,
		`var.passing[local.key]`: ``,
		`["a"][local.list[0]]`:   ``, // which has no name
		`(true ? local.obj : local.obj)[local.key]`: ``,
	} {
		r := evaluate(t, "-- a.kira.hcl --\n"+head+expr+"\n}\noutput \"o\" {\n  value = nonsensitive(local.it)\n}\n")
		if len(r.diags) == 0 {
			t.Errorf("%s is no mistake", expr)
			continue
		}
		said := r.diags[0].Detail
		if want != "" && !strings.HasSuffix(said, want) {
			t.Errorf("%s: %q does not end with %q", expr, said, want)
		}
		if strings.Contains(said, "hush") || want == "" && (strings.Contains(said, " has ") && !strings.Contains(said, "does not have")) {
			t.Errorf("%s: %q", expr, said)
		}
	}
}
