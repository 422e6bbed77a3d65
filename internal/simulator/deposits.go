package simulator

import (
	"maps"
	"net/http"
)

// getBalance is GET /v1/virtual-accounts/{id}/balance.
func (c *call) getBalance() answer {
	a, bad := c.account()
	switch {
	case a == nil:
		return bad
	case a.Mode == "crypto":
		return flat(http.StatusBadRequest, "invalid_operation", "Balance is not available for crypto virtual accounts")
	case !a.usable():
		return c.inactive()
	}
	return ok(doc{"virtual_account_id": a.ID, "available_balance": c.available(a),
		"currency": "USD", "updated_at": iso(c.at)})
}

func (a *account) usable() bool { return a.Active && !a.Closed }

func (c *call) inactive() answer {
	return c.stamped(http.StatusBadRequest, "Virtual account is not active")
}

// listDeposits is GET /v1/virtual-accounts/{id}/deposits: a bare array. A
// simulated deposit never shows up in it (brief).
func (c *call) listDeposits() answer {
	if a, bad := c.account(); a == nil {
		return bad
	}
	return ok([]doc{})
}

// listAllDeposits is GET /v1/virtual-accounts/deposits, paged in another way
// than other lists (documented.md 3.5).
func (c *call) listAllDeposits() answer {
	at, limit := 1, 10
	if bad := append(c.number("page", 1, &at), c.number("limit", 1, &limit)...); len(bad) > 0 {
		return invalid(bad...)
	}
	if limit > maxLimit {
		return broken()
	}
	return ok(doc{"deposits": []doc{}, "total": 0, "page": at, "limit": limit, "total_pages": 0})
}

var decimal = like(`^\d+(\.\d{1,2})?$`, "Invalid amount")

// amount takes a decimal string, or a number.
func amount(path string, v any) []issue {
	if kindOf(v) == "number" {
		return nil
	}
	return decimal(path, v)
}

// simulateDeposit is POST /v1/virtual-accounts/{id}/simulate-deposit: the 201
// and the webhook are all that ever says it happened (brief).
func (c *call) simulateDeposit() answer {
	a, bad := c.account()
	if a == nil {
		return bad
	}
	switch wrong := (shape{need("amount", amount)}).check("", c.body); {
	case len(wrong) > 0:
		return worded(wrong...)
	case !a.usable():
		return c.inactive()
	}
	id := c.newID()
	event := a.event()
	event["deposit_id"], event["amount"], event["currency"], event["created_at"] = id, c.body["amount"], "USD", iso(c.at)
	event["source"] = doc{"payment_rail": c.body["payment_type"], "sender_name": "Simulated Sender"}
	c.emit("virtual_account.deposit_funds_received", event)
	settles := a.Mode == "crypto" // of fiat, it stays where it is (documented.md 3.5)
	if settles {
		c.emit("virtual_account.deposit_funds_in_destination", maps.Clone(event))
	}
	return created(doc{"deposit_id": id, "internalPaymentId": c.newID(), "virtual_account_id": a.ID,
		"status": "completed", "settlement_triggered": settles, "amount": c.body["amount"], "currency": "USD"})
}
