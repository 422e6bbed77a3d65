package eval_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/eval"
	"kiraform/internal/lang"
)

func Example() {
	m, diags := config.Load(files(`
		variable "domain" { default = "example.com" }
		resource "kira_user" "staff" {
			for_each = toset(["ana", "bob"])
			email    = "${each.key}@${var.domain}"
		}
		resource "kira_account" "ana" { user_id = kira_user.staff["ana"].id }
	`))
	p, more := eval.Compile(m, eval.Options{Kinds: kinds, Functions: lang.Functions(nil)})
	diags = append(diags, more...)

	values := eval.NewValues()
	for _, block := range p.Blocks().Order() {
		instances, more := p.Expand(block, values)
		diags = append(diags, more...)
		values.Expand(block, instances)
		for _, a := range instances {
			r, more := p.Eval(a, values)
			diags = append(diags, more...)
			values.Set(a, planned(kinds[a.Kind], r.Config))
			fmt.Println(a, "needs", r.Needs)
		}
	}
	fmt.Println(len(diags), "diagnostics")
	// Output:
	// kira_user.staff["ana"] needs []
	// kira_user.staff["bob"] needs []
	// kira_account.ana needs [kira_user.staff["ana"]]
	// 0 diagnostics
}

func TestValues(t *testing.T) {
	for name, tt := range map[string]struct {
		src, address, attr string
		want               cty.Value
	}{
		"a literal":                   {`resource "kira_user" "a" { email = "x" }`, "kira_user.a", "email", cty.StringVal("x")},
		"what is not written is null": {`resource "kira_user" "a" { email = "x" }`, "kira_user.a", "age", cty.NullVal(cty.Number)},
		"a string becomes the number that is wanted": {`resource "kira_user" "a" {
			email = "x"
			age   = "7"
		}`, "kira_user.a", "age", cty.NumberIntVal(7)},
		"nested objects are filled with nulls": {`resource "kira_user" "a" {
			email = "x"
			owner = { name = "Ana" }
		}`, "kira_user.a", "owner", cty.ObjectVal(map[string]cty.Value{"name": cty.StringVal("Ana"), "born": cty.NullVal(cty.String)})},
		"count.index": {`resource "kira_user" "a" {
			count = 3
			email = "u${count.index}"
		}`, "kira_user.a[2]", "email", cty.StringVal("u2")},
		"each.value of a map": {`resource "kira_user" "a" {
			for_each = { x = { mail = "m" } }
			email    = each.value.mail
		}`, `kira_user.a["x"]`, "email", cty.StringVal("m")},
		"locals of locals": {`locals {
			a = "1"
			b = "${local.a}2"
		}
		resource "kira_user" "a" { email = local.b }`, "kira_user.a", "email", cty.StringVal("12")},
		"another resource": {`resource "kira_user" "a" { email = kira_user.b.email }
		resource "kira_user" "b" { email = "b" }`, "kira_user.a", "email", cty.StringVal("b")},
		"all of a block under count is a list": {`resource "kira_user" "a" { email = join(",", kira_user.b[*].email) }
		resource "kira_user" "b" {
			count = 2
			email = "b${count.index}"
		}`, "kira_user.a", "email", cty.StringVal("b0,b1")},
		"all of a block under for_each is a map": {`resource "kira_user" "a" { email = join(",", [for k, u in kira_user.b : "${k}=${u.email}"]) }
		resource "kira_user" "b" {
			for_each = toset(["x", "y"])
			email    = upper(each.key)
		}`, "kira_user.a", "email", cty.StringVal("x=X,y=Y")},
		"one instance and all of them in one expression": {`resource "kira_user" "a" { email = "${kira_user.b["x"].email}/${length(kira_user.b)}" }
		resource "kira_user" "b" {
			for_each = toset(["x", "y"])
			email    = each.key
		}`, "kira_user.a", "email", cty.StringVal("x/2")},
		"a number indexes count": {`resource "kira_user" "a" { email = kira_user.b[1].email }
		resource "kira_user" "b" {
			count = 2
			email = "b${count.index}"
		}`, "kira_user.a", "email", cty.StringVal("b1")},
		"a name bound by for hides nothing else": {`resource "kira_user" "a" { email = join("", [for var in ["p", "q"] : var]) }`,
			"kira_user.a", "email", cty.StringVal("pq")},
		"an index that does not exist can be tried": {`resource "kira_user" "a" { email = try(kira_user.b["nope"].email, "none") }
		resource "kira_user" "b" {
			for_each = toset(["x"])
			email    = each.key
		}`, "kira_user.a", "email", cty.StringVal("none")},
		"provider is an ordinary attribute": {`resource "kira_account" "a" {
			user_id  = "u"
			provider = "act"
		}`, "kira_account.a", "provider", cty.StringVal("act")},
		"path.module": {`resource "kira_user" "a" { email = path.module }`, "kira_user.a", "email", cty.StringVal(".")},
		"JSON syntax": {"-- main.kira.json --\n" + `{"locals": {"n": 2}, "resource": {"kira_user": {"a": {"email": "x${local.n}@${kira_user.b.email}"}, "b": {"email": "b"}}}}`,
			"kira_user.a", "email", cty.StringVal("x2@b")},
		"variable with optional attributes": {`variable "v" {
			type    = object({ a = string, b = optional(string, "dflt") })
			default = { a = "1" }
		}
		resource "kira_user" "a" { email = "${var.v.a}${var.v.b}" }`, "kira_user.a", "email", cty.StringVal("1dflt")},
	} {
		t.Run(name, func(t *testing.T) {
			r := evaluate(t, tt.src)
			quiet(t, r.diags)
			if got := r.attr(t, tt.address, tt.attr); !got.RawEquals(tt.want) {
				t.Errorf("%s of %s = %#v, want %#v", tt.attr, tt.address, got, tt.want)
			}
		})
	}
}

