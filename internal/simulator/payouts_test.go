package simulator_test

import (
	"path/filepath"
	"testing"
	"time"

	"kiraform/internal/simulator"
)

// payer is a user with an active ACT account and a recipient.
func payer(c *client) (account, recipient string) {
	c.t.Helper()
	user := c.verified(maria)
	account = c.send("POST", accounts, actAccount(user)).wantStatus(201).text("id")
	recipient = c.send("POST", "/v1/recipients", spei(user)).wantStatus(201).text("recipient_id")
	return accounts + "/" + account, recipient
}

func pay(amount, to string) doc { return doc{"amount": amount, "currency": "USD", "recipient_id": to} }

// A preview says the cost of a payout, as in the documents' own example.
func TestPayoutPreview(t *testing.T) {
	c := dial(t, &simulator.Server{ActivateAfter: -1})
	account, to := payer(c)
	c.send("POST", account+"/payout/preview", pay("100.00", to), "Idempotency-Key", "").wantBody(200, `{"amount":"100.00","currency":"USD",
		"fees":{"base_fees":{"fixed_fee":3,"percentage_fee":0.5,"fx_markup":0},"client_markup":{"fixed_fee":0,"percentage_fee":0,"fx_markup":0},"total_fees":3.5},
		"recipient_amount":"96.50","recipient_currency":"USD"}`)
	if n := len(c.s.Payouts()); n != 0 {
		t.Errorf("a preview made %d payouts", n)
	}
}

func TestPayoutsThatAreRefused(t *testing.T) {
	c := dial(t, &simulator.Server{ActivateAfter: -1, Balance: "500.00", PayoutOTP: "123456", PayoutMemo: true})
	account, to := payer(c)
	_, foreign := payer(c)
	user := c.send("GET", account, nil).text("user_id")
	swift := c.send("POST", "/v1/recipients", swift(user)).wantStatus(201).text("recipient_id")
	wire := c.send("POST", "/v1/recipients", wire(user)).wantStatus(201).text("recipient_id")
	c.provokes(1, simulator.MissingKey)
	c.provokes(2, simulator.SecondObject) // users
	crypto := accounts + "/" + c.send("POST", accounts, cryptoAccount(c.verified(wireUser()))).wantStatus(201).text("id")
	otp := []string{"X-Validation-Header", "123456"}
	for _, test := range []struct {
		name, at string
		body     doc
		headers  []string
		status   int
		want     string
	}{
		{"a key is needed", account, pay("10.00", to), []string{"Idempotency-Key", ""}, 400, "idempotency-key"},
		{"the recipient is at the top", account, doc{"amount": "10.00", "currency": "USD", "destination": doc{"recipient_id": to}}, otp, 400, `"path":"recipient_id","message":"Required"`},
		{"an amount is a number", account, pay("ten", to), otp, 400, "Invalid amount"},
		{"the currency is dollars", account, but(pay("10.00", to), doc{"currency": "EUR"}), otp, 400, "invalid_enum_value"},
		{"a recipient exists", account, pay("10.00", clientID), otp, 404, "Recipient not found"},
		{"and is of the same user", account, pay("10.00", foreign), otp, 403, "does not belong"},
		{"more than there is", account, pay("500.01", to), otp, 400, "Insufficient balance"},
		{"less than the fees", account, pay("3.00", to), otp, 400, "Total fees exceed or equal the payout amount"},
		{"ACT is domestic", account, pay("10.00", swift), otp, 400, "SWIFT is not supported"},
		{"a one-time password is needed", account, pay("10.00", to), nil, 400, "x-validation-header"},
		{"a wire from ACT has a memo", account, pay("10.00", wire), otp, 400, "extra_info.memo"},
		{"crypto pays by instructions", crypto, pay("10.00", to), otp, 400, "payment_instructions"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := c.in(t)
			c.send("POST", test.at+"/payout", test.body, test.headers...).wantText(test.status, test.want)
		})
	}
	if n := len(c.s.Payouts()); n != 0 {
		t.Errorf("%d payouts were made", n)
	}
	c.send("POST", account+"/payout", but(pay("10.00", wire), doc{"extra_info": doc{"memo": "rent"}}), otp...).wantStatus(201)
}

