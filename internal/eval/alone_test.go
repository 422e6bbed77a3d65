package eval_test

import (
	"testing"

	"github.com/zclconf/go-cty/cty"
)

// TestAlone lists blocks that come to the same whenever they are evaluated, and others.
func TestAlone(t *testing.T) {
	for _, tt := range []struct {
		block string
		alone bool
	}{
		{`email = "a"`, true},
		{`email = local.written`, true},
		{`email = local.theirs`, false},
		{`email = kira_user.other.email`, false},
		{`email = "a"
		depends_on = [kira_user.other]`, false},
		{`email = each.key
		for_each = toset(["x"])`, true},
		{`email = "a"
		for_each = toset([kira_user.other.email])`, false},
		{`email = "a"
		lifecycle { prevent_destroy = true }`, false},
		{`email = "a"
		lifecycle {
			precondition {
				condition     = timestamp() != ""
				error_message = "no"
			}
		}`, false},
	} {
		r := evaluate(t, `locals {
			written = "a"
			theirs  = kira_user.other.email
		}
		resource "kira_user" "other" { email = "o" }
		resource "kira_user" "a" {
			`+tt.block+`
		}`)
		quiet(t, r.diags)
		for name, a := range r.resources {
			if name != "kira_user.other" && a.Alone != tt.alone {
				t.Errorf("%s: Alone of %s is %t", tt.block, name, a.Alone)
			}
		}
	}
}

func TestBareHasNoMarks(t *testing.T) {
	r := evaluate(t, `resource "kira_user" "a" {
		email   = "a"
		ssn     = "222-22-2222"
		persons = [{ email = "p", ssn = "333-33-3333" }]
	}
	resource "kira_user" "b" { email = "b" }`)
	quiet(t, r.diags)
	for name, a := range r.resources {
		want, _ := a.Config.UnmarkDeep()
		if got := a.Bare(); !got.RawEquals(want) || got.Type().Equals(cty.EmptyObject) {
			t.Errorf("Bare of %s = %#v", name, got)
		}
	}
	if !r.resources["kira_user.a"].Config.ContainsMarked() {
		t.Error("nothing was marked")
	}
}
