package eval_test

import (
	"fmt"
	"strings"
	"testing"

	"kiraform/internal/diag"
)

// Imports are taken down with their addresses and ids, in the order of the files; one
// that cannot be is a mistake at its place.
func TestImports(t *testing.T) {
	const users = "resource \"kira_user\" \"a\" { email = \"a\" }\nresource \"kira_user\" \"b\" {\n  for_each = toset([\"x\", \"y\"])\n  email    = each.key\n}\n"
	for name, tt := range map[string]struct{ src, want string }{
		"one":               {"import {\n  to = kira_user.a\n  id = \"u1\"\n}", "kira_user.a=u1"},
		"an id of a value":  {"locals { id = \"u2\" }\nimport {\n  to = kira_user.a\n  id = local.id\n}", "kira_user.a=u2"},
		"one for each key":  {"import {\n  for_each = { x = \"u1\", y = \"u2\" }\n  to       = kira_user.b[each.key]\n  id       = each.value\n}", `kira_user.b["x"]=u1 kira_user.b["y"]=u2`},
		"an address twice":  {"import {\n  to = kira_user.a\n  id = \"u1\"\n}\nimport {\n  to = kira_user.a\n  id = \"u2\"\n}", "duplicate-import"},
		"an object twice":   {"import {\n  to = kira_user.a\n  id = \"u1\"\n}\nimport {\n  to = kira_user.b[\"x\"]\n  id = \"u1\"\n}", "duplicate-import"},
		"what is not there": {"import {\n  to = kira_user.c\n  id = \"u1\"\n}", "import-without-block"},
	} {
		t.Run(name, func(t *testing.T) {
			p, diags := compile(t, "-- main.kira.hcl --\n"+users+tt.src+"\n")
			var got []string
			for _, im := range p.Imports() {
				got = append(got, fmt.Sprintf("%s=%s", im.To, im.ID))
			}
			for _, d := range diags {
				got = []string{string(diag.CodeOf(d))}
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("got %s, want %s (%v)", s, tt.want, diags)
			}
		})
	}
}

// A removed block says something that is so, and once.
func TestRemoved(t *testing.T) {
	for name, tt := range map[string]struct{ src, want string }{
		"one":            {"removed { from = kira_user.a }", "kira_user.a"},
		"two":            {"removed { from = kira_user.a }\nremoved { from = kira_user.b }", "kira_user.a kira_user.b"},
		"one twice":      {"removed { from = kira_user.a }\nremoved { from = kira_user.a }", "duplicate-removed"},
		"one that stays": {"removed { from = kira_user.a }\nresource \"kira_user\" \"a\" { email = \"a\" }", "removed-still-declared"},
	} {
		t.Run(name, func(t *testing.T) {
			p, diags := compile(t, "-- main.kira.hcl --\n"+tt.src+"\n")
			var got []string
			for _, r := range p.Removed() {
				got = append(got, r.From.String())
			}
			for _, d := range diags {
				got = []string{string(diag.CodeOf(d))}
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("got %s, want %s (%v)", s, tt.want, diags)
			}
		})
	}
}

// A check is open as long as one of its conditions is not known.
func TestCheckOutcomes(t *testing.T) {
	r := evaluate(t, `-- main.kira.hcl --
resource "kira_user" "a" { email = "a" }
check "holds" {
  assert {
    condition     = kira_user.a.email == "a"
    error_message = "No."
  }
}
check "fails" {
  assert {
    condition     = kira_user.a.email == "b"
    error_message = "No."
  }
}
check "later" {
  assert {
    condition     = kira_user.a.status == "VERIFIED"
    error_message = "No."
  }
  assert {
    condition     = kira_user.a.email == "a"
    error_message = "No."
  }
}
`)
	var got []string
	for _, o := range r.CheckOutcomes(r.values) {
		got = append(got, fmt.Sprintf("%s open=%t mistakes=%d", o.Name, o.Open, len(o.Diags)))
	}
	want := "holds open=false mistakes=0; fails open=false mistakes=1; later open=true mistakes=0"
	if s := strings.Join(got, "; "); s != want {
		t.Errorf("got %s\nwant %s", s, want)
	}
}

// A configuration with a condition on anything needs all that Kira shows.
func TestConditional(t *testing.T) {
	const never = "resource \"kira_user\" \"a\" { email = \"a\" }\n"
	when := func(kind string) string {
		return "  " + kind + " {\n      condition     = true\n      error_message = \"No.\"\n    }\n"
	}
	for src, want := range map[string]bool{
		never:                                  false,
		never + "output \"o\" { value = 1 }\n": false,
		never + "output \"o\" {\n  value = 1\n" + when("precondition") + "}\n":                                    true,
		"resource \"kira_user\" \"a\" {\n  email = \"a\"\n  lifecycle {\n  " + when("precondition") + "  }\n}\n":  true,
		"resource \"kira_user\" \"a\" {\n  email = \"a\"\n  lifecycle {\n  " + when("postcondition") + "  }\n}\n": true,
	} {
		p, diags := compile(t, "-- main.kira.hcl --\n"+src)
		quiet(t, diags)
		if got := p.Conditional(); got != want {
			t.Errorf("conditional is %t, want %t:\n%s", got, want, src)
		}
	}
}