func TestNeeds(t *testing.T) {
	const users = `resource "kira_user" "u" {
		for_each = toset(["x", "y"])
		email    = each.key
	}
	resource "kira_user" "one" { email = "o" }
	`
	for name, tt := range map[string]struct{ src, address, want string }{
		"an index by each.key needs one instance": {`resource "kira_account" "a" {
			for_each = toset(["x", "y"])
			user_id  = kira_user.u[each.key].id
		}`, `kira_account.a["x"]`, `kira_user.u["x"]`},
		"a chained for_each needs one instance": {`resource "kira_account" "a" {
			for_each = kira_user.u
			user_id  = each.value.id
		}`, `kira_account.a["y"]`, `kira_user.u["y"]`},
		"a for_each that is calculated needs all": {`resource "kira_account" "a" {
			for_each = { for k, u in kira_user.u : k => u.email }
			user_id  = each.value
		}`, `kira_account.a["y"]`, `kira_user.u["x"] kira_user.u["y"]`},
		"a literal index needs one instance": {`resource "kira_account" "a" { user_id = kira_user.u["x"].id }`,
			"kira_account.a", `kira_user.u["x"]`},
		"an index from a variable needs one instance": {`variable "k" { default = "y" }
			resource "kira_account" "a" { user_id = kira_user.u[var.k].id }`, "kira_account.a", `kira_user.u["y"]`},
		"all instances": {`resource "kira_account" "a" { user_id = join("", values(kira_user.u)[*].id) }`,
			"kira_account.a", `kira_user.u["x"] kira_user.u["y"]`},
		"through locals": {`locals { id = kira_user.one.id }
			resource "kira_account" "a" { user_id = local.id }`, "kira_account.a", "kira_user.one"},
		"depends_on": {`resource "kira_account" "a" {
			user_id    = "u"
			depends_on = [kira_user.one, kira_user.u["x"]]
		}`, "kira_account.a", `kira_user.one kira_user.u["x"]`},
		"an index that depends on a loop needs all": {`resource "kira_account" "a" { user_id = join("", [for k in ["x"] : kira_user.u[k].id]) }`,
			"kira_account.a", `kira_user.u["x"] kira_user.u["y"]`},
	} {
		t.Run(name, func(t *testing.T) {
			r := evaluate(t, users+tt.src)
			quiet(t, r.diags)
			if got := r.needs(tt.address); got != tt.want {
				t.Errorf("%s needs %s, want %s", tt.address, got, tt.want)
			}
		})
	}
}

