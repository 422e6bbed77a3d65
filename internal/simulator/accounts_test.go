package simulator_test

import (
	"strings"
	"testing"
	"time"

	"kiraform/internal/simulator"
)

const (
	actNumber = "PENDING-ACT-ACCOUNT"
	accounts  = "/v1/virtual-accounts"
)

func actAccount(user string) doc {
	return doc{"user_id": user, "type": "US_BANK", "provider": "act", "mode": "fiat"}
}

// wireUser is complete for usa-virtual-accounts.
func wireUser() doc {
	photo := "data:image/jpeg;base64," + strings.Repeat("QUJD", 60)
	file := func(kind, role string) doc {
		return doc{"type": kind, "documents": []any{doc{"type": role, "file": photo}}}
	}
	return but(maria, doc{"gender": "female", "identifying_information": []any{
		file("passport", "front"), file("proof_of_address", "file_proof_of_address"), file("source_of_wealth", "file_source_of_wealth")}})
}

func cryptoAccount(user string) doc {
	return doc{"user_id": user, "type": "US_BANK", "mode": "crypto", "bank": "slovak_savings_bank",
		"destination": doc{"currency": "USDT", "network": "solana", "address": "wallet"}}
}

// observed.md 8: the order of checks and their words.
func TestAccountsThatAreRefused(t *testing.T) {
	c := dial(t, &simulator.Server{})
	c.provokes(2, simulator.SecondObject)
	fresh := c.user(maria)
	ready := c.verified(maria)
	lacking := c.verified(but(maria, doc{"immigration_status": nil, "additional_info": nil}))
	act := actAccount(ready)
	for _, test := range []struct {
		name   string
		body   doc
		status int
		want   string
	}{
		{"a type is required", doc{}, 400, `{"code":"validation_error","details":[{"message":"type is Required"}],"error":"Invalid data"}`},
		{"a type is one of two", but(act, doc{"type": "EU"}), 400, `type is Invalid enum value. Expected 'US_BANK' | 'MX_SPEI', received 'EU'`},
		{"a bank is required", doc{"type": "US_BANK", "user_id": fresh}, 400, `bank is bank is required for US_BANK virtual accounts`},
		{"of crypto accounts too", but(cryptoAccount(fresh), doc{"bank": nil}), 400, `bank is bank is required for US_BANK virtual accounts`},
		{"a bank is of the list", but(act, doc{"bank": "ACT"}), 400, `bank is Invalid enum value. Expected 'portage' | 'slovak_savings_bank' | 'austin_capital_trust', received 'ACT'`},
		{"a provider is one of two", but(act, doc{"provider": "portage"}), 400, `Expected 'act' | 'zenus'`},
		{"a mode is in small letters", but(act, doc{"mode": "FIAT"}), 400, `mode is Invalid enum value. Expected 'fiat' | 'crypto', received 'FIAT'`},
		{"crypto goes somewhere", but(cryptoAccount(ready), doc{"destination": nil}), 400, `destination is Required`},
		{"to an address", but(cryptoAccount(ready), doc{"destination": doc{"currency": "USDC", "network": "solana"}}), 400, `destination.address is Required`},
		{"in a pair that exists", but(cryptoAccount(ready), doc{"destination": doc{"currency": "USDC", "network": "tron", "address": "x"}}), 400, `Unsupported currency and network: USDC tron`},
		{"a user exists", actAccount(clientID), 404, `"statusCode":404`},
		{"a user is verified", actAccount(fresh), 400, `User must be in VERIFIED status to create a virtual account. Current status: CREATED`},
		{"which comes before the bank", but(cryptoAccount(fresh), doc{"bank": "portage"}), 400, `Current status: CREATED`},
		{"no environment has zenus", but(cryptoAccount(ready), doc{"provider": "zenus"}), 400, `"Invalid bank"`},
		{"and an ACT account holds dollars", but(cryptoAccount(ready), doc{"bank": nil, "provider": "act"}), 400, `"Invalid bank"`},
		{"a bank is authorised here", but(cryptoAccount(ready), doc{"bank": "portage"}), 400, `"Invalid bank"`},
		{"SPEI is not wired up", but(act, doc{"type": "MX_SPEI"}), 400, `not available`},
		{"a user is ready for ACT", actAccount(lacking), 400, `User is missing required fields for product usa-virtual-accounts-act: immigration_status, additional_info:has_us_bank_account`},
		{"or for the other rail", cryptoAccount(ready), 400, `User is missing required fields for product usa-virtual-accounts: gender`},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := c.in(t)
			c.send("POST", accounts, test.body).wantText(test.status, test.want)
		})
	}
	if n := len(c.s.VirtualAccounts()); n != 0 {
		t.Errorf("%d accounts were created", n)
	}
}

func TestOneACTAccountForAUser(t *testing.T) {
	for _, first := range []doc{{"provider": "act"}, {"bank": "austin_capital_trust"}} {
		c := dial(t, &simulator.Server{})
		c.provokes(1, simulator.SecondObject)
		user := c.verified(maria)
		c.send("POST", accounts, but(but(actAccount(user), doc{"provider": nil}), first)).wantStatus(201)
		for _, second := range []doc{{"provider": "act"}, {"bank": "austin_capital_trust"}} {
			c.send("POST", accounts, but(but(actAccount(user), doc{"provider": nil}), second)).
				wantText(409, "already has an ACT virtual account")
		}
		c.send("POST", accounts, actAccount(c.verified(maria))).wantStatus(201)
	}
}

