package kinds_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"

	"kiraform/internal/diag"
	"kiraform/schema"
	"kiraform/schema/kinds"
)

// Attributes that examples leave out: the rule under test is all that should
// speak.
const (
	aPerson   = `type = "individual", first_name = "Maria", last_name = "Gonzalez", email = "maria@example.com", birth_date = "1990-05-15", nationality = "MEX", source_of_funds = "salary"`
	aBusiness = `type = "business", business_legal_name = "Acme", business_type = "llc", email = "ops@acme.com", source_of_funds = "company_funds"`
	alice     = `{ first_name = "Alice", last_name = "Smith", email = "alice@acme.com", role = "control_prong", ssn = "222-22-2222" }`
	anAccount = `user_id = "` + userID + `", type = "US_BANK", mode = "fiat"`
	aWallet   = `user_id = "` + userID + `", type = "US_BANK", mode = "crypto", bank = "portage"`
	payee     = `user_id = "` + userID + `", first_name = "Maria", last_name = "Gonzalez", email = "maria@example.com", phone = "+525512345678", ` +
		`address = { street_name = "Calle 1", city = "Mexico City", state = "CDMX", postal_code = "06600", country = "MX" }`
	swift = `account_type = "SWIFT", bank_name = "Banco", account_number = "0123456789", swift_code = "BNMXMXMM"`
	ach   = `account_type = "ACH", bank_name = "Bank", account_number = "0123456789", routing_number = "021000021", type = "checking", doc_type = "passport", doc_number = "G1"`
	there = `bank_address = { street_name = "Calle 2", city = "Mexico City", state = "CDMX", postal_code = "06600", country = "MX" }`
)