func TestPayoutFromAnAccountThatIsNotActive(t *testing.T) {
	c := dial(t, &simulator.Server{})
	account, to := payer(c)
	c.send("POST", account+"/payout", pay("10.00", to)).wantText(400, "Virtual account is not active")
	c.send("POST", account+"/payout/preview", pay("10.00", to)).wantText(400, "Virtual account is not active")
}

// The status is in small letters in the answer to the POST, and in capitals in
// every other (brief); the id has two names.
func TestLifeOfAPayout(t *testing.T) {
	clock, box := newClock(), &mailbox{}
	c := dial(t, &simulator.Server{Now: clock.now, ActivateAfter: -1, PayoutAfter: 3 * time.Second, PayoutReview: true, Deliver: box.deliver})
	account, to := payer(c)
	c.register()
	r := c.send("POST", account+"/payout", pay("100", to)).wantStatus(201).want("status", "created").want("payout_id", nil)
	path := "/v1/payouts/" + r.text("id")
	for _, want := range []string{"CREATED", "IN_REVIEW", "PROCESSING", "COMPLETED"} {
		c.send("GET", path, nil).wantStatus(200).want("status", want)
		clock.pass(time.Second)
	}
	got := c.send("GET", path, nil).want("payout_id", r.text("id")).want("id", nil).want("from_amount", "100.00").
		want("to_amount", "96.50").want("fee", "3.50").want("payment_method", "spei").want("recipient_id", to).want("created_at", nil)
	if got.text("events.0.status") != "CREATED" || got.text("events.0.created_at") == "" {
		t.Errorf("the audit trail begins with %v", got.get("events.0"))
	}
	if err := c.s.SetPayoutStatus(r.text("id"), "RETURNED"); err != nil {
		t.Fatal(err)
	}
	c.send("GET", path, nil).want("status", "FAILED")
	want := "payout.created payout.status_changed payout.processing payout.status_changed payout.completed payout.status_changed payout.returned payout.status_changed"
	if got := box.events(); got != want {
		t.Errorf("events %s, want %s", got, want)
	}
	c.send("GET", "/v1/payouts/"+clientID, nil).wantStatus(404)
}

func TestListOfPayouts(t *testing.T) {
	c := dial(t, &simulator.Server{ActivateAfter: -1})
	account, to := payer(c)
	user := c.send("GET", account, nil).text("user_id")
	for _, amount := range []string{"10.00", "11.00", "12.00"} {
		c.send("POST", account+"/payout", pay(amount, to)).wantStatus(201)
	}
	c.send("GET", "/v1/payouts", nil).wantText(400, "user_id")
	r := c.send("GET", "/v1/payouts?user_id="+user+"&limit=2", nil).wantStatus(200).want("total", 3.0).want("page", 1.0).want("total_pages", 2.0).
		want("payouts.0.from_amount", "12.00").want("payouts.1.from_amount", "11.00").want("payouts.2", nil).want("payouts.0.events", nil)
	if r.text("payouts.0.created_at") == "" {
		t.Error("a row does not say when the payout was made")
	}
	c.send("GET", "/v1/payouts?user_id="+user+"&limit=2&page=2", nil).want("payouts.0.from_amount", "10.00").want("payouts.1", nil)
	c.send("GET", "/v1/payouts?user_id="+clientID, nil).want("total", 0.0)
}

func TestPayoutsAreKeptInTheWorldFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "world.json")
	s := &simulator.Server{World: file, ActivateAfter: -1}
	c := dial(t, s)
	account, to := payer(c)
	id := c.send("POST", account+"/payout", pay("10.00", to)).wantStatus(201).text("id")
	if err := s.SetPayoutStatus(id, "PROCESSING"); err != nil {
		t.Fatal(err)
	}
	again := dial(t, &simulator.Server{World: file})
	again.send("GET", "/v1/payouts/"+id, nil).wantStatus(200).want("status", "PROCESSING").want("from_amount", "10.00")
}

func wire(user string) doc {
	to := ach(user)
	to["account"] = but(to["account"].(doc), doc{"account_type": "WIRE", "bank_address": place})
	return to
}
