package certify

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"kiraform/internal/kira"
	"kiraform/internal/webhook"
)

const pendingNumber = "PENDING-ACT-ACCOUNT" // where an ACT account has no number yet (brief)

func accountPath(id string) string { return "/v1/virtual-accounts/" + url.PathEscape(id) }

// account is item 7: a fiat account of a user who is VERIFIED. It is there once
// its number is a real one; before, somebody at Kira has to activate it.
func account(ctx context.Context, b *bench) (outcome, error) {
	id, whose, err := b.fiatAccount(ctx)
	if err != nil {
		return outcome{}, err
	}
	ready, err := until(ctx, b.o.Wait, func() (bool, error) {
		a, err := b.get(ctx, accountPath(id))
		number := text(a, "account_number")
		return number != "" && number != pendingNumber, err
	})
	switch {
	case err != nil:
		return outcome{}, err
	case !ready:
		return waits("The account "+id+" has no number yet. Kira activates accounts.",
			fmt.Sprintf("please activate the sandbox virtual account %s.", id))
	}
	b.p.Account = id
	return passed(whose)
}

// fiatAccount returns an account of the configuration whose user is VERIFIED, or
// else one of the user of item 6, which is made unless there is one: Kira allows
// one ACT account for each user.
func (b *bench) fiatAccount(ctx context.Context) (id, whose string, err error) {
	if b.p.Asks["account"] == nil {
		for _, o := range b.have("kira_virtual_account", "fiat") {
			a, err := b.get(ctx, accountPath(o.ID))
			if err != nil {
				return "", "", err
			}
			u, err := b.get(ctx, userPath(text(a, "user_id")))
			if err != nil {
				return "", "", err
			}
			if strings.EqualFold(text(u, "status"), "VERIFIED") {
				b.p.User = text(a, "user_id")
				return o.ID, fmt.Sprintf("%s of the configuration, which an apply created.", o.Addr), nil
			}
		}
	}
	id, err = b.create(ctx, "account", kira.Request{Path: "/v1/virtual-accounts",
		Body: map[string]any{"user_id": b.p.User, "type": "US_BANK", "provider": "act", "mode": "fiat"}}, "id")
	if e, ok := errors.AsType[*kira.Error](err); ok && e.Status == 409 {
		id, err = b.actAccount(ctx)
		return id, "The user has an ACT account already, of which there is one for each.", err
	}
	return id, "Made for the user of item 6.", err
}

// actAccount finds the ACT account of the user. Rows of the list have neither
// bank nor currency, so each is read (brief).
func (b *bench) actAccount(ctx context.Context) (string, error) {
	list, err := b.get(ctx, "/v1/virtual-accounts?limit=100&user_id="+url.QueryEscape(b.p.User))
	if err != nil {
		return "", err
	}
	rows, _ := list["data"].([]any)
	for _, row := range rows {
		r, _ := row.(map[string]any)
		a, err := b.get(ctx, accountPath(text(r, "id")))
		if err != nil {
			return "", err
		}
		if text(a, "user_id") == b.p.User && text(a, "provider") == "act" {
			return text(a, "id"), nil
		}
	}
	return "", errors.New("the user has an ACT account by Kira's own word, and Kira lists none")
}

// recipient is item 9. It is always made: item 3 sends its request once more.
func recipient(ctx context.Context, b *bench) (outcome, error) {
	id, err := b.create(ctx, b.recipientName(), kira.Request{Path: "/v1/recipients", Body: b.recipientBody()}, "recipient_id", "id")
	if err != nil {
		return outcome{}, err
	}
	if _, err := b.get(ctx, "/v1/recipients/"+url.PathEscape(id)); err != nil {
		return outcome{}, err
	}
	return passed("")
}

func recipientID(answer map[string]any) string {
	if id := text(answer, "recipient_id"); id != "" {
		return id
	}
	return text(answer, "id")
}

// recipientBody is one at a bank in the United States, since an ACT account pays
// domestic ones only (brief). It belongs to the user of the account, or while
// there is none to the first user there is.
func (b *bench) recipientBody() map[string]any {
	place := map[string]any{"street_name": "1 Market Street", "city": "San Francisco", "state": "CA", "postal_code": "94105", "country": "US"}
	return map[string]any{
		"user_id": b.payee(), "type": "individual", "first_name": "Certify", "last_name": "Recipient", "email": b.email("recipient"), "phone": "+14155559999", "address": place,
		"account": map[string]any{"account_type": "WIRE", "routing_number": "021000021", "account_number": b.number(), "type": "checking",
			"bank_name": "JPMorgan Chase", "bank_address": place},
	}
}