// An attribute that replace_triggered_by names counts as such whatever stands
// before it.
func TestTriggersOfAttributes(t *testing.T) {
	for _, trigger := range []string{`kira_user.b[each.key].email`, `kira_user.b["x"].email`, `kira_user.one.email`} {
		r := evaluate(t, `resource "kira_account" "a" {
			for_each = toset(["x"])
			user_id  = "u"
			lifecycle { replace_triggered_by = [`+trigger+`] }
		}
		resource "kira_user" "b" {
			for_each = toset(["x"])
			email    = "b"
		}
		resource "kira_user" "one" { email = "o" }`)
		quiet(t, r.diags)
		if by := r.resources[`kira_account.a["x"]`].ReplaceTriggeredBy; len(by) != 1 || by[0].Attr != "email" {
			t.Errorf("%s: triggered by %v, want the email", trigger, by)
		}
	}
}

func TestLifecycle(t *testing.T) {
	r := evaluate(t, `resource "kira_user" "a" {
		email = "a"
		lifecycle {
			prevent_destroy       = length("ab") == 2
			create_before_destroy = true
			ignore_changes        = [age, owner.name]
			replace_triggered_by  = [kira_user.b[0]]
		}
	}
	resource "kira_user" "b" {
		count = 2
		email = "b"
		lifecycle { ignore_changes = all }
	}`)
	quiet(t, r.diags)
	a := r.resources["kira_user.a"]
	if !a.PreventDestroy || a.IgnoreAll || len(a.ReplaceTriggeredBy) != 1 || a.ReplaceTriggeredBy[0].Addr.String() != "kira_user.b[0]" || texts(a.Needs) != "kira_user.b[0]" {
		t.Errorf("kira_user.a = %+v", a)
	}
	want := []cty.Path{cty.GetAttrPath("age"), cty.GetAttrPath("owner").GetAttr("name")}
	if len(a.Ignore) != 2 || !a.Ignore[0].Equals(want[0]) || !a.Ignore[1].Equals(want[1]) {
		t.Errorf("ignore_changes = %v", a.Ignore)
	}
	if !r.resources["kira_user.b[1]"].IgnoreAll {
		t.Error("ignore_changes = all was not seen")
	}
}

func TestSensitive(t *testing.T) {
	r := evaluate(t, `variable "pin" {
		default   = "1234"
		sensitive = true
	}
	resource "kira_user" "a" {
		email   = "a-${var.pin}"
		ssn     = "222-22-2222"
		persons = [{ email = "p", ssn = "333-33-3333" }]
	}
	resource "kira_user" "b" { email = kira_user.a.ssn }
	output "fine" { value = kira_user.b.age }
	output "secret" {
		value     = kira_user.a.ssn
		sensitive = true
	}`)
	quiet(t, r.diags)
	for _, tt := range []struct {
		v    cty.Value
		want bool
	}{
		{r.attr(t, "kira_user.a", "email"), true},
		{r.attr(t, "kira_user.a", "ssn"), true},
		{r.attr(t, "kira_user.a", "age"), false},
		{r.attr(t, "kira_user.b", "email"), true},
		{r.attr(t, "kira_user.a", "persons").Index(cty.Zero).GetAttr("ssn"), true},
		{r.attr(t, "kira_user.a", "persons").Index(cty.Zero).GetAttr("email"), false},
	} {
		if got := tt.v.HasMark(eval.Sensitive); got != tt.want {
			t.Errorf("sensitive is %v, want %v: %#v", got, tt.want, tt.v)
		}
	}
	if !r.outputs["secret"].Sensitive || r.outputs["fine"].Sensitive || r.outputs["secret"].Value.IsMarked() {
		t.Errorf("outputs = %#v", r.outputs)
	}
}

