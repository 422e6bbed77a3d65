package eval_test

import "testing"

// Twelve mistakes of twelve sorts in two files; each is reported once, at its place.
func TestAllMistakesAtOnce(t *testing.T) {
	r := evaluate(t, `-- a.kira.hcl --
resource "kira_user" "one" {
  emial = "a@example.com"
  owner = {
    nmae = "Ana"
    born = "1990-02-31"
  }
  age = "old"
}

resource "kira_user" "two" {
  email = var.adress
  id    = "u1"
  persons = [
    { email = "p@example.com" },
    { email = kira_user.tow.email },
  ]
}

resource "kira_acount" "three" {}
-- b.kira.hcl --
variable "address" {
  type    = number
  default = "x"
}

locals {
  sum = 1 + "b"
}

resource "kira_account" "four" {
  user_id  = kira_user.one.identity
  provider = local.sum
  for_each = ["a"]
}
`)
	want := `a.kira.hcl:2,3 unexpected-attribute
a.kira.hcl:4,5 unexpected-attribute
a.kira.hcl:5,12 invalid-date
a.kira.hcl:7,9 wrong-type
a.kira.hcl:11,11 undeclared-variable
a.kira.hcl:12,3 computed-attribute
a.kira.hcl:15,15 undeclared-resource
a.kira.hcl:19,10 unknown-kind
b.kira.hcl:3,13 invalid-value
b.kira.hcl:7,13 invalid-expression
b.kira.hcl:11,28 unknown-attribute
b.kira.hcl:13,14 invalid-for-each
`
	if got := lines(r.diags); got != want {
		t.Errorf("got\n%swant\n%s%v", got, want, r.diags)
	}
}
