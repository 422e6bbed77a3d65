package kinds_test

import (
	"slices"
	"strings"
	"testing"

	"kiraform/internal/diag"
	"kiraform/schema"
)

// The bodies of the brief, as it has them; placeholders are replaced.
var briefBodies = []struct{ name, kind, body string }{
	{"individual", "kira_user", `{
  "type": "individual", "verification_mode": "automatic",
  "first_name": "Maria", "last_name": "Gonzalez", "birth_date": "1990-05-15",
  "email": "maria@example.com", "phone": "+525512345678", "nationality": "MEX",
  "address_street": "Av. Reforma 123", "address_city": "Ciudad de Mexico", "address_state": "CDMX",
  "address_zip_code": "06600", "address_country": "MEX",
  "document_type": "passport", "document_number": "G12345678", "document_country": "MEX",
  "immigration_status": "Non-Resident of U.S.", "employment_status": "employed", "current_employer": "Self",
  "identifying_information": [
    {"type":"passport","issuing_country":"MEX","number":"G12345678","expiration":"2030-05-15"}
  ],
  "additional_info": {"has_us_bank_account":"no","has_denied_bank_account":"no"},
  "account_purpose": "receive_payments"
}`},
	{"business", "kira_user", `{
  "type": "business", "verification_mode": "automatic",
  "business_legal_name": "Acme Trading LLC", "doing_business_as": "Acme", "business_type": "llc",
  "business_industry": ["merchant_wholesalers_nondurable_goods"],
  "formation_date": "2020-01-15", "formation_country": "USA",
  "email": "ops@acme.com", "phone": "+14155559999",
  "address_street": "1 Market Street", "address_city": "San Francisco", "address_state": "CA",
  "address_zip_code": "94105", "address_country": "USA", "ein": "12-3456789",
  "associated_persons": [
    {
      "first_name": "Alice", "last_name": "Smith", "birth_date": "1980-05-15", "email": "alice@acme.com",
      "nationality": "USA", "document_number": "D11111111", "ssn": "222-22-2222", "role": "control_prong"
    }
  ]
}`},
	{"ACT account", "kira_virtual_account", `{
  "user_id": "` + userID + `", "type": "US_BANK", "provider": "act", "mode": "fiat"
}`},
	{"crypto account", "kira_virtual_account", `{
  "user_id": "` + userID + `", "type": "US_BANK", "mode": "crypto", "bank": "slovak_savings_bank",
  "destination": { "currency": "USDC", "network": "solana", "address": "7xKXtg2CW87d97TXJSDpbD5jBkheTqA83TZRuJosgAsU" }
}`},
	{"SWIFT recipient", "kira_recipient", `{
  "user_id": "` + userID + `",
  "first_name": "Maria", "last_name": "Gonzalez", "email": "maria@example.com", "phone": "+5215512345678",
  "address": {
    "street_name": "Av. Insurgentes 100", "city": "Mexico City", "state": "CDMX", "postal_code": "06600", "country": "MX"
  },
  "account": {
    "account_type": "SWIFT", "bank_name": "Banco de Mexico", "account_number": "012345678901234567", "swift_code": "BNMXMXMM",
    "bank_address": {
      "street_name": "Av. Reforma 1", "city": "Mexico City", "state": "CDMX", "postal_code": "06600", "country": "MX"
    }
  }
}`},
	{"webhook", "kira_webhook", `{ "client_uuid": "` + otherC + `", "webhook_url": "https://your-domain.com/kira-webhooks" }`},
	{"version", "kira_version_pin", `{ "target_version": "2026-04-14" }`},
}

// allowed are the warnings of which the brief's own examples are examples: two
// things are missing that it says are.
var allowed = []diag.Code{"source-of-funds-missing", "webhook-secret-missing"}

func TestBriefBodies(t *testing.T) {
	for _, b := range briefBodies {
		t.Run(b.name, func(t *testing.T) {
			for _, environment := range []string{"", "sandbox", "simulator"} {
				for _, p := range check(t, b.kind, b.body, schema.Env{Environment: environment}) {
					if !p.Warning || !slices.Contains(allowed, p.Code) {
						t.Errorf("%s: %v %s", p.Code, p.Path, p.Detail)
					}
				}
			}
		})
	}
}

