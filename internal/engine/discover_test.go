package engine_test

import (
	"slices"
	"strings"
	"testing"

	"kiraform/internal/config"
	"kiraform/internal/discover"
	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/plan"
	"kiraform/schema"
)

const found = `
resource "kira_user" "acme" {
  type                = "business"
  business_legal_name = "Ácme Trading, LLC"
  business_type       = "llc"
  formation_date      = "2020-01-15"
  formation_country   = "USA"
  email               = "ops@acme.example"
  phone               = "+14155559999"
  ein                 = "12-3456789"
  business_industry   = ["utilities"]
  address_street      = "1 Market Street"
  address_city        = "San Francisco"
  address_state       = "CA"
  address_zip_code    = "94105"
  address_country     = "USA"
  account_purpose     = "operating_a_company"
  source_of_funds     = "company_funds"
  metadata            = { team = "${upper("a")} $${x}" }
  associated_persons = [{
    first_name      = "Alice"
    last_name       = "Smith"
    birth_date      = "1980-05-15"
    email           = "alice@acme.example"
    nationality     = "USA"
    document_number = "D11111111"
    ssn             = "222-22-2221"
    role            = "control_prong"
  }]
}
resource "kira_recipient" "spei" {
  user_id    = kira_user.maria.id
  first_name = "Ana"
  last_name  = "Ruiz"
  account = {
    account_type = "SPEI"
    clabe        = "032180000118359719"
    doc_type     = "curp"
    doc_number   = "RUAA910203MDFZNN09"
  }
}
resource "kira_recipient" "swift" {
  user_id    = kira_user.acme.id
  first_name = "Ana"
  last_name  = "Ruiz"
  email      = "ana@example.com"
  phone      = "+525500000001"
  address    = { street_name = "Calle Uno 1", city = "Ciudad de Mexico", state = "CDMX", postal_code = "06600", country = "MX" }
  account = {
    account_type   = "SWIFT"
    bank_name      = "Example Bank"
    account_number = "012345678901234567"
    swift_code     = "BNMXMXMM"
    bank_address   = { street_name = "Av Dos 2", city = "Ciudad de Mexico", state = "CDMX", postal_code = "06600", country = "MX" }
  }
}
`

const papers = `
  identifying_information = [{
    type            = "passport"
    issuing_country = "MEX"
    number          = "G12345678"
    expiration      = "2030-05-15"
  }]`

// secrets are the values of the variables that a discovery asks for.
var secrets = map[string]string{
	"user_acme_trading_llc_business_type":                                         "llc",
	"user_maria_identifying_information_passport_number":                          "G12345678",
	"user_acme_trading_llc_associated_persons_alice_acme_example_ssn":             "222-22-2221",
	"user_acme_trading_llc_associated_persons_alice_acme_example_document_number": "D11111111",
	"recipient_maria_ana_ruiz_spei_account_clabe":                                 "032180000118359719",
	"recipient_maria_ana_ruiz_spei_account_doc_number":                            "RUAA910203MDFZNN09",
	"recipient_acme_trading_llc_ana_ruiz_swift_account_account_number":            "012345678901234567",
}

func (w *world) discover(t *testing.T, src string) *discover.Found {
	t.Helper()
	p, err := engine.Open(w.options(src))
	if err != nil {
		t.Fatalf("%v\n%s", err, w.said())
	}
	d, err := p.Discover(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The configuration that is written for found objects plans as nothing to do,
// except that attributes which Kira cannot show are sent once, and nothing is
// ever written to Kira.
func TestDiscover(t *testing.T) {
	w := newWorld(t)
	w.run(t, simulated+withMore(maria, papers)+mariasAccount+found, engine.PlanOptions{}, true)
	before := len(w.written())
	w.forget(t)
	d := w.discover(t, simulated)
	if d.Objects != 5 {
		t.Errorf("found %d objects, want 5", d.Objects)
	}
	text := string(d.HCL)
	for _, want := range []string{
		`resource "kira_user" "maria" {`, `resource "kira_user" "acme_trading_llc" {`, `"kira_virtual_account" "maria_act_fiat"`,
		`= kira_user.maria.id`, `= kira_user.acme_trading_llc.id`, `to = kira_recipient.maria_ana_ruiz_spei`, `"A $${x}"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %s in\n%s", want, text)
		}
	}
	for _, not := range []string{"null", "G12345678", "222-22-2221", "032180000118359719", "on_conflict", "status"} {
		if strings.Contains(text, not) {
			t.Errorf("there is %s in\n%s", not, text)
		}
	}
	if formatted, diags := config.Format("x.kira.hcl", d.HCL); diags.HasErrors() || string(formatted) != text {
		t.Errorf("it is not formatted: %v\n%s", diags, text)
	}
	o := w.options(simulated + text)
	for _, name := range d.Variables {
		if secrets[name] == "" {
			t.Errorf("asks for %s", name)
		}
		o.Vars = append(o.Vars, config.VarArg{Name: name, Value: secrets[name]})
	}
	p, err := engine.Open(o)
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, w.said(), text)
	}
	pl, err := p.Plan(t.Context(), engine.PlanOptions{})
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, w.said(), text)
	}
	for _, c := range pl.Changes {
		if c.Action != plan.Adopt {
			t.Errorf("%s of %s is planned, want adopt", c.Action, c.Addr)
		}
	}
	if got := w.causes(); len(got) > 1 || len(got) == 1 && !strings.Contains(got[0], "will be sent once") {
		t.Errorf("attributes change because they %q", got)
	}
	for _, c := range pl.Changes {
		for _, why := range c.Because {
			if why.Cause != plan.Unreadable {
				t.Errorf("%s of %s would change: %s", schema.PathString(why.Path), c.Addr, why.Cause)
			}
		}
	}
	if got := w.written()[before:]; len(got) > 0 {
		t.Errorf("discovering sent %q", got)
	}
}

func TestDiscoverLeavesOutWhatIsManaged(t *testing.T) {
	w := newWorld(t)
	w.run(t, simulated+maria+mariasAccount, engine.PlanOptions{}, true)
	account := w.object(t, "kira_virtual_account.usd").ID
	if d := w.discover(t, simulated+maria+mariasAccount); d.Objects != 0 {
		t.Errorf("found\n%s", d.HCL)
	}
	w.run(t, simulated+maria, engine.PlanOptions{}, true) // forgets the account
	d := w.discover(t, simulated+maria)
	if text := string(d.HCL); d.Objects != 1 || !strings.Contains(text, "= kira_user.maria.id") || !strings.Contains(text, account) {
		t.Errorf("found\n%s", text)
	}
	if slices.ContainsFunc(w.events, func(e event.Event) bool { _, ok := e.(event.Planned); return ok }) {
		t.Error("discovering shows a plan")
	}
}