// examples has, for every rule, blocks that it says nothing of and blocks that
// it objects to.
var examples = []struct {
	rule        diag.Code
	kind        string
	environment string
	pass, fail  []string
}{
	{"liquidation-pair", "kira_liquidation_address", "",
		[]string{`token = "USDC", network = "solana"`, `token = "USDT", network = "tron"`, `token = "USDT", network = unknown`},
		[]string{`token = "USDT", network = "solana"`, `token = "USDC", network = "tron"`}},
	{"recipient-name", "kira_liquidation_address", "",
		[]string{`recipient = { type = "business", company_name = "Acme" }`, `recipient = unknown`},
		[]string{`recipient = { type = "business" }`, `recipient = { type = "individual", first_name = "Ana" }`}},
	{"bank-address-form", "kira_liquidation_address", "",
		[]string{`recipient = { account = { ` + ach + `, bank_address = "1 Main Street" } }`},
		[]string{`recipient = { account = { ` + ach + `, ` + there + ` } }`}},
	{"user-incomplete", "kira_user", "",
		[]string{aPerson, `type = "individual", verification_mode = "verification_link", first_name = "M", last_name = "G", email = "m@x.com"`, `type = unknown, email = "m@x.com"`},
		[]string{strings.Replace(aPerson, `birth_date = "1990-05-15", `, "", 1), strings.Replace(aPerson, `nationality = "MEX", `, "", 1), aBusiness}},
	{"source-of-funds-missing", "kira_user", "",
		[]string{aPerson, strings.Replace(aPerson, `"salary"`, `unknown`, 1)},
		[]string{strings.Replace(aPerson, `, source_of_funds = "salary"`, "", 1)}},
	{"source-of-funds-unmatched", "kira_user", "",
		[]string{aBusiness, aPerson},
		[]string{strings.Replace(aBusiness, `"company_funds"`, `"salary"`, 1), strings.Replace(aBusiness, `"company_funds"`, `"revenue"`, 1), strings.Replace(aPerson, `"salary"`, `"wages"`, 1)}},
	{"employer-without-employment", "kira_user", "",
		[]string{aPerson + `, current_employer = "Acme", employment_status = "employed"`, aPerson + `, current_employer = "Acme", employment_status = unknown`, aPerson},
		[]string{aPerson + `, current_employer = "Acme", employment_status = "self_employed"`}},
	{"control-prong-missing", "kira_user", "",
		[]string{aBusiness + `, associated_persons = [` + alice + `]`, aBusiness + `, associated_persons = unknown`,
			aBusiness + `, associated_persons = [` + strings.Replace(alice, `"control_prong"`, `unknown`, 1) + `]`},
		[]string{aBusiness + `, associated_persons = [` + strings.Replace(alice, `"control_prong"`, `"owner"`, 1) + `]`, aBusiness + `, associated_persons = []`}},
	{"redirect-without-link", "kira_user", "",
		[]string{aPerson + `, verification_mode = "verification_link", redirect_uri = "https://x.com"`, aPerson},
		[]string{aPerson + `, redirect_uri = "https://x.com"`}},
	{"link-mode-forgets", "kira_user", "",
		[]string{aPerson + `, verification_mode = "verification_link"`, aPerson + `, address_city = "Lima"`},
		[]string{aPerson + `, verification_mode = "verification_link", address_city = "Lima"`}},
	{"ssn-outside-usa", "kira_user", "",
		[]string{aPerson + `, ssn = "1", address_country = "USA"`, strings.Replace(aPerson, "MEX", "USA", 1) + `, ssn = "1", address_country = "MEX"`,
			aPerson + `, ssn = "1", immigration_status = "Permanent U.S. Resident"`, aPerson + `, ssn = "1", address_country = unknown`},
		[]string{aPerson + `, ssn = "1", address_country = "MEX"`, aPerson + `, ssn = "1", immigration_status = "Non-Resident of U.S."`}},
	{"ein-outside-usa", "kira_user", "",
		[]string{aBusiness + `, ein = "12-3456789", formation_country = "USA", address_country = "MEX"`, aBusiness + `, ein = "12-3456789"`, aBusiness + `, formation_country = "MEX"`},
		[]string{aBusiness + `, ein = "12-3456789", formation_country = "MEX", address_country = "MEX"`}},
	{"control-prong-ssn", "kira_user", "",
		[]string{aBusiness + `, address_country = "USA", associated_persons = [` + alice + `]`,
			aBusiness + `, address_country = "USA", associated_persons = [` + strings.Replace(alice, `ssn = "222-22-2222"`, `identifying_information = [{ type = "ssn", number = "222-22-2222" }]`, 1) + `]`,
			aBusiness + `, address_country = "USA", associated_persons = [` + strings.Replace(strings.Replace(alice, `"222-22-2222"`, `null`, 1), `"control_prong"`, `"owner"`, 1) + `]`,
			aBusiness + `, address_country = "MEX", associated_persons = [` + strings.Replace(alice, `"222-22-2222"`, `null`, 1) + `]`},
		[]string{aBusiness + `, address_country = "USA", associated_persons = [` + strings.Replace(alice, `"222-22-2222"`, `null`, 1) + `]`,
			aBusiness + `, formation_country = "USA", associated_persons = [` + strings.Replace(alice, `"222-22-2222"`, `null`, 1) + `]`}},
	{"restricted-country", "kira_user", "",
		[]string{aPerson + `, address_country = "MEX"`},
		[]string{aPerson + `, address_country = "CUB"`, aBusiness + `, formation_country = "VEN"`}},
	{"ssn-outside-usa", "kira_user", "",
		[]string{aPerson + `, address_country = "USA", identifying_information = [{ type = "ssn", number = "222-22-2222" }]`},
		[]string{aPerson + `, address_country = "MEX", identifying_information = [{ type = "ssn", number = "222-22-2222" }]`}},
	{"ein-outside-usa", "kira_user", "",
		[]string{aBusiness + `, address_country = "USA", identifying_information = [{ type = "ein", number = "12-3456789" }]`},
		[]string{aBusiness + `, address_country = "MEX", identifying_information = [{ type = "ein", number = "12-3456789" }]`}},
	{"tax-id-country", "kira_user", "",
		[]string{aPerson + paperOf("curp", "MEX", ""), aPerson + paperOf("nit", "COL", ""), aPerson + paperOf("passport", "USA", ""), aPerson + `, identifying_information = [{ type = "curp", issuing_country = unknown }]`},
		[]string{aPerson + paperOf("curp", "USA", ""), aPerson + paperOf("cpf", "MEX", "")}},
	{"tax-id-form", "kira_user", "",
		[]string{aPerson + paperOf("curp", "MEX", "RUAA910203MDFZNN09"), aPerson + paperOf("rfc", "MEX", "RUAA910203AB1"), aPerson + paperOf("cpf", "BRA", "529.982.247-25"),
			aBusiness + paperOf("cnpj", "BRA", "11.222.333/0001-81"), aBusiness + paperOf("cnpj", "BRA", "12ABC34501DE35"), aPerson + `, ssn = "222222222"`, aPerson + paperOf("passport", "MEX", "1"), aPerson + `, ssn = unknown`},
		[]string{aPerson + paperOf("curp", "MEX", "RUAA910203"), aPerson + paperOf("rfc", "MEX", "ruaa910203ab1"), aPerson + paperOf("cpf", "BRA", "52998224724"),
			aPerson + paperOf("cpf", "BRA", "11111111111"), aBusiness + paperOf("cnpj", "BRA", "11222333000182"), aPerson + `, ssn = "222"`, aPerson + paperOf("itin", "USA", "123456789"),
			aBusiness + `, associated_persons = [` + strings.Replace(alice, "222-22-2222", "1", 1) + `]`}},
	{"tax-id-documents", "kira_user", "",
		[]string{aPerson + paperOf("curp", "MEX", "1"), aPerson + `, identifying_information = [{ type = "passport", documents = [{ type = "front", file = "https://x.com/a.png" }] }]`},
		[]string{aPerson + `, identifying_information = [{ type = "curp", documents = [{ type = "front", file = "https://x.com/a.png" }] }]`}},
	{"phone-unlikely", "kira_user", "",
		[]string{aPerson + `, phone = "+525512345678"`, aPerson + `, phone = "+5215512345678"`, aPerson + `, phone = "+14155559999"`, aPerson + `, phone = unknown`, aPerson + `, phone = "14155559999"`},
		[]string{aPerson + `, phone = "+11155559999"`, aPerson + `, phone = "+9991234567"`, aPerson + `, phone = "+52551234567"`,
			aBusiness + `, associated_persons = [{ first_name = "A", last_name = "B", email = "a@b.com", phone_number = "+5701234567890" }]`}},
	{"document-tiny", "kira_user", "",
		[]string{aPerson + scan(300), aPerson + `, identifying_information = [{ type = "passport", documents = [{ type = "front", file = "https://x.com/a.png" }] }]`},
		[]string{aPerson + scan(1), aPerson + scan(40)}},
	{"document-too-large", "kira_user", "",
		[]string{aPerson + scan(300)},
		[]string{aPerson + `, identifying_information = [{ type = "passport", documents = [{ type = "front", file = huge }] }]`}},

	{"bank-missing", "kira_virtual_account", "",
		[]string{anAccount + `, provider = "act"`, anAccount + `, bank = "portage"`, anAccount + `, bank = unknown`, anAccount + `, provider = unknown`},
		[]string{anAccount, anAccount + `, provider = "zenus"`}},
	{"bank-elsewhere", "kira_virtual_account", "sandbox",
		[]string{anAccount + `, bank = "slovak_savings_bank"`, anAccount + `, bank = "jp_morgan"`},
		[]string{anAccount + `, bank = "portage"`}},
	{"bank-elsewhere", "kira_virtual_account", "production",
		[]string{anAccount + `, bank = "portage"`}, []string{anAccount + `, bank = "slovak_savings_bank"`}},
	{"bank-elsewhere", "kira_virtual_account", "",
		[]string{anAccount + `, bank = "portage"`, anAccount + `, bank = "slovak_savings_bank"`}, nil},
	{"bank-elsewhere", "kira_virtual_account", "simulator",
		[]string{anAccount + `, bank = "slovak_savings_bank"`}, []string{anAccount + `, bank = "zenus"`, anAccount + `, provider = "zenus"`}},
	{"bank-elsewhere", "kira_virtual_account", "", nil, []string{anAccount + `, bank = "zenus"`}},
	{"act-in-crypto", "kira_virtual_account", "",
		[]string{anAccount + `, provider = "act"`, aWallet, strings.Replace(aWallet, `"crypto"`, `unknown`, 1)},
		[]string{strings.Replace(aWallet, "portage", "austin_capital_trust", 1), strings.Replace(aWallet, `bank = "portage"`, `provider = "act"`, 1)}},
	{"version-untested", "kira_version_pin", "",
		[]string{`target_version = "2026-04-14"`, `target_version = unknown`},
		[]string{`target_version = "2026-06-01"`, `target_version = "2026-04-15"`, `target_version = "2025-01-01"`}},
	{"declares-no", "kira_user", "",
		[]string{aPerson + `, additional_info = { has_us_bank_account = "no", has_denied_bank_account = "yes" }`, aPerson + `, additional_info = unknown`,
			aPerson + `, verification_mode = "verification_link"`, aBusiness},
		[]string{aPerson, aPerson + `, additional_info = { has_us_bank_account = "no" }`}},
	{"address-part-empty", "kira_recipient", "", []string{payee}, []string{strings.Replace(payee, `"CDMX"`, `""`, 1), strings.Replace(payee, `"06600"`, `" "`, 1)}},
	{"bank-not-known", "kira_virtual_account", "sandbox",
		[]string{anAccount + `, bank = "portage"`, anAccount + `, provider = "act"`}, []string{anAccount + `, bank = "jp_morgan"`}},
	{"bank-against-provider", "kira_virtual_account", "",
		[]string{anAccount + `, provider = "act", bank = "austin_capital_trust"`, anAccount + `, bank = "portage"`},
		[]string{anAccount + `, provider = "act", bank = "portage"`}},
	{"coin-not-on-network", "kira_virtual_account", "",
		[]string{aWallet + `, destination = { currency = "USDT", network = "tron", address = "x" }`, aWallet + `, destination = { currency = unknown, network = "tron", address = "x" }`},
		[]string{aWallet + `, destination = { currency = "USDC", network = "tron", address = "x" }`}},

	{"wallet-address", "kira_virtual_account", "",
		[]string{aWallet + sweep("solana", "7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV"), aWallet + sweep("tron", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"),
			aWallet + sweep("polygon", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"), aWallet + sweep("polygon", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"),
			aWallet + sweep("polygon", "0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED"), aWallet + sweep("bitcoin", "x")},
		[]string{aWallet + sweep("solana", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"), aWallet + sweep("solana", "7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFL"),
			aWallet + sweep("polygon", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"), aWallet + sweep("polygon", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Bea"),
			aWallet + sweep("tron", "7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV"), aWallet + sweep("solana", "0OIl")}},

	{"recipient-name", "kira_recipient", "",
		[]string{payee, `user_id = "` + userID + `", type = "business", company_name = "Acme"`, `user_id = "` + userID + `", type = unknown`},
		[]string{`user_id = "` + userID + `", company_name = "Acme"`, payee + `, type = "business"`, payee + `, company_name = "Acme"`}},
	{"bank-address-form", "kira_recipient", "",
		[]string{payee + `, account = { ` + swift + `, ` + there + ` }`, payee + `, account = { ` + ach + `, bank_address = "Calle 2, Mexico City" }`,
			payee + `, account = { ` + swift + `, bank_address = unknown }`},
		[]string{payee + `, account = { ` + swift + `, bank_address = "Calle 2, Mexico City" }`, payee + `, account = { ` + ach + `, ` + there + ` }`,
			payee + `, account = { ` + swift + `, ` + strings.Replace(there, `"MX"`, `"MEX"`, 1) + ` }`,
			payee + `, account = { ` + swift + `, ` + strings.Replace(there, `"CDMX"`, `""`, 1) + ` }`,
			payee + `, account = { ` + swift + `, ` + strings.Replace(there, `street_name`, `street`, 1) + ` }`,
			payee + `, account = { ` + ach + `, bank_address = "` + strings.Repeat("x", 501) + `" }`}},
	{"number-length", "kira_recipient", "",
		[]string{payee + `, account = { ` + swift + `, ` + there + ` }`, payee + `, account = { account_type = "PEN", account_number = "01234567890123456789" }`,
			strings.Replace(payee, "+525512345678", "+52 55 1234 5678", 1)},
		[]string{payee + `, account = { ` + strings.Replace(swift, `"0123456789"`, `"012"`, 1) + `, ` + there + ` }`,
			payee + `, account = { account_type = "PEN", account_number = "0123456789" }`, payee + `, account = { account_type = "ARS", doc_number = "1" }`,
			strings.Replace(payee, "+525512345678", "+52 (55) 1234 5678", 1)}},
	{"token-not-on-network", "kira_recipient", "",
		[]string{payee + `, account = { account_type = "WALLET", token = "USDT", network = "tron", address = "x" }`},
		[]string{payee + `, account = { account_type = "WALLET", token = "USDT", network = "solana", address = "x" }`}},
	{"wallet-address", "kira_recipient", "",
		[]string{payee + `, account = { account_type = "WALLET", token = "USDT", network = "tron", address = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t" }`, payee + `, account = { account_type = "WALLET", network = "tron", address = unknown }`},
		[]string{payee + `, account = { account_type = "WALLET", token = "USDT", network = "tron", address = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u" }`}},
	{"bank-number-unlikely", "kira_recipient", "",
		[]string{payee + `, account = { ` + ach + ` }`, payee + `, account = { ` + swift + ` }`, payee + `, account = { account_type = "SPEI", clabe = "032180000118359719" }`, payee + `, account = { account_type = "SPEI", clabe = "1" }`},
		[]string{payee + `, account = { ` + strings.Replace(ach, "021000021", "123456789", 1) + ` }`, payee + `, account = { ` + strings.Replace(swift, "BNMXMXMM", "bnmxmxmm", 1) + ` }`,
			payee + `, account = { account_type = "SPEI", clabe = "032180000118359718" }`}},
	{"bank-number-unlikely", "kira_liquidation_address", "",
		[]string{`recipient = { account = { ` + ach + ` } }`}, []string{`recipient = { account = { ` + strings.Replace(ach, "021000021", "123456789", 1) + ` } }`}},
	{"holder-document-missing", "kira_recipient", "",
		[]string{payee + `, account = { ` + ach + ` }`, payee + `, account = { ` + swift + ` }`},
		[]string{payee + `, account = { ` + strings.Replace(ach, `, doc_type = "passport", doc_number = "G1"`, "", 1) + ` }`,
			payee + `, account = { account_type = "CRC", account_number = "0123456789" }`, payee + `, account = { account_type = "SVUSD", account_number = "0123456789", doc_type = "nit" }`}},
	{"iban-check-digits", "kira_recipient", "",
		[]string{payee + ibanOf("DE89370400440532013000"), payee + ibanOf("GB29 NWBK 6016 1331 9268 19"), payee + ibanOf("0123456789"), payee + ibanOf("AB12CD")},
		[]string{payee + ibanOf("DE89370400440532013001"), payee + ibanOf("gb29 nwbk 6016 1331 9268 18")}},
	{"phone-unlikely", "kira_recipient", "", []string{payee}, []string{strings.Replace(payee, "+525512345678", "+9995512345678", 1)}},
	{"tax-id-form", "kira_recipient", "",
		[]string{payee + `, account = { account_type = "SPEI", doc_type = "curp", doc_number = "RUAA910203MDFZNN09" }`},
		[]string{payee + `, account = { account_type = "SPEI", doc_type = "curp", doc_number = "RUAA" }`}},
	{"doc-type-case", "kira_recipient", "",
		[]string{payee + `, account = { account_type = "PEN", doc_type = "dni" }`, payee + `, account = { account_type = "SPEI", doc_type = "RFC" }`},
		[]string{payee + `, account = { account_type = "PEN", doc_type = "DNI" }`}},

	{"webhook-secret-short", "kira_webhook", "",
		[]string{`webhook_url = "https://x.com", secret = "12345"`, `webhook_url = "https://x.com"`}, []string{`webhook_url = "https://x.com", secret = "1234"`}},
	{"webhook-secret-missing", "kira_webhook", "",
		[]string{`webhook_url = "https://x.com", secret = "12345"`, `webhook_url = "https://x.com", secret = unknown`}, []string{`webhook_url = "https://x.com"`}},
	{"webhook-not-https", "kira_webhook", "",
		[]string{`webhook_url = "https://x.com"`}, []string{`webhook_url = "http://x.com"`}},
}

// paperOf is one tax number or document of a user.
func paperOf(kind, country, number string) string {
	if number == "" {
		return fmt.Sprintf(`, identifying_information = [{ type = %q, issuing_country = %q }]`, kind, country)
	}
	return fmt.Sprintf(`, identifying_information = [{ type = %q, issuing_country = %q, number = %q }]`, kind, country, number)
}

// sweep is the wallet of a crypto account.
func sweep(network, address string) string {
	return fmt.Sprintf(`, destination = { currency = "USDT", network = %q, address = %q }`, network, address)
}

// ibanOf is a SWIFT account with that number.
func ibanOf(number string) string {
	return `, account = { ` + strings.Replace(swift, "0123456789", number, 1) + `, ` + there + ` }`
}

// scan is an identity document with a picture that many pixels wide and high.
func scan(pixels int) string {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, pixels, pixels))); err != nil {
		panic(err)
	}
	return fmt.Sprintf(`, identifying_information = [{ type = "passport", documents = [{ type = "front", file = "data:image/png;base64,%s" }] }]`,
		base64.StdEncoding.EncodeToString(b.Bytes()))
}