// The mistakes that the brief warns of are found, one in each case.
func TestBriefGotchas(t *testing.T) {
	body := func(name string) (string, string) {
		for _, b := range briefBodies {
			if b.name == name {
				return b.kind, b.body
			}
		}
		t.Fatalf("no body %s", name)
		return "", ""
	}
	for _, tt := range []struct{ name, old, new, code, detail string }{
		{"individual", `"verification_mode": "automatic"`, `"verification_mode": "manual"`, "value-not-accepted", `"automatic"`},
		{"individual", `"nationality": "MEX"`, `"nationality": "MX"`, "invalid-country", `Did you mean "MEX"?`},
		{"individual", `"has_us_bank_account":"no"`, `"has_us_bank_account":false`, "invalid-yes-no", `Did you mean "no"?`},
		{"individual", `Non-Resident of U.S.`, `Non Resident of US`, "value-not-accepted", `Did you mean "Non-Resident of U.S."?`},
		{"individual", `"current_employer"`, `"ssn": "111-11-1111", "current_employer"`, "ssn-outside-usa", "Remove it."},
		{"individual", `"receive_payments"`, `"internal_treasury"`, "value-not-accepted", "account_purpose"},
		{"business", `"merchant_wholesalers_nondurable_goods"`, `"wholesale_trade"`, "value-not-accepted", "business_industry"},
		{"business", `"llc"`, `"gmbh"`, "value-not-accepted", `"sole_proprietorship"`},
		{"business", `"ssn": "222-22-2222", `, ``, "control-prong-ssn", "ssn"},
		{"business", `"role": "control_prong"`, `"role": "owner"`, "control-prong-missing", "control_prong"},
		{"business", `"email": "alice@acme.com",`, ``, "missing-merge-key", "email"},
		{"ACT account", `"act"`, `"portage"`, "value-not-accepted", `"act", "zenus"`},
		{"ACT account", `"provider": "act",`, ``, "bank-missing", "bank"},
		{"ACT account", `"fiat"`, `"FIAT"`, "value-not-accepted", `"fiat"`},
		{"ACT account", `"US_BANK"`, `"MX_SPEI"`, "value-not-accepted", "US_BANK"},
		{"crypto account", `"USDC"`, `"BTC"`, "value-not-accepted", "USDT"},
		{"crypto account", `"network": "solana"`, `"network": "tron"`, "coin-not-on-network", "tron"},
		{"crypto account", `"mode": "crypto"`, `"mode": "fiat"`, "misplaced-attribute", "destination"},
		{"SWIFT recipient", `"phone": "+5215512345678",`, ``, "missing-attribute", "phone"},
		{"SWIFT recipient", `"swift_code": "BNMXMXMM",`, ``, "missing-attribute", "swift_code"},
		{"SWIFT recipient", `"last_name": "Gonzalez",`, ``, "recipient-name", "last_name"},
	} {
		kind, src := body(tt.name)
		if changed := strings.Replace(src, tt.old, tt.new, 1); changed != src {
			var found []schema.Problem
			for _, p := range check(t, kind, changed, schema.Env{Environment: "sandbox"}) {
				if !p.Warning {
					found = append(found, p)
				}
			}
			if len(found) != 1 || string(found[0].Code) != tt.code || !strings.Contains(found[0].Detail, tt.detail) {
				t.Errorf("%s with %s: got %v, want one %s", tt.name, tt.new, found, tt.code)
			}
		} else {
			t.Errorf("%s has no %s", tt.name, tt.old)
		}
	}
}

// The brief, "Create recipient": an e-mail address is required for WIRE, ACH and
// SWIFT.
func TestEmailByRail(t *testing.T) {
	for rail, required := range map[string]bool{"WIRE": true, "ACH": true, "SWIFT": true, "USD": false, "SPEI": false, "WALLET": false} {
		src := `{ user_id = "` + userID + `", first_name = "Ana", last_name = "Ruiz", account = { account_type = "` + rail + `" } }`
		asked := false
		for _, p := range withCode(check(t, "kira_recipient", src, schema.Env{}), "missing-attribute") {
			asked = asked || strings.Contains(p.Detail, "needs email")
		}
		if asked != required {
			t.Errorf("%s: an e-mail address is asked for: %t, want %t", rail, asked, required)
		}
	}
}
