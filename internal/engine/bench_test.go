package engine_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"kiraform/internal/engine"
)

// many is a configuration of n users, each with an account and a recipient.
func many(n int) string {
	return fmt.Sprintf(`
provider "kira" {
  environment = "sandbox"
}
locals {
  people = { for i in flatten([for k in range(0, %[1]d, 1000) : range(k, min(k + 1000, %[1]d))]) : "p${i}" => i } # range has its limit
}
resource "kira_user" "u" {
  for_each          = local.people
  type              = "individual"
  verification_mode = "automatic"
  first_name        = "Maria"
  last_name         = "Gonzalez"
  birth_date        = "1990-05-15"
  email             = "${each.key}@example.com"
  phone             = "+525512345678"
  nationality       = "MEX"
  address_street    = "Av. Reforma 123"
  address_city      = "Ciudad de Mexico"
  address_state     = "CDMX"
  address_zip_code  = "06600"
  address_country   = "MEX"
  document_type     = "passport"
  document_number   = "G12345678"
  document_country  = "MEX"
  immigration_status = "Non-Resident of U.S."
  employment_status = "employed"
  current_employer  = "Self"
  occupation        = "Software Engineer"
  source_of_funds   = "salary"
  account_purpose   = "receive_payments"
  additional_info = {
    has_us_bank_account     = "no"
    has_denied_bank_account = "no"
  }
}
resource "kira_virtual_account" "a" {
  for_each = kira_user.u
  user_id  = each.value.id
  type     = "US_BANK"
  provider = "act"
  mode     = "fiat"
}
resource "kira_recipient" "r" {
  for_each   = local.people
  user_id    = kira_user.u[each.key].id
  first_name = "Ana"
  last_name  = "Ruiz"
  account = {
    account_type = "SPEI"
    clabe        = "032180000118359719"
    doc_type     = "curp"
    doc_number   = "RUAA910203MDFZNN09"
  }
}
`, n)
}

// entries are n entries of a map of users.
func entries(n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "    p%d = { name = \"Ana\", number = %d }\n", i, i)
	}
	return text.String()
}

// BenchmarkPlan plans three resources a user, the state warm and trusted.
func BenchmarkPlan(b *testing.B) {
	for _, n := range []int{100, 1000, 3333} {
		b.Run(fmt.Sprint(3*n), func(b *testing.B) {
			w := worldOf(b, b.TempDir())
			w.run(b, many(n), engine.PlanOptions{}, true)
			for b.Loop() {
				w.run(b, many(n), engine.PlanOptions{NoRefresh: true}, false)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(3*n), "µs/resource")
		})
	}
}