// A function may quote its argument in an error; a secret is not quoted.
func TestErrorsKeepSecrets(t *testing.T) {
	for _, call := range []string{`timecmp(var.pin, "x")`, `file(var.pin)`, `jsondecode("{${var.pin}")`, `tonumber(var.pin)`, `index([], var.pin)`} {
		r := evaluate(t, `variable "pin" {
  default   = "canary"
  sensitive = true
}
output "o" {
  value     = `+call+`
  sensitive = true
}`)
		if len(r.diags) != 1 || diag.CodeOf(r.diags[0]) != "function-failed" {
			t.Errorf("%s: %v", call, r.diags)
		}
		for _, d := range r.diags {
			if strings.Contains(d.Summary+d.Detail, "canary") || !strings.Contains(d.Detail, "sensitive") {
				t.Errorf("%s: %s", call, d)
			}
		}
	}
}

func TestMistakes(t *testing.T) {
	const users = `resource "kira_user" "u" {
  for_each = toset(["ana", "bob"])
  email    = each.key
}
resource "kira_user" "one" { email = "o" }
`
	// The mistakes are on line 6 and after.
	for name, tt := range map[string]struct{ src, want, says string }{
		"no such instance":             {`output "x" { value = kira_user.u["anna"].id }`, "6,33 unknown-instance", `Did you mean "ana"?`},
		"no such instance, none near":  {`output "x" { value = kira_user.u["somebody"].id }`, "6,33 unknown-instance", `["ana"], ["bob"]`},
		"a missing index":              {`output "x" { value = kira_user.u.id }`, "6,22 missing-index", "kira_user.u[each.key]"},
		"an index too many":            {`output "x" { value = kira_user.one[0].id }`, "6,35 unexpected-index", "neither count nor for_each"},
		"a nested attribute":           {`output "x" { value = kira_user.one.owner.nam }`, "6,42 unknown-attribute", `Did you mean "name"?`},
		"an attribute behind an index": {`output "x" { value = kira_user.u[upper("ana")].idd }`, "6,48 unknown-attribute", `Did you mean "id"?`},
		"an attribute behind a splat":  {`output "x" { value = kira_user.u[*].idd }`, "6,37 unknown-attribute", `Did you mean "id"?`},
		"an unknown name":              {`output "x" { value = user.one.id }`, "6,22 unknown-reference", "nothing called"},
		"each where there is none":     {`output "x" { value = each.key }`, "6,22 invalid-reference", "for_each"},
		"an unknown function":          {`output "x" { value = uper("a") }`, "6,22 unknown-function", `Did you mean "upper"?`},
		"a self reference":             {`resource "kira_user" "s" { email = kira_user.s.id }`, "6,36 self-reference", "refers to itself"},
		"a sensitive output":           {`output "x" { value = kira_user.one.ssn }`, "6,22 sensitive-output", "sensitive = true"},
		"unknown keys": {`resource "kira_account" "a" {
  for_each = toset([kira_user.one.id])
  user_id  = each.key
}`, "7,14 unknown-instances", "written in the configuration"},
		"an unknown count": {`resource "kira_account" "a" {
  count   = kira_user.one.age == 1 ? 1 : length(kira_user.one.id)
  user_id = "u"
}`, "7,13 unknown-instances", "after apply"},
		"a sensitive for_each": {`resource "kira_account" "a" {
  for_each = toset([sensitive("x")])
  user_id  = each.key
}`, "7,14 sensitive-instances", "nonsensitive"},
		"a negative count": {`resource "kira_account" "a" {
  count   = -1
  user_id = "u"
}`, "7,13 invalid-count", "whole number"},
		"a null for_each": {`resource "kira_account" "a" {
  for_each = null
  user_id = "u"
}`, "7,14 invalid-for-each", "null"},
		"an object from a variable with an unknown attribute": {`variable "o" { default = { nam = "x" } }
resource "kira_user" "v" {
  email = "v"
  owner = var.o
}`, "9,11 unexpected-attribute", `Did you mean "name"?`},
		"a list where an object belongs": {`resource "kira_user" "v" {
  email = "v"
  owner = []
}`, "8,11 wrong-type", "an object"},
		"a wrong element of a list": {`resource "kira_user" "v" {
  email = "v"
  tags  = ["a", {}]
}`, "8,17 wrong-type", "string"},
		"a required attribute of an element": {`resource "kira_user" "v" {
  email = "v"
  persons = [
    { ssn = "x" },
  ]
}`, "9,5 missing-attribute", "email"},
		"a precondition": {`resource "kira_user" "v" {
  email = "v"
  lifecycle {
    precondition {
      condition     = kira_user.one.email == "x"
      error_message = "One must be ${"x"}."
    }
  }
}`, "10,23 precondition-failed", "One must be x."},
		"a validation": {`variable "n" {
  default = 3
  validation {
    condition     = var.n < 3
    error_message = "Too many: ${var.n}."
  }
}`, "6,1 validation-failed", "Too many: 3."},
		"a validation that refers to a resource": {`variable "n" {
  default = 3
  validation {
    condition     = var.n == kira_user.one.age
    error_message = "No."
  }
}`, "6,1 validation-failed", "No."},
		"a variable without a value": {`variable "n" {}`, "6,1 no-value", "KIRAFORM_VAR_n"},
		"an attribute that a variable's type does not have": {`variable "n" {
  type    = object({ name = string })
  default = { name = "a", nmae = "b" }
}`, "8,13 unexpected-attribute", `Did you mean "name"?`},
		"an attribute that an element of a variable's tuple does not have": {`variable "n" {
  type    = tuple([string, object({ name = string })])
  default = ["x", { name = "a", nmae = "b" }]
}`, "8,13 unexpected-attribute", `Did you mean "name"?`},
		"a list for a variable that is an object": {`variable "n" {
  type    = object({ name = optional(string) })
  default = ["a"]
}`, "8,13 invalid-value", "object required"},
		"ignore_changes of what is computed": {`resource "kira_user" "v" {
  email = "v"
  lifecycle { ignore_changes = [id] }
}`, "8,33 unknown-attribute", "could be written"},
		"an unknown environment": {`provider "kira" { environment = "sandbx" }`, "6,33 unknown-environment", `Did you mean "sandbox"?`},
		"an invalid duration": {`provider "kira" {
  simulator { verify_after = "soon" }
}`, "7,30 invalid-duration", "2s"},
	} {
		t.Run(name, func(t *testing.T) {
			r := evaluate(t, users+tt.src)
			want := "main.kira.hcl:" + tt.want + "\n"
			if got := lines(r.diags); got != want {
				t.Fatalf("got %swant %s%v", got, want, r.diags)
			}
			if !strings.Contains(r.diags[0].Detail, tt.says) {
				t.Errorf("%q does not say %q", r.diags[0].Detail, tt.says)
			}
		})
	}
}

