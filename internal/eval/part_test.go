package eval_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/eval"
)

// Expressions that read some attributes of an object do not have the whole of it
// worked out.
func TestPartsOfObjects(t *testing.T) {
	for name, tt := range map[string]struct {
		account string // the block that refers to users
		parts   string // the attributes that are worked out; "" if the object is
	}{
		"the id of an object under for_each": {`for_each = toset(["x", "y"])
			user_id = kira_user.u[each.key].id`, "id"},
		"the id of the object that for_each follows": {`for_each = kira_user.u
			user_id = each.value.id`, "id"},
		"the id of one that is called by its key": {`user_id = kira_user.u["x"].id`, "id"},
		"the id of one without for_each":          {`user_id = kira_user.one.id`, "id"},
		"several attributes": {`for_each = kira_user.u
			user_id = each.value.id
			label   = "${each.value.email} ${kira_user.u[each.key].status}"`, "email id status"},
		"something in an attribute": {`user_id = kira_user.u["x"].owner.name`, "owner"},
		"the whole": {`user_id = kira_user.u["x"].id
			label = length(kira_user.u["x"])`, ""},
		"an attribute whose name is worked out": {`for_each = kira_user.u
			user_id = each.value[join("", ["i", "d"])]`, ""},
		"an attribute that there is not": {`for_each = kira_user.u
			user_id = try(each.value.nothing, "none")`, ""},
		"all objects": {`user_id = kira_user.u["x"].id
			label = join(",", kira_user.u[*].id)`, ""},
		"another name for each": {`for_each = kira_user.u
			user_id = [for each in ["a"] : each][0]
			label = each.value.id`, "id"},
		"in a condition": {`for_each = kira_user.u
			user_id = "u"
			lifecycle {
				precondition {
					condition     = each.value.status == ""
					error_message = "no"
				}
			}`, "status"},
	} {
		t.Run(name, func(t *testing.T) {
			p, diags := compile(t, `resource "kira_user" "u" {
				for_each = toset(["x", "y"])
				email    = each.key
			}
			resource "kira_user" "one" { email = "o" }
			resource "kira_account" "a" {
			`+tt.account+`
			}`)
			quiet(t, diags)
			values, read, whole := eval.NewValues(), make(map[string]bool), false
			for _, block := range p.Blocks().Order() {
				instances, d := p.Expand(block, values)
				quiet(t, d)
				values.Expand(block, instances)
				for _, a := range instances {
					r, _ := p.Eval(a, values)
					all := planned(kinds[block.Kind], r.Config)
					values.SetLater(a, eval.LazyObject(func() cty.Value {
						whole = true
						return all
					}, func(name string) cty.Value {
						read[name] = true
						return all.GetAttr(name)
					}))
				}
			}
			got := strings.Join(slices.Sorted(maps.Keys(read)), " ")
			if whole != (tt.parts == "") || tt.parts != "" && got != tt.parts {
				t.Errorf("worked out: the whole %t, parts %q; want %q", whole, got, tt.parts)
			}
		})
	}
}

// A part of an object is the value that the whole object has there, marks
// included.
func TestPartsAreThoseOfTheWhole(t *testing.T) {
	src := `resource "kira_user" "u" {
		for_each = toset(["x", "y"])
		email    = each.key
		ssn      = "123456789"
		persons  = [{ email = "p", ssn = "987654321" }]
	}
	resource "kira_account" "a" {
		for_each = kira_user.u
		user_id  = each.value.id
		label    = "${each.value.email} ${kira_user.u[each.key].ssn} ${each.value.persons[0].ssn}"
	}
	resource "kira_account" "b" {
		for_each = kira_account.a
		user_id  = each.value.user_id
	}`
	p, diags := compile(t, src)
	quiet(t, diags)
	all := [2]map[addr.Resource]eval.Resource{}
	for i := range all {
		all[i] = make(map[addr.Resource]eval.Resource)
		values := eval.NewValues()
		for _, block := range p.Blocks().Order() {
			instances, _ := p.Expand(block, values)
			values.Expand(block, instances)
			for _, a := range instances {
				r, d := p.Eval(a, values)
				quiet(t, d)
				all[i][a] = r
				now := planned(kinds[block.Kind], r.Config)
				later := eval.Now(now)
				if i == 1 {
					later = eval.LazyObject(func() cty.Value { return now }, func(name string) cty.Value { return now.GetAttr(name) })
				}
				values.SetLater(a, later)
				values.Trace(a, r.From)
			}
		}
	}
	for a, whole := range all[0] {
		part := all[1][a]
		if !part.Config.RawEquals(whole.Config) {
			t.Errorf("%s of parts is %#v, want %#v", a, part.Config, whole.Config)
		}
		if len(part.From) != len(whole.From) || len(part.From["user_id"]) != len(whole.From["user_id"]) {
			t.Errorf("%s of parts comes from %v, want %v", a, part.From, whole.From)
		}
	}
	if from := all[1][addr.Resource{Kind: "kira_account", Name: "b", Key: addr.String("x")}].From["user_id"]; len(from) != 1 || from[0].Kind != "kira_user" {
		t.Errorf("the owner of b comes from %v, want the user", from)
	}
}

// An argument that refers to nothing has one value for all instances, and says so
// where it is mistaken; the marks of secrets are found in every instance.
func TestConstantArguments(t *testing.T) {
	r := evaluate(t, `variable "mail" {
		default   = "m"
		sensitive = true
	}
	resource "kira_user" "u" {
		for_each = toset(["x", "y"])
		email    = var.mail
		type     = "indi${"vidual"}"
		age      = 2 + 3
		tags     = [for t in ["a"] : "${t}!"]
		owner    = { name = upper("ana"), born = null }
		ssn      = "123456789"
		persons  = [{ email = "p", ssn = "987654321" }]
		metadata = { "k" = "v" }
	}`)
	quiet(t, r.diags)
	for _, key := range []string{"x", "y"} {
		u := r.resources[`kira_user.u["`+key+`"]`]
		for name, want := range map[string]cty.Value{
			"type":     cty.StringVal("individual"),
			"age":      cty.NumberIntVal(5),
			"tags":     cty.ListVal([]cty.Value{cty.StringVal("a!")}),
			"owner":    cty.ObjectVal(map[string]cty.Value{"name": cty.StringVal("ANA"), "born": cty.NullVal(cty.String)}),
			"ssn":      cty.StringVal("123456789").Mark(eval.Sensitive),
			"metadata": cty.MapVal(map[string]cty.Value{"k": cty.StringVal("v")}),
		} {
			if got := u.Config.GetAttr(name); !got.RawEquals(want) {
				t.Errorf("%s of %s is %#v, want %#v", name, key, got, want)
			}
		}
		if names := slices.Sorted(slices.Values(u.Marked)); strings.Join(names, " ") != "email persons ssn" {
			t.Errorf("marked: %v", names)
		}
	}
	wrong := evaluate(t, `resource "kira_user" "u" {
		for_each = toset(["x", "y"])
		email    = "e"
		age      = "old"
		ssn      = 0123
	}`)
	if n := len(wrong.diags); n < 2 {
		t.Errorf("%d diagnostics, want those of age and ssn: %v", n, wrong.diags)
	}
}
