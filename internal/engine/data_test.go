package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/engine"
	"kiraform/plan"
)

// outputs plans src, applies it and returns the outputs that the state has.
func (w *world) outputs(t *testing.T, src string) map[string]string {
	t.Helper()
	w.run(t, src, engine.PlanOptions{}, true)
	st, err := w.store().Load(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[string]string)
	for name, o := range st.Outputs {
		switch {
		case o.Value == cty.NilVal || o.Value.IsNull():
			out[name] = "null"
		case o.Value.Type() == cty.Number:
			out[name] = o.Value.AsBigFloat().String()
		default:
			out[name] = o.Value.AsString()
		}
	}
	return out
}

const looks = `
data "kira_user" "by_email" {
  email = "maria@example.com"
}
data "kira_user" "by_id" {
  id = data.kira_user.by_email.id
}
data "kira_virtual_account" "act" {
  user_id = data.kira_user.by_id.id
  bank    = "austin_capital_trust"
}
data "kira_balance" "usd" {
  virtual_account_id = data.kira_virtual_account.act.id
}
data "kira_recipients" "all" {
  user_id = data.kira_user.by_id.id
}
data "kira_recipient" "first" {
  id = data.kira_recipients.all.recipients[0].recipient_id
}
data "kira_countries" "all" {}

output "name" { value = data.kira_user.by_id.first_name }
output "number" { value = data.kira_virtual_account.act.account_number }
output "balance" { value = data.kira_balance.usd.available_balance }
output "recipients" { value = length(data.kira_recipients.all.recipients) }
output "rail" { value = data.kira_recipient.first.account.account_type }
output "countries" { value = length(data.kira_countries.all.countries) }
`

func TestData(t *testing.T) {
	const made = maria + mariasAccount + `
resource "kira_recipient" "spei" {
  user_id    = kira_user.maria.id
  first_name = "Ana"
  last_name  = "Ruiz"
  account    = { account_type = "SPEI", clabe = "032180000118359719" }
}
`
	t.Run("what lives is read while planning", func(t *testing.T) {
		w := newWorld(t)
		w.run(t, simulated+made, engine.PlanOptions{}, true)
		number := w.sim.VirtualAccounts()[0]["account_number"]
		w.forget(t)
		before := len(w.written())
		got := w.outputs(t, simulated+looks)
		want := map[string]string{"name": "Maria", "number": fmt.Sprint(number), "balance": "10000.00", "recipients": "1", "rail": "SPEI", "countries": "250"}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("got  %v\nwant %v", got, want)
		}
		if sent := w.written()[before:]; len(sent) > 0 {
			t.Errorf("reading sent %q", sent)
		}
		pl := w.run(t, simulated+looks, engine.PlanOptions{}, false)
		if len(pl.Changes) != 0 || !pl.Empty() {
			t.Errorf("not empty afterwards:\n%s", w.said())
		}
	})
	t.Run("what is only going to live is read by apply", func(t *testing.T) {
		w := newWorld(t)
		src := simulated + made + `
data "kira_balance" "usd" {
  virtual_account_id = kira_virtual_account.usd.id
}
data "kira_user" "all" {
  for_each = toset(["maria"])
  id       = kira_user.maria.id
}
output "balance" { value = data.kira_balance.usd.available_balance }
output "name" { value = data.kira_user.all["maria"].first_name }
`
		pl := w.run(t, src, engine.PlanOptions{}, false)
		if got := action(pl, "data.kira_balance.usd"); got != plan.Read {
			t.Errorf("planned to %q the balance, want read", got)
		}
		if got := fmt.Sprint(w.outputs(t, src)); got != "map[balance:10000.00 name:Maria]" {
			t.Errorf("got %v", got)
		}
		if pl := w.run(t, src, engine.PlanOptions{}, false); !pl.Empty() {
			t.Errorf("not empty afterwards:\n%s", w.said())
		}
	})
	t.Run("the balance of an account that cannot be used yet is null", func(t *testing.T) {
		w := newWorld(t)
		w.sim.ActivateAfter = 0 // by hand
		got := w.outputs(t, simulated+made+`
data "kira_balance" "usd" {
  virtual_account_id = kira_virtual_account.usd.id
}
output "balance" { value = data.kira_balance.usd.available_balance == null ? "none" : "some" }
`)
		if got["balance"] != "none" {
			t.Errorf("got %v", got)
		}
	})
	t.Run("a crypto account has none ever, and that stops nothing", func(t *testing.T) {
		w := newWorld(t)
		got := w.outputs(t, simulated+one("ana", "ana")+`
resource "kira_virtual_account" "coins" {
  user_id = kira_user.ana.id
  type = "US_BANK"
  bank = "slovak_savings_bank"
  mode = "crypto"
  destination = {
    currency = "USDC"
    network = "solana"
    address = "9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin"
  }
}
data "kira_balance" "coins" {
  virtual_account_id = kira_virtual_account.coins.id
}
output "balance" { value = data.kira_balance.coins.available_balance == null ? "none" : "some" }
`)
		if got["balance"] != "none" || len(w.sim.VirtualAccounts()) != 1 {
			t.Errorf("got %v with %d accounts", got, len(w.sim.VirtualAccounts()))
		}
	})
}

func TestDataMistakes(t *testing.T) {
	for _, tt := range []struct{ name, src, want string }{
		{"nobody has the e-mail", `data "kira_user" "x" {
  email = "nobody@example.com"
}`, "error no-such-data"},
		{"there is no such id", `data "kira_user" "x" {
  id = "00000000-0000-4000-8000-000000000001"
}`, "error no-such-data"},
		{"two ways at once", `data "kira_user" "x" {
  id    = "00000000-0000-4000-8000-000000000001"
  email = "maria@example.com"
}`, "error data-lookup"},
		{"half a way", `data "kira_virtual_account" "x" {
  user_id = "00000000-0000-4000-8000-000000000001"
}`, "error data-lookup"},
		{"an unknown kind", `data "kira_usr" "x" {
}`, "error unknown-kind"},
		{"an undeclared one", `output "x" {
  value = data.kira_user.x.id
}`, "error undeclared-resource"},
		{"an unknown attribute", `data "kira_countries" "x" {
}
output "x" {
  value = data.kira_countries.x.nothing
}`, "error unknown-attribute"},
		{"what Kira never shows", `data "kira_user" "x" {
  email = "nobody@example.com"
}
output "x" {
  value = data.kira_user.x.ein
}`, "error unknown-attribute"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			if got := strings.Join(w.diagnosed(t, simulated+tt.src+"\n"), ", "); got != tt.want {
				t.Errorf("said %q, want %q\n%s", got, tt.want, w.said())
			}
		})
	}
}

func TestDataReferencesThatAreCutShort(t *testing.T) {
	for src, want := range map[string]string{
		"output \"x\" {\n  value = data\n}":           "error unknown-reference",
		"output \"x\" {\n  value = data.kira_user\n}": "error invalid-reference",
	} {
		w := newWorld(t)
		if got := strings.Join(w.diagnosed(t, simulated+src+"\n"), ", "); got != want {
			t.Errorf("%s: said %q, want %q", src, got, want)
		}
	}
}
