package engine_test

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"kiraform/internal/addr"
)

// changeable are the users of random configurations: another first name and
// e-mail may be drawn together, and are the same person's.
var changeable = []addr.Resource{{Kind: "kira_user", Name: "person"}}

// random draws a small configuration: users of both types, their objects, the
// webhook and the pin. Drawing again gives another one over the same names, so
// that a second apply updates, replaces, creates and forgets.
func random(t *rapid.T) string {
	var b strings.Builder
	b.WriteString("provider \"kira\" {\n  environment = \"simulator\"\n}\n")
	pick := func(name string) bool { return rapid.Bool().Draw(t, name) }
	if pick("pin") {
		b.WriteString("resource \"kira_version_pin\" \"p\" {\n  target_version = \"2026-04-14\"\n}\n")
	}
	if pick("webhook") {
		fmt.Fprintf(&b, "resource \"kira_webhook\" \"w\" {\n  webhook_url = \"http://127.0.0.1:%d/\"\n  secret = \"secret-%d\"\n}\n",
			rapid.IntRange(1, 2).Draw(t, "port"), rapid.IntRange(1, 2).Draw(t, "secret"))
	}
	if pick("person") {
		b.WriteString(person(t))
		if pick("account") {
			b.WriteString("resource \"kira_virtual_account\" \"act\" {\n  user_id = kira_user.person.id\n  type = \"US_BANK\"\n  provider = \"act\"\n  mode = \"fiat\"\n}\n")
			b.WriteString("output \"number\" {\n  value = kira_virtual_account.act.account_number\n}\n")
		}
		if n := rapid.IntRange(0, 3).Draw(t, "recipients"); n > 0 {
			curps := []string{"RUAA910203MDFZNN09", "ROOL881120HDFRRS01"}
			curp := rapid.IntRange(0, 1).Draw(t, "curp")
			clabes := clabes(100*curp, n)
			if n > 1 && pick("alike") {
				clabes = alike
			}
			fmt.Fprintf(&b, "resource \"kira_recipient\" \"spei\" {\n  count = %d\n  user_id = kira_user.person.id\n  first_name = \"Ana\"\n  last_name = \"Ruiz\"\n"+
				"  account = {\n    account_type = \"SPEI\"\n    clabe = %s\n    doc_type = \"curp\"\n    doc_number = %q\n  }\n}\n",
				n, clabes, curps[curp])
		}
	}
	if pick("company") {
		b.WriteString(company(t))
	}
	return b.String()
}

// alike stands for the CLABE of recipients that are meant to be the same to
// everybody but kiraform.
const alike = `"032180000118359719" # alike`

// clabes is an expression for one of n CLABEs, by count.index; from another
// first number on they are others.
func clabes(first, n int) string {
	list := make([]string, n)
	for i := range list {
		digits, sum := fmt.Sprintf("032180%011d", first+i), 0
		for j, d := range digits {
			sum += int(d-'0') * []int{3, 7, 1}[j%3] % 10
		}
		list[i] = fmt.Sprintf("%q", fmt.Sprint(digits, (10-sum%10)%10))
	}
	return "[" + strings.Join(list, ", ") + "][count.index]"
}

func person(t *rapid.T) string {
	var b strings.Builder
	b.WriteString("resource \"kira_user\" \"person\" {\n  type = \"individual\"\n  verification_mode = \"automatic\"\n")
	set := func(name string, values ...string) {
		fmt.Fprintf(&b, "  %s = %q\n", name, rapid.SampledFrom(values).Draw(t, name))
	}
	set("first_name", "Maria", "Ana")
	set("last_name", "Gonzalez")
	set("birth_date", "1990-05-15")
	set("email", "maria@example.com", "ana@example.com")
	set("phone", "+525512345678", "+525587654321")
	set("nationality", "MEX")
	set("address_street", "Av. Reforma 123", "Calle Uno 1")
	set("address_city", "Ciudad de Mexico")
	set("address_state", "CDMX")
	set("address_zip_code", "06600")
	set("address_country", "MEX")
	set("document_type", "passport")
	set("document_number", "G12345678", "G87654321")
	set("document_country", "MEX")
	set("immigration_status", "Non-Resident of U.S.")
	set("employment_status", "employed")
	set("current_employer", "Self", "Acme")
	set("occupation", "Engineer")
	set("source_of_funds", "salary", "savings")
	set("account_purpose", "receive_payments", "make_payments")
	fmt.Fprintf(&b, "  additional_info = {\n    has_us_bank_account = %q\n    has_denied_bank_account = \"no\"\n  }\n",
		rapid.SampledFrom([]string{"yes", "no"}).Draw(t, "has_us_bank_account"))
	if rapid.Bool().Draw(t, "metadata") {
		fmt.Fprintf(&b, "  metadata = {\n    team = %q\n    %s = \"x\"\n  }\n",
			rapid.SampledFrom([]string{"a", "b"}).Draw(t, "team"), rapid.SampledFrom([]string{"k1", "k2"}).Draw(t, "key"))
	}
	if rapid.Bool().Draw(t, "papers") {
		fmt.Fprintf(&b, "  identifying_information = [{\n    type = \"passport\"\n    issuing_country = \"MEX\"\n    number = %q\n    expiration = \"2030-05-15\"\n  }]\n",
			rapid.SampledFrom([]string{"G12345678", "G87654321"}).Draw(t, "number"))
	}
	return b.String() + "}\n"
}

func company(t *rapid.T) string {
	var b strings.Builder
	b.WriteString(`resource "kira_user" "company" {
  type = "business"
  verification_mode = "automatic"
  business_legal_name = "Acme Trading LLC"
  business_type = "llc"
  formation_date = "2020-01-15"
  formation_country = "USA"
  email = "ops@acme.example"
  address_street = "1 Market Street"
  address_city = "San Francisco"
  address_state = "CA"
  address_zip_code = "94105"
  address_country = "USA"
  account_purpose = "operating_a_company"
  source_of_funds = "company_funds"
`)
	set := func(name string, values ...string) {
		fmt.Fprintf(&b, "  %s = %s\n", name, rapid.SampledFrom(values).Draw(t, name))
	}
	set("doing_business_as", `"Acme"`, `"Acme 2"`, "null")
	set("phone", `"+14155559999"`, `"+14155551111"`)
	set("ein", `"12-3456789"`, `"98-7654321"`)
	set("business_industry", `["merchant_wholesalers_nondurable_goods"]`, `["real_estate", "utilities"]`)
	b.WriteString("  associated_persons = [\n")
	for i := range rapid.IntRange(1, 3).Draw(t, "persons") {
		fmt.Fprintf(&b, "    {\n      first_name = %q\n      last_name = \"Smith\"\n      birth_date = \"1980-05-15\"\n      email = \"p%d@acme.example\"\n"+
			"      nationality = \"USA\"\n      document_number = %q\n      ssn = \"222-22-222%d\"\n      role = %q\n    },\n",
			rapid.SampledFrom([]string{"Alice", "Bob"}).Draw(t, "person"), i,
			rapid.SampledFrom([]string{"D11111111", "D22222222"}).Draw(t, "document"), i, []string{"control_prong", "ubo"}[min(i, 1)])
	}
	return b.String() + "  ]\n}\n"
}