// A value that depends on a mistake is unknown, and says nothing.
func TestNoCascade(t *testing.T) {
	r := evaluate(t, `locals { bad = 1 + "x" }
resource "kira_user" "a" {
  email = "a"
  age   = local.bad
}
resource "kira_user" "b" {
  email = kira_user.a.email
  age   = kira_user.a.age
}
resource "kira_account" "c" {
  for_each = toset([local.bad, kira_user.b.email])
  user_id  = each.key
}
resource "kira_account" "d" {
  user_id = kira_account.c["x"].id
}
output "o" { value = kira_account.c["y"].id }
`)
	if got := lines(r.diags); got != "main.kira.hcl:1,20 invalid-expression\n" {
		t.Errorf("got %s", got)
	}
}

func TestCycle(t *testing.T) {
	_, diags := compile(t, `resource "kira_user" "a" { email = local.x }
resource "kira_user" "b" { email = kira_user.a.id }
locals { x = kira_user.b.email }
resource "kira_user" "c" { email = kira_user.b.id }
resource "kira_user" "d" { email = kira_user.d.email }
`)
	want := `kira_user.a (main.kira.hcl:1,36) needs local.x, and
local.x (main.kira.hcl:3,14) needs kira_user.b, and
kira_user.b (main.kira.hcl:2,36) needs kira_user.a. Take one of these references away.`
	if got := lines(diags); got != "main.kira.hcl:1,36 cycle\nmain.kira.hcl:5,36 self-reference\n" || diags[0].Detail != want {
		t.Errorf("got %s%s", got, diags[0].Detail)
	}
}