// number is that of an account which nobody has. It is marked with the run, so
// that no two runs make the same recipient.
func (b *bench) number() string {
	var n uint64
	for _, c := range b.p.Run {
		n = (n*31 + uint64(c)) % 1e8
	}
	return fmt.Sprintf("0001%08d", n)
}

// recipientName names the request for the recipient of the payee.
func (b *bench) recipientName() string { return "recipient of " + b.payee() }

// payee is whose recipient it is: that stays so, since a request is sent again
// with the same body.
func (b *bench) payee() string {
	if b.p.Payee == "" {
		if b.p.Payee = b.p.User; b.p.Payee == "" {
			b.p.Payee = b.candidate()
		}
	}
	return b.p.Payee
}

const amount = "10.00"

// deposit is item 8. The 201 and the event are all that ever says so: the
// balance and the list of deposits stay as they are (brief).
func deposit(ctx context.Context, b *bench) (outcome, error) {
	if b.p.Deposit == "" {
		var answer map[string]any
		err := b.o.API.Do(ctx, kira.Request{Method: "POST", Path: accountPath(b.p.Account) + "/simulate-deposit",
			Body: map[string]any{"amount": "100.00", "payment_type": "wire"}}, &answer)
		if err != nil {
			return outcome{}, err
		}
		if b.p.Deposit = text(answer, "deposit_id"); b.p.Deposit == "" {
			return failed("The answer has no deposit_id.")
		}
		if err := b.save(); err != nil {
			return outcome{}, err
		}
	}
	if b.o.Listening == nil {
		return outcome{status: Skipped, reason: "The 201 came, with deposit_id " + b.p.Deposit + "; nobody is sent the event. " + b.o.Deaf}, nil
	}
	d, err := b.event(ctx, max(b.o.Wait, b.o.Grace), func(d *webhook.Delivery) bool {
		return d.Event == "virtual_account.deposit_funds_received" && string(d.Envelope().Deposit) == b.p.Deposit
	})
	switch {
	case err != nil:
		return outcome{}, err
	case d == nil:
		return waits("The 201 came, with deposit_id "+b.p.Deposit+"; the event virtual_account.deposit_funds_received has not.",
			fmt.Sprintf("please deliver the event virtual_account.deposit_funds_received of the simulated deposit %s to the account %s.", b.p.Deposit, b.p.Account))
	}
	b.heard(d, "the signature is right, and the deposit is the one of the 201")
	return passed("")
}

func (b *bench) order() map[string]any {
	return map[string]any{"amount": amount, "currency": "USD", "recipient_id": b.p.Asks[b.recipientName()].ID}
}

// preview is item 10.
func preview(ctx context.Context, b *bench) (outcome, error) {
	if b.p.Payee != b.p.User { // another user became VERIFIED, whose account pays recipients of its own only
		b.p.Payee = b.p.User
		if _, err := recipient(ctx, b); err != nil {
			return outcome{}, err
		}
	}
	var answer map[string]any
	if err := b.o.API.Do(ctx, kira.Request{Method: "POST", Path: accountPath(b.p.Account) + "/payout/preview", Body: b.order()}, &answer); err != nil {
		return outcome{}, err
	}
	if _, ok := answer["fees"].(map[string]any); !ok {
		return failed("The answer has no fees.")
	}
	return passed("")
}

// payout is item 11. The POST writes the status in small letters and the GET in
// capitals (brief).
func payout(ctx context.Context, b *bench) (outcome, error) {
	if err := b.paidAlready(ctx); err != nil {
		return outcome{}, err
	}
	id, err := b.create(ctx, "payout", kira.Request{Path: accountPath(b.p.Account) + "/payout", Body: b.order(), OneTime: b.o.OTP}, "id", "payout_id")
	if err != nil {
		return outcome{}, err
	}
	status := ""
	_, err = until(ctx, b.o.Grace, func() (bool, error) {
		p, err := b.get(ctx, "/v1/payouts/"+url.PathEscape(id))
		status = strings.ToLower(text(p, "status"))
		return slices.Contains([]string{"completed", "failed"}, status), err
	})
	switch {
	case err != nil:
		return outcome{}, err
	case status == "" || status == "failed":
		return failed(fmt.Sprintf("The payout %s is %q.", id, status))
	}
	return passed(fmt.Sprintf("The payout %s is %s.", id, b.clean(status)))
}
