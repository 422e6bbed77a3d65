package simulator_test

import (
	"strings"
	"testing"

	"kiraform/internal/simulator"
)

// The bodies of the brief, letter by letter. They show shapes, not complete
// users (documented.md 16.3).
const (
	briefIndividual = `{
  "type": "individual",
  "verification_mode": "automatic",
  "first_name": "Maria",
  "last_name": "Gonzalez",
  "birth_date": "1990-05-15",
  "email": "maria@example.com",
  "phone": "+525512345678",
  "nationality": "MEX",
  "address_street": "Av. Reforma 123",
  "address_city": "Ciudad de Mexico",
  "address_state": "CDMX",
  "address_zip_code": "06600",
  "address_country": "MEX",
  "document_type": "passport",
  "document_number": "G12345678",
  "document_country": "MEX",
  "immigration_status": "Non-Resident of U.S.",
  "employment_status": "employed",
  "current_employer": "Self",
  "identifying_information": [
    {"type":"passport","issuing_country":"MEX","number":"G12345678","expiration":"2030-05-15"}
  ],
  "additional_info": {"has_us_bank_account":"no","has_denied_bank_account":"no"},
  "account_purpose": "receive_payments"
}`
	briefBusiness = `{
  "type": "business",
  "verification_mode": "automatic",
  "business_legal_name": "Acme Trading LLC",
  "doing_business_as": "Acme",
  "business_type": "llc",
  "business_industry": ["merchant_wholesalers_nondurable_goods"],
  "formation_date": "2020-01-15",
  "formation_country": "USA",
  "email": "ops@acme.com",
  "phone": "+14155559999",
  "address_street": "1 Market Street",
  "address_city": "San Francisco",
  "address_state": "CA",
  "address_zip_code": "94105",
  "address_country": "USA",
  "ein": "12-3456789",
  "associated_persons": [
    {
      "first_name": "Alice",
      "last_name": "Smith",
      "birth_date": "1980-05-15",
      "email": "alice@acme.com",
      "nationality": "USA",
      "document_number": "D11111111",
      "ssn": "222-22-2222",
      "role": "control_prong"
    }
  ]
}`
	briefAccount = `{
  "user_id": "<verified_user_id>",
  "type": "US_BANK",
  "provider": "act",
  "mode": "fiat"
}`
	briefRecipient = `{
  "user_id": "<verified_user_id>",
  "first_name": "Maria",
  "last_name": "Gonzalez",
  "email": "maria@example.com",
  "phone": "+5215512345678",
  "address": {
    "street_name": "Av. Insurgentes 100",
    "city": "Mexico City",
    "state": "CDMX",
    "postal_code": "06600",
    "country": "MX"
  },
  "account": {
    "account_type": "SWIFT",
    "bank_name": "Banco de Mexico",
    "account_number": "012345678901234567",
    "swift_code": "BNMXMXMM",
    "bank_address": {
      "street_name": "Av. Reforma 1",
      "city": "Mexico City",
      "state": "CDMX",
      "postal_code": "06600",
      "country": "MX"
    }
  }
}`
)

func TestTheBodiesOfTheBrief(t *testing.T) {
	c := dial(t, &simulator.Server{})
	maria := c.send("POST", "/v1/users", briefIndividual).wantStatus(201).
		want("missing_fields.usa-virtual-accounts-act", []any{"occupation:when_employment_status:employed"})
	c.send("POST", "/v1/users", briefBusiness).wantStatus(201).
		want("missing_fields.usa-virtual-accounts-act", []any{"account_purpose"})

	id := maria.text("id")
	c.send("POST", "/v1/recipients", strings.Replace(briefRecipient, "<verified_user_id>", id, 1)).wantStatus(201)

	c.send("PUT", "/v1/users/"+id, doc{"occupation": "Engineer", "source_of_funds": "salary"}).wantStatus(200).
		want("verification_triggered", true)
	if err := c.s.SetUserStatus(id, "VERIFIED"); err != nil {
		t.Fatal(err)
	}
	c.send("POST", "/v1/virtual-accounts", strings.Replace(briefAccount, "<verified_user_id>", id, 1)).wantStatus(201).
		want("status", "approved")
}