func TestLocate(t *testing.T) {
	p, diags := compile(t, `resource "kira_user" "a" {
  email   = "a"
  persons = [for x in ["p"] : {
    email = x
  }]
  owner = {
    name = "Ana"
  }
  tags = ["x", "y"]
}`)
	quiet(t, diags)
	a := addr.Resource{Kind: "kira_user", Name: "a"}
	for _, tt := range []struct {
		path cty.Path
		want string
	}{
		{cty.GetAttrPath("email"), "2,13"},
		{cty.GetAttrPath("persons").IndexInt(0).GetAttr("email"), "4,13"},
		{cty.GetAttrPath("owner").GetAttr("name"), "7,12"},
		{cty.GetAttrPath("owner").GetAttr("born"), "6,11"},
		{cty.GetAttrPath("tags").IndexInt(1), "9,16"},
		{cty.GetAttrPath("age"), "1,1"},
		{nil, "1,1"},
	} {
		if got := config.Place(*p.Locate(a, tt.path)); got != "main.kira.hcl:"+tt.want {
			t.Errorf("Locate(%#v) = %s, want %s", tt.path, got, tt.want)
		}
	}
	if p.Locate(addr.Resource{Kind: "kira_user", Name: "gone"}, nil) != nil {
		t.Error("a block that does not exist has no place")
	}
}

// With UnknownInputs a configuration can be checked by itself.
func TestUnknownInputs(t *testing.T) {
	src := `variable "people" { type = map(object({ email = string })) }
resource "kira_user" "u" {
  for_each = var.people
  email    = each.value.email
  type     = "person"
}
resource "kira_account" "a" {
  for_each = kira_user.u
  user_id  = kira_user.u[each.key].id
}
output "ids" { value = [for u in kira_user.u : u.id] }
`
	r := evaluate(t, src, func(o *eval.Options) { o.UnknownInputs = true })
	if got := lines(r.diags); !strings.HasPrefix(got, "main.kira.hcl:5,14 ") || strings.Count(got, "\n") != 1 {
		t.Errorf("got %s", got)
	}
	if len(r.resources) != 2 {
		t.Errorf("%d resources, want one for each block", len(r.resources))
	}
}

func TestPostcondition(t *testing.T) {
	p, diags := compile(t, `resource "kira_user" "a" {
  email = "a"
  lifecycle {
    postcondition {
      condition     = self.status == "VERIFIED"
      error_message = "It is ${self.status}."
    }
  }
}`)
	quiet(t, diags)
	a := addr.Resource{Kind: "kira_user", Name: "a"}
	v := eval.NewValues()
	v.Expand(a, []addr.Resource{a})
	r, diags := p.Eval(a, v)
	quiet(t, diags)
	for _, tt := range []struct {
		status cty.Value
		want   string
	}{
		{cty.StringVal("VERIFIED"), ""},
		{cty.StringVal("REVIEW"), "It is REVIEW."},
		{cty.UnknownVal(cty.String), ""},
	} {
		attrs := planned(kinds["kira_user"], r.Config).AsValueMap()
		attrs["status"] = tt.status
		var got strings.Builder
		for _, d := range p.Check(a, eval.Now(cty.ObjectVal(attrs)), v) {
			got.WriteString(d.Detail)
		}
		if got.String() != tt.want {
			t.Errorf("status %#v: %q, want %q", tt.status, got.String(), tt.want)
		}
	}
}

