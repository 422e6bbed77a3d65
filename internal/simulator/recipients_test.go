package simulator_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kiraform/internal/simulator"
)

const recipients = "/v1/recipients"

var place = doc{"street_name": "Av. Reforma 1", "city": "Mexico City", "state": "CDMX", "postal_code": "06600", "country": "MX"}

func swift(user string) doc {
	return doc{"user_id": user, "first_name": "Maria", "last_name": "Gonzalez", "email": "maria@example.com", "phone": "+5215512345678",
		"address": place, "account": doc{"account_type": "SWIFT", "bank_name": "Banco de Mexico", "account_number": "012345678901234567",
			"swift_code": "BNMXMXMM", "bank_address": place}}
}

func wallet(user, token, network, address string) doc {
	return doc{"user_id": user, "first_name": "A", "last_name": "B",
		"account": doc{"account_type": "WALLET", "token": token, "network": network, "address": address}}
}

func spei(user string) doc {
	return doc{"user_id": user, "first_name": "A", "last_name": "B", "account": doc{"account_type": "SPEI", "clabe": "032180000118359719",
		"doc_type": "rfc", "doc_number": "X", "doc_country_code": "US", "bank_name": "dropped", "currency": "MXN"}}
}

func ach(user string) doc {
	return doc{"user_id": user, "first_name": "A", "last_name": "B", "email": "a@example.com", "address": place,
		"account": doc{"account_type": "ACH", "routing_number": "021000021", "account_number": "123456789", "type": "checking",
			"bank_name": "Bank", "bank_address": "1 Main St", "doc_type": "passport", "doc_number": "P1", "doc_country_code": "MX"}}
}

// observed.md 6.
func TestRecipientsReadBack(t *testing.T) {
	clock := &clock{time.Date(2026, 5, 28, 0, 54, 15, 439840000, time.UTC)}
	c := dial(t, &simulator.Server{Now: clock.now})
	user := c.user(maria) // which is not verified
	for _, test := range []struct {
		name    string
		body    doc
		details doc
	}{
		{"SPEI is always Mexican, and drops the rest", spei(user),
			doc{"clabe": "032180000118359719", "doc_type": "rfc", "doc_number": "X", "doc_country_code": "MX"}},
		{"ACH has the bank's address in a string", ach(user),
			doc{"routing_number": "021000021", "account_number": "123456789", "type": "checking", "bank_name": "Bank", "bank_address": "1 Main St", "doc_type": "passport", "doc_number": "P1"}},
		{"a wallet is three fields", wallet(user, "USDC", "polygon", "0x"+strings.Repeat("aB", 20)),
			doc{"token": "USDC", "network": "polygon", "address": "0x" + strings.Repeat("aB", 20)}},
		{"SWIFT has it in an object, and nothing is masked", swift(user),
			doc{"bank_name": "Banco de Mexico", "account_number": "012345678901234567", "swift_code": "BNMXMXMM", "bank_address": place}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := c.in(t)
			r := c.send("POST", recipients, test.body).wantStatus(201).
				want("type", "individual").want("created_ts", "2026-05-28 00:54:15.43984+00").want("user_id", nil).want("id", nil)
			got := c.send("GET", recipients+"/"+r.text("recipient_id"), nil).wantStatus(200).want("account_details", test.details)
			if _, sent := test.body["email"]; !sent && strings.Contains(string(got.raw), `"email"`) {
				t.Errorf("an e-mail that was not sent is in %s", got.raw)
			}
		})
	}
}

func TestTheAnswerToANewSWIFTRecipientIsBlank(t *testing.T) {
	c := dial(t, &simulator.Server{})
	r := c.send("POST", recipients, swift(c.user(maria))).wantStatus(201).
		want("account_details.bank_address.state", "").want("account_details.bank_address.postal_code", "").want("address.state", "CDMX")
	c.send("GET", recipients+"/"+r.text("recipient_id"), nil).want("account_details.bank_address.state", "CDMX")
}

// pse is a recipient by PSE, whose paper is of a country.
func pse(user, country string) doc {
	return doc{"user_id": user, "first_name": "Ana", "last_name": "Ruiz", "account": doc{
		"account_type": "PSE", "account_number": "12345678", "bank_code": "1007", "type": "savings",
		"doc_type": "nuip", "doc_number": "1020304050", "doc_country_code": country}}
}

// documented.md 4.1.
func TestAPaperIsOfTheCountryOfItsRail(t *testing.T) {
	c := dial(t, &simulator.Server{})
	user := c.user(maria)
	c.send("POST", recipients, pse(user, "CO")).wantStatus(201)
	// But SPEI takes any country, and shows its own (observed.md 6).
	to := spei(user)
	to["account"] = but(to["account"].(doc), doc{"doc_country_code": "US"})
	id := c.send("POST", recipients, to).wantStatus(201).text("recipient_id")
	c.send("GET", recipients+"/"+id, nil).want("account_details.doc_country_code", "MX")
}