func TestLifeOfAnACTAccount(t *testing.T) {
	clock, box := newClock(), &mailbox{}
	c := dial(t, &simulator.Server{Now: clock.now, ActivateAfter: time.Second, Deliver: box.deliver})
	user := c.verified(maria)
	c.register()
	r := c.send("POST", accounts, actAccount(user)).wantStatus(201)
	r.want("status", "approved").want("account_number", actNumber).want("provider", "act").want("currency", "USD").want("mode", "fiat")
	path := accounts + "/" + r.text("id")
	c.send("GET", path+"/balance", nil).wantText(400, "Virtual account is not active")
	c.send("POST", path+"/simulate-deposit", doc{"amount": "5.00"}).wantText(400, "Virtual account is not active")

	clock.pass(time.Second)
	got := c.send("GET", path, nil).want("status", "approved").want("bank", nil).
		want("payment_methods.inbound.0.name", "WIRE").want("payment_methods.inbound.1.name", "ACH")
	if number := got.text("account_number"); number == actNumber || len(number) != 12 {
		t.Errorf("the number of an active account is %q", number)
	}
	c.send("GET", path+"/balance", nil).wantStatus(200).want("available_balance", "10000.00")
	c.send("POST", path+"/simulate-deposit", doc{"amount": "5.00", "payment_type": "wire"}).wantStatus(201).
		want("status", "completed").want("settlement_triggered", false)
	c.send("GET", path+"/balance", nil).want("available_balance", "10000.00")
	c.send("GET", path+"/deposits", nil).wantBody(200, `[]`)

	want := "virtual_account.created virtual_account.activated virtual_account.deposit_funds_received"
	if got := box.events(); got != want {
		t.Errorf("events %s, want %s", got, want)
	}
	c.send("GET", accounts+"?user_id="+user+"&status=approved", nil).
		want("data.0.id", r.text("id")).want("data.0.provider", nil).want("data.0.currency", nil).want("pagination.total", 1.0)
	if err := c.s.CloseAccount(r.text("id")); err != nil {
		t.Fatal(err)
	}
	c.send("GET", path, nil).want("status", "deactivated")
}

func TestCryptoAccount(t *testing.T) {
	c := dial(t, &simulator.Server{ActivateAfterReads: 2})
	r := c.send("POST", accounts, cryptoAccount(c.verified(wireUser()))).wantStatus(201).
		want("account_number", nil).want("currency", "USDT").want("bank", "slovak_savings_bank").want("destination.network", "solana")
	path := accounts + "/" + r.text("id")
	c.send("GET", path, nil).want("account_number", nil)
	if c.send("GET", path, nil).get("account_number") == nil {
		t.Error("the account is not active after two reads")
	}
	c.send("GET", path+"/balance", nil).wantText(400, "invalid_operation")
}

func TestBanksOfProduction(t *testing.T) {
	c := dial(t, &simulator.Server{Environment: "production", ActivateAfter: -1})
	c.provokes(1, simulator.UnknownRoute)
	user := c.verified(wireUser())
	c.send("POST", accounts, cryptoAccount(user)).wantText(400, "Invalid bank")
	c.send("POST", accounts, but(cryptoAccount(user), doc{"bank": "portage"})).wantStatus(201)
	r := c.send("POST", accounts, actAccount(user)).wantStatus(201)
	if r.text("account_number") == actNumber {
		t.Error("the account is not active at once")
	}
	c.send("POST", accounts+"/"+r.text("id")+"/simulate-deposit", doc{"amount": "1"}).wantText(403, "Invalid key=value pair")
}

func TestAccountsThatAreNotThere(t *testing.T) {
	c := dial(t, &simulator.Server{Now: newClock().now})
	c.send("GET", accounts+"/"+clientID, nil).wantBody(404, `{"statusCode":404,"error":"Not Found",
		"message":"Virtual account `+clientID+` not found","timestamp":"2026-05-01T10:00:00.000Z"}`)
	c.send("GET", accounts+"/x/balance", nil).wantText(400, "Invalid virtual account ID format")
	c.send("GET", accounts, nil).wantBody(200, `{"data":[],"pagination":{"total":0,"limit":10,"offset":0,"has_more":false}}`)
	c.send("GET", accounts+"/deposits", nil).wantBody(200, `{"deposits":[],"total":0,"page":1,"limit":10,"total_pages":0}`)
	if c.s.ActivateAccount(clientID) == nil {
		t.Error("an account that is not there was activated")
	}
}

// documented.md 3.7.
func TestLiquidationAddress(t *testing.T) {
	c := dial(t, &simulator.Server{})
	id := c.send("POST", accounts, actAccount(c.verified(maria))).wantStatus(201).text("id")
	path := accounts + "/" + id + "/liquidation-address"
	body := doc{"network": "solana", "token": "USDC", "recipient": doc{"type": "business", "company_name": "Acme", "account": doc{
		"account_type": "ACH", "routing_number": "021000021", "account_number": "123456789", "type": "checking",
		"bank_name": "Bank", "bank_address": "1 Main St", "doc_type": "SSN", "doc_number": "222-22-2222"}}}
	c.send("POST", path, body).wantText(400, "Virtual account is not active")
	if err := c.s.ActivateAccount(id); err != nil {
		t.Fatal(err)
	}
	c.send("GET", path, nil).wantBody(200, `[]`)
	c.send("POST", path, but(body, doc{"token": "USDT"})).wantText(400, "Unsupported network and token: USDT solana")
	c.send("POST", path, but(body, doc{"recipient": doc{"account": doc{"account_type": "SPEI"}}})).wantText(400, "'ACH' | 'WIRE' | 'SWIFT'")
	r := c.send("POST", path, body).wantStatus(201).want("status", "active").
		want("recipient.name", "Acme").want("recipient.account_number_last4", "6789")
	c.send("POST", path, body).wantText(409, "already exists")
	c.send("GET", path, nil).wantStatus(200).want("0.id", r.text("id")).want("0.updated_at", r.text("created_at")).want("1", nil)
}