// A local value is evaluated again only after its needs have changed, and its
// mistake is reported again only then.
func TestLocalsFollowTheirBlocks(t *testing.T) {
	p, diags := compile(t, `resource "kira_user" "a" { email = "a" }
locals { id = kira_user.a.id }
resource "kira_account" "b" { user_id = local.id }`)
	quiet(t, diags)
	user, account := addr.Resource{Kind: "kira_user", Name: "a"}, addr.Resource{Kind: "kira_account", Name: "b"}
	v := eval.NewValues()
	v.Expand(user, []addr.Resource{user})
	v.Expand(account, []addr.Resource{account})
	for _, id := range []cty.Value{cty.UnknownVal(cty.String), cty.StringVal("u-1"), cty.StringVal("u-2")} {
		r, _ := p.Eval(user, v)
		attrs := planned(kinds["kira_user"], r.Config).AsValueMap()
		attrs["id"] = id
		v.Set(user, cty.ObjectVal(attrs))
		b, diags := p.Eval(account, v)
		quiet(t, diags)
		if got := b.Config.GetAttr("user_id"); !got.RawEquals(id) {
			t.Errorf("user_id = %#v, want %#v", got, id)
		}
	}
}

func TestDiagnosticsKeepTheirExpression(t *testing.T) {
	r := evaluate(t, `resource "kira_user" "a" {
  email = "a"
  age   = local.x
}
locals { x = "old" }`)
	if len(r.diags) != 1 || r.diags[0].Expression == nil || r.diags[0].EvalContext == nil {
		t.Fatalf("got %v", r.diags)
	}
	if got, _ := r.diags[0].Expression.Value(r.diags[0].EvalContext); !got.RawEquals(cty.StringVal("old")) {
		t.Errorf("the expression evaluates to %#v", got)
	}
}

func TestExpression(t *testing.T) {
	r := evaluate(t, `resource "kira_user" "a" { email = "a" }`)
	e, _ := hclsyntax.ParseExpression([]byte(`upper(kira_user.a.email)`), "console", hcl.InitialPos)
	if got, diags := r.Expression(e, r.values); len(diags) > 0 || !got.RawEquals(cty.StringVal("A")) {
		t.Errorf("got %#v, %v", got, diags)
	}
	e, _ = hclsyntax.ParseExpression([]byte(`kira_user.b.email`), "console", hcl.InitialPos)
	if _, diags := r.Expression(e, r.values); len(diags) != 1 || diag.CodeOf(diags[0]) != "undeclared-resource" {
		t.Errorf("got %v", diags)
	}
}

func TestRateIsANumberOfRequests(t *testing.T) {
	for _, rate := range []string{"0", "-5", "1e9", `"fast"`, "[5]"} {
		_, diags := compile(t, `provider "kira" { requests_per_second = `+rate+` }`)
		if !diags.HasErrors() {
			t.Errorf("%s was taken", rate)
		}
	}
}

func TestProvider(t *testing.T) {
	p, diags := compile(t, `variable "env" { default = "sandbox" }
provider "kira" {
  environment = var.env
  base_url    = "http://localhost:8787"
  requests_per_second = 5
  simulator { verify_after = "2s" }
}`)
	quiet(t, diags)
	got := p.Provider()
	if got.Rate != 5 || got.Environment != "sandbox" || got.BaseURL != "http://localhost:8787" || got.VerifyAfter.String() != "2s" {
		t.Errorf("Provider() = %+v", got)
	}
}