func TestRecipientsThatAreRefused(t *testing.T) {
	c := dial(t, &simulator.Server{})
	user := c.user(maria)
	account := func(base, change doc) doc { return but(base, doc{"account": but(base["account"].(doc), change)}) }
	at := func(country string) doc { return but(place, doc{"country": country}) }
	for _, test := range []struct {
		name       string
		body       doc
		path, want string
	}{
		{"a recipient has an owner", but(swift(user), doc{"user_id": nil}), "user_id", "Required"},
		{"whose id is one", but(swift(user), doc{"user_id": "maria"}), "user_id", "Invalid user ID format"},
		{"a recipient has a name", but(swift(user), doc{"first_name": nil}), "first_name", "Required"},
		{"a business another one", but(swift(user), doc{"type": "business"}), "company_name", "Required"},
		{"an account has a type", account(swift(user), doc{"account_type": "IBAN"}), "account.account_type", "'SWIFT' | 'WIRE' | 'ACH'"},
		{"SWIFT wants an e-mail", but(swift(user), doc{"email": nil}), "email", "Required"},
		{"and a phone", but(swift(user), doc{"phone": nil}), "phone", "Required"},
		{"and an address", but(swift(user), doc{"address": nil}), "address", "Required"},
		{"and its bank's", account(swift(user), doc{"bank_address": nil}), "account.bank_address", "Required"},
		{"as an object", account(swift(user), doc{"bank_address": "1 Main St"}), "account.bank_address", "Expected object, received string"},
		{"countries have two letters", but(swift(user), doc{"address": at("MEX")}), "address.country", "Country must be a 2-character ISO code"},
		{"at the bank too", account(swift(user), doc{"bank_address": at("MEX")}), "account.bank_address.country", "Country must be a 2-character ISO code"},
		{"a SWIFT code has 8 or 11", account(swift(user), doc{"swift_code": "BNMXMXM"}), "account.swift_code", "8 or 11"},
		{"ACH wants an e-mail", but(ach(user), doc{"email": nil}), "email", "Required"},
		{"and the bank's address as a string", account(ach(user), doc{"bank_address": place}), "account.bank_address", "Expected string, received object"},
		{"and takes no ssn", account(ach(user), doc{"doc_type": "ssn"}), "account.doc_type", "'id' | 'dni' | 'passport' | 'ein'"},
		{"and nine digits", account(ach(user), doc{"routing_number": "1"}), "account.routing_number", "9 digits"},
		{"a CLABE has 18", account(spei(user), doc{"clabe": "1"}), "account.clabe", "18 digits"},
		{"a Colombian account has a Colombian paper", pse(user, "MX"), "account.doc_country_code", "Expected 'CO'"},
		{"no USDT on solana", wallet(user, "USDT", "solana", "x"), "account.network", "Unsupported token and network"},
		{"a tron address has a checksum", wallet(user, "USDT", "tron", "TJRabPrwbZy45sbavfcjinPJC18kjpRTv9"), "account.address", "Invalid tron address"},
		{"an EVM address is hexadecimal", wallet(user, "USDC", "polygon", "0x12"), "account.address", "Invalid polygon address"},
		{"a solana address has 32 bytes", wallet(user, "USDC", "solana", "abc"), "account.address", "Invalid solana address"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := c.in(t)
			r := c.send("POST", recipients, test.body)
			r.wantText(400, test.want)
			r.want("details.0.path", test.path)
		})
	}
	c.send("POST", recipients, swift(clientID)).wantBody(404,
		`{"error":{"code":"USER_NOT_FOUND","message":"User not found","details":{"user_id":"`+clientID+`"}}}`)
}

func TestWalletsThatAreAccepted(t *testing.T) {
	c := dial(t, &simulator.Server{})
	user := c.user(maria)
	for _, body := range []doc{
		wallet(user, "USDT", "tron", "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8"),
		wallet(user, "USDC", "solana", "So11111111111111111111111111111111111111112"),
		wallet(user, "USDC", "solana", "11111111111111111111111111111111"),
	} {
		c.send("POST", recipients, body).wantStatus(201)
	}
}

func TestEveryRailHasItsOwnRules(t *testing.T) {
	c := dial(t, &simulator.Server{})
	user := c.user(maria)
	r := c.send("POST", recipients, doc{"user_id": user, "first_name": "A", "last_name": "B", "account": doc{"account_type": "?"}}).wantStatus(400)
	names := regexp.MustCompile(`[A-Z_]+`).FindAllString(strings.TrimPrefix(r.text("details.0.message"), "Invalid discriminator value. Expected "), -1)
	if len(names) != 21 {
		t.Errorf("%d account types %v, want the 21 that are documented", len(names), names)
	}
	for _, name := range names {
		r := c.send("POST", recipients, doc{"user_id": user, "first_name": "A", "last_name": "B", "account": doc{"account_type": name}}).wantStatus(400)
		if !strings.Contains(string(r.raw), `"path":"account.`) {
			t.Errorf("%s: an empty account is refused by %s", name, r.raw)
		}
	}
}

func TestListOfRecipients(t *testing.T) {
	c := dial(t, &simulator.Server{})
	c.provokes(22, simulator.SecondObject)
	c.provokes(1, simulator.LimitOver100)
	user, other := c.user(maria), c.user(acme)
	c.send("GET", recipients, nil).wantText(400, "VALIDATION_ERROR")
	c.send("GET", recipients+"?user_id="+clientID, nil).wantText(404, "USER_NOT_FOUND")
	c.send("GET", recipients+"?user_id="+user, nil).wantBody(200, `{"recipients":[],"total":0}`)
	var want []any
	for range 12 { // the same one twelve times: nothing is de-duplicated
		want = append(want, c.send("POST", recipients, swift(user)).wantStatus(201).get("recipient_id"))
		c.send("POST", recipients, swift(other)).wantStatus(201)
	}
	r := c.send("GET", recipients+"?user_id="+user+"&limit=9999&offset=3", nil).wantStatus(200).want("total", 12.0)
	var got []any
	for _, row := range r.get("recipients").([]any) {
		got = append(got, row.(doc)["recipient_id"])
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want all, oldest first", got)
	}
}

func TestRecipientsThatAreNotThere(t *testing.T) {
	c := dial(t, &simulator.Server{})
	c.send("GET", recipients+"/"+clientID, nil).wantText(404, `"code":"NOT_FOUND"`)
	c.send("GET", recipients+"/x", nil).wantText(400, `"path":"recipientId"`)
}