// BenchmarkSaved plans three new resources a user and makes the file of the plan. Beside
// it is the plan alone.
func BenchmarkSaved(b *testing.B) {
	for _, save := range []bool{false, true} {
		for _, n := range []int{100, 1000} {
			b.Run(fmt.Sprintf("%s/%d", map[bool]string{false: "shown", true: "saved"}[save], 3*n), func(b *testing.B) {
				w := worldOf(b, b.TempDir())
				src := many(n) + "output \"emails\" {\n  value = [for u in kira_user.u : u.email]\n}\n"
				for b.Loop() {
					pl := w.run(b, src, engine.PlanOptions{NoRefresh: true, Save: save}, false)
					if !save {
						continue
					}
					f := savedOf(b, pl, 0)
					if _, err := pl.Encode(b.Context(), &f); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkApply creates three resources a user, against a simulator without
// latency.
func BenchmarkApply(b *testing.B) {
	const n = 200
	for b.Loop() {
		dir, err := os.MkdirTemp(b.TempDir(), "")
		if err != nil {
			b.Fatal(err)
		}
		w := worldOf(b, dir)
		w.run(b, strings.TrimSpace(many(n)), engine.PlanOptions{}, true)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(3*n), "µs/resource")
}

// BenchmarkGrowth plans parts of configurations that were slow once. Time must
// grow with n, not with its square: compare ns/op.
func BenchmarkGrowth(b *testing.B) {
	for name, of := range map[string]func(n int) (before, after string){
		"new accounts of existing users": func(n int) (before, after string) {
			users, rest, _ := strings.Cut(many(n), `resource "kira_virtual_account"`)
			accounts, _, _ := strings.Cut(rest, `resource "kira_recipient"`)
			return users, users + `resource "kira_virtual_account"` + accounts
		},
		"created of a variable": func(n int) (before, after string) {
			of := func(n int) string {
				text := many(n)
				list := text[strings.Index(text, "{ for i"):strings.Index(text, " # range")]
				return strings.ReplaceAll(strings.Replace(text, list, "var.people", 1), "local.people", "var.people") + "variable \"people\" {\n  default = {\n" + entries(n) + "  }\n}\n"
			}
			return of(1), of(n)
		},
		"waiting for all": func(n int) (before, after string) {
			users, rest, _ := strings.Cut(many(n), `resource "kira_virtual_account"`)
			_, payees, _ := strings.Cut(rest, `resource "kira_recipient" "r" {`)
			return users, users + `resource "kira_recipient" "r" {` + "\n  depends_on = [kira_user.u]" + payees
		},
		"replaced together": func(n int) (before, after string) {
			text := many(n) + `
resource "kira_webhook" "w" {
  webhook_url = "https://example.com/NAME"
}`
			text = strings.Replace(text, "  user_id    = kira_user.u[each.key].id\n", "  user_id    = kira_user.u[each.key].id\n  lifecycle { replace_triggered_by = [kira_webhook.w] }\n", 1)
			return strings.Replace(text, "NAME", "a", 1), strings.Replace(text, "NAME", "b", 1)
		},
		"replaced for all": func(n int) (before, after string) {
			text := strings.Replace(many(n), "  user_id    = kira_user.u[each.key].id\n", "  user_id    = kira_user.u[each.key].id\n  lifecycle { replace_triggered_by = [kira_user.u] }\n", 1)
			return text, strings.ReplaceAll(text, "+525512345678", "+525512345679")
		},
		"triggered by each": func(n int) (before, after string) {
			users, _, _ := strings.Cut(many(n), `resource "kira_virtual_account"`)
			before, _, _ = strings.Cut(users, `resource "kira_user"`)
			return before, strings.Replace(users, "  first_name ", "  lifecycle {\n    action_trigger {\n      events  = [after_create]\n      actions = [action.kira_verification.v[each.key]]\n    }\n  }\n  first_name ", 1) + `
action "kira_verification" "v" {
  for_each = local.people
  config {
    user_id = kira_user.u[each.key].id
  }
}`
		},
		"no longer written": func(n int) (before, after string) {
			before = many(n)
			after, _, _ = strings.Cut(before, `resource "kira_recipient"`)
			return before, after
		},
		"handed over in a row": func(n int) (before, after string) {
			users, _, _ := strings.Cut(many(n), `resource "kira_virtual_account"`)
			return users, strings.Replace(users, "${each.key}@", "p${each.value - 1}@", 1)
		},
		"a wide map": func(n int) (before, after string) {
			before = strings.Replace(many(1), "  occupation ", "  metadata = { for i in flatten([for k in range(0, "+fmt.Sprint(10*n)+", 1000) : range(k, k + 1000)]) : \"k${i}\" => \"v\" }\n  occupation ", 1)
			return before, before
		},
	} {
		for _, n := range []int{100, 1000} {
			b.Run(fmt.Sprintf("%s/%d", strings.ReplaceAll(name, " ", "_"), n), func(b *testing.B) {
				before, after := of(n)
				w := worldOf(b, b.TempDir())
				w.run(b, before, engine.PlanOptions{}, true)
				for b.Loop() {
					w.run(b, after, engine.PlanOptions{NoRefresh: true}, false)
				}
			})
		}
	}
}