func TestRules(t *testing.T) {
	for _, tt := range examples {
		t.Run(string(tt.rule), func(t *testing.T) {
			env := schema.Env{Environment: tt.environment}
			for _, src := range tt.pass {
				if found := withCode(check(t, tt.kind, "{"+src+"}", env), tt.rule); found != nil {
					t.Errorf("it objects to { %.200s }: %s", src, found[0].Detail)
				}
			}
			for _, src := range tt.fail {
				found := withCode(check(t, tt.kind, "{"+src+"}", env), tt.rule)
				if found == nil {
					t.Errorf("it lets { %.200s } pass", src)
				}
				for _, p := range found {
					if len(p.Path) == 0 || p.Summary == "" || strings.HasSuffix(p.Summary, ".") || !strings.HasSuffix(p.Detail, ".") {
						t.Errorf("it does not explain itself: %+v", p)
					}
				}
			}
		})
	}
}

// Only a value that the documents or a recording show to be refused is an error:
// of these recipients no more is said than that they are a risk.
func TestRecipientsThatNoDocumentRefuses(t *testing.T) {
	for _, account := range []string{
		strings.Replace(ach, `"ACH"`, `"WIRE"`, 1) + `, ` + there,
		strings.NewReplacer(`"ACH"`, `"WIRE"`, `"passport"`, `"ssn"`).Replace(ach) + `, ` + there,
		`account_type = "SPEI", clabe = "032180000118359719", doc_country_code = "US"`,
		`account_type = "PEN", account_number = "01234567890123456789", bank_code = "1", city = "Lima", doc_type = "DNI", doc_number = "1"`,
		`account_type = "CRC", account_number = "0123456789"`, `account_type = "GTQ", account_number = "0123456789"`,
		`account_type = "PAUSD", account_number = "0123456789"`, `account_type = "PYG", account_number = "0123456789"`,
		`account_type = "SVUSD", account_number = "0123456789"`,
	} {
		for _, p := range check(t, "kira_recipient", `{`+payee+`, account = { `+account+` }}`, schema.Env{}) {
			if !p.Warning {
				t.Errorf("{ %s } is an error: %s", account, p.Detail)
			}
		}
	}
}

func withCode(all []schema.Problem, code diag.Code) (found []schema.Problem) {
	for _, p := range all {
		if p.Code == code {
			found = append(found, p)
		}
	}
	return found
}

func TestEveryRuleHasExamples(t *testing.T) {
	shown := make(map[diag.Code]bool)
	for _, e := range examples {
		shown[e.rule] = shown[e.rule] || e.pass != nil && e.fail != nil
	}
	for _, k := range kinds.All {
		for _, r := range k.Schema.Rules {
			if !shown[r.ID] || !strings.HasSuffix(r.Doc, ".") {
				t.Errorf("%s: the rule %s has no examples, or no Doc", k.Schema.Name, r.ID)
			}
		}
	}
}

// A rule must cope with a block of which nothing is known, or where everything
// is marked.
func TestRulesAreCareful(t *testing.T) {
	for _, b := range briefBodies {
		k, _ := kinds.ByName(b.kind)
		v := block(t, b.kind, b.body)
		want := len(schema.Check(k.Schema, v, schema.Env{}))
		for _, unsure := range unsure(v) {
			schema.Check(k.Schema, unsure, schema.Env{Environment: "production"})
		}
		if got := len(schema.Check(k.Schema, marked(v), schema.Env{})); got != want {
			t.Errorf("%s: %d problems with marks, %d without", b.name, got, want)
		}
	}
}
