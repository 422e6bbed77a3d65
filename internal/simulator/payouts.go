package simulator

import (
	"cmp"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"time"
)

// A payout is money on its way from an account to a recipient.
type payout struct {
	ID      string    `json:"id"`
	Account string    `json:"virtual_account_id"`
	Owner   string    `json:"user_id"`
	Sent    doc       `json:"sent"`
	Status  string    `json:"status"` // in capitals, as GET shows it; the POST does not
	Fee     string    `json:"fee"`
	Net     string    `json:"net"` // the amount that arrives
	Created time.Time `json:"created"`
	Events  []doc     `json:"events"` // its audit trail, oldest first
}

// The statuses of a payout (documented.md 6.3). RETURNED is an event and no
// status: a payout that comes back is FAILED (documented.md 7.4).
const (
	payoutCreated    = "CREATED"
	payoutInReview   = "IN_REVIEW"
	payoutProcessing = "PROCESSING"
	payoutCompleted  = "COMPLETED"
	payoutFailed     = "FAILED"
	payoutCancelled  = "CANCELLED"
	payoutPending    = "PENDING"
)

var payoutStatuses = []string{payoutCreated, payoutPending, payoutInReview, payoutProcessing, payoutCompleted, payoutFailed, payoutCancelled}

var payoutWords = shape{
	need("amount", amount), need("currency", oneOf("USD")),
	may("recipient_id", like(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`, "Invalid uuid")),
	may("payment_instructions", objectOf(nil)), may("quote_id", text(1)), may("reference", text(0)), may("description", text(0)),
	may("memo", text(0)), may("nature_of_payment", text(0)), may("extra_info", objectOf(shape{may("memo", text(0)), may("internal_notes", text(0))})),
}

// An order is a payout that is asked for, checked as far as a preview is.
type order struct {
	account  *account
	to       *recipient // nil for a crypto account, which pays by instructions
	amount   *big.Rat
	fixed    *big.Rat
	percent  *big.Rat
	total    *big.Rat
	currency string
}

// order reads and checks the body of a preview or a payout. The order of its
// checks is not documented: the form first, as everywhere, and money last.
func (c *call) order() (*order, answer) {
	a, bad := c.account()
	if a == nil {
		return nil, bad
	}
	if wrong := payoutWords.check("", c.body); len(wrong) > 0 {
		return nil, invalid(wrong...)
	}
	o := &order{account: a, currency: c.body["currency"].(string)}
	if bad, refused := c.payee(o); refused {
		return nil, bad
	}
	if !a.usable() {
		return nil, c.inactive()
	}
	o.amount = ratOf(c.body["amount"])
	o.fees()
	switch {
	case o.amount.Cmp(ratOf(c.available(a))) > 0:
		return nil, c.stamped(http.StatusBadRequest, "Insufficient balance")
	case o.total.Cmp(o.amount) >= 0:
		return nil, c.stamped(http.StatusBadRequest, "Total fees exceed or equal the payout amount")
	}
	return o, answer{}
}

// payee finds who is paid, and whether the account can pay them. The recipient
// is at the top of the body, and nowhere else (brief).
func (c *call) payee(o *order) (answer, bool) {
	id, named := c.body["recipient_id"].(string)
	_, instructed := c.body["payment_instructions"].(doc)
	if o.account.Mode == "crypto" {
		if named || !instructed {
			return c.stamped(http.StatusBadRequest, "payment_instructions is required for crypto virtual accounts"), true
		}
		return answer{}, false
	}
	if !named {
		return invalid(issue{"recipient_id", "Required", "invalid_type"}), true
	}
	o.to = c.world.Recipients.byID[id]
	switch {
	case o.to == nil:
		return coded(http.StatusNotFound, "RECIPIENT_NOT_FOUND", "Recipient not found", doc{"recipient_id": id}), true
	case o.to.Sent["user_id"] != o.account.text("user_id"):
		return coded(http.StatusForbidden, "PAYOUT_ACCESS_DENIED", "Recipient does not belong to the user of this virtual account", doc{}), true
	case o.account.act() && o.rail() == "SWIFT": // domestic only (brief)
		return c.stamped(http.StatusBadRequest, "SWIFT is not supported by this virtual account"), true
	}
	return answer{}, false
}

// rail is the form of the recipient's account, which decides how money travels.
func (o *order) rail() string {
	if o.to == nil {
		return "CRYPTO"
	}
	return textOf(o.to.Sent["account"].(doc), "account_type")
}

// fees are three dollars and half a percent, as in the documents' own example
// (documented.md 6.1).
func (o *order) fees() {
	o.fixed = big.NewRat(3, 1)
	o.percent = new(big.Rat).Mul(o.amount, big.NewRat(5, 1000))
	o.total = new(big.Rat).Add(o.fixed, o.percent)
}

func (o *order) net() string { return money(new(big.Rat).Sub(o.amount, o.total)) }

// available is the balance of an account: a fixed value, as in Kira's sandbox,
// or with Spend the rest that its payouts have left.
func (c *call) available(a *account) string {
	have := cmp.Or(c.Balance, "10000.00")
	if !c.Spend {
		return have
	}
	left := ratOf(have)
	for _, p := range c.world.Payouts.all {
		if p.Account == a.ID && p.Status != payoutFailed && p.Status != payoutCancelled {
			left.Sub(left, ratOf(p.Sent["amount"]))
		}
	}
	return money(left)
}

// ratOf reads an amount that was checked: a decimal text, or a number.
func ratOf(v any) *big.Rat {
	r, ok := new(big.Rat).SetString(fmt.Sprint(v))
	if !ok {
		return new(big.Rat)
	}
	return r
}

func money(r *big.Rat) string { return r.FloatString(2) }

// previewPayout is POST /v1/virtual-accounts/{id}/payout/preview.
func (c *call) previewPayout() answer {
	o, bad := c.order()
	if o == nil {
		return bad
	}
	none := doc{"fixed_fee": 0, "percentage_fee": 0, "fx_markup": 0}
	base := doc{"fixed_fee": float(o.fixed), "percentage_fee": float(o.percent), "fx_markup": 0}
	return ok(doc{"amount": money(o.amount), "currency": o.currency,
		"fees":             doc{"base_fees": base, "client_markup": none, "total_fees": float(o.total)},
		"recipient_amount": o.net(), "recipient_currency": o.currency})
}

// float is a fee as the documents show it: a number, not a text.
func float(r *big.Rat) float64 {
	f, _ := r.Float64()
	return f
}

// createPayout is POST /v1/virtual-accounts/{id}/payout. Nothing keeps a client
// from paying the same twice but its key; it is blamed for that.
func (c *call) createPayout() answer {
	o, bad := c.order()
	if o == nil {
		return bad
	}
	switch {
	case c.PayoutOTP != "" && c.r.Header.Get("X-Validation-Header") != c.PayoutOTP:
		return flat(http.StatusBadRequest, "validation_error", "x-validation-header is missing or invalid")
	case c.PayoutMemo && o.account.act() && o.rail() == "WIRE" && c.memo() == "":
		return invalid(issue{"extra_info.memo", "Required", "invalid_type"})
	}
	p := &payout{ID: c.newID(), Account: o.account.ID, Owner: o.account.text("user_id"), Sent: payoutWords.keep(c.body),
		Fee: money(o.total), Net: o.net(), Created: c.at}
	c.world.Payouts.add(p)
	if other := c.world.holds(p.ID, "", p.naturalKey()); other != "" {
		c.blame(SecondPayout, "it pays what "+other+" pays already")
	}
	c.enter(p, payoutCreated, c.at)
	c.watch(p, c.at)
	return created(doc{"id": p.ID, "status": "created", "amount": p.Sent["amount"], "currency": o.currency,
		"recipient_id": c.body["recipient_id"], "virtual_account_id": p.Account, "created_at": iso(p.Created)})
}

// memo is the note to a bank, which later documents put into extra_info.
func (c *call) memo() string {
	extra, _ := c.body["extra_info"].(doc)
	return cmp.Or(textOf(c.body, "memo"), textOf(extra, "memo"))
}

// naturalKey is "" for a payout that did not arrive: another may be made.
func (p *payout) naturalKey() string {
	if p.Status == payoutFailed || p.Status == payoutCancelled {
		return ""
	}
	return join("payout", p.Account, textOf(p.Sent, "recipient_id"), money(ratOf(p.Sent["amount"])), textOf(p.Sent, "currency"))
}

// getPayout is GET /v1/payouts/{id}. It calls the id another name than the
// POST does, and writes the status in capitals (brief).
func (c *call) getPayout() answer {
	id := c.vars[0]
	if !isUUID(id) {
		return badID("payout_id", "payout")
	}
	p := c.world.Payouts.byID[id]
	if p == nil {
		return flat(http.StatusNotFound, "not_found", "Payout not found")
	}
	return ok(c.payoutView(p))
}

func (c *call) payoutView(p *payout) doc {
	v := doc{"payout_id": p.ID, "user_id": p.Owner, "recipient_id": p.Sent["recipient_id"], "origin": "payout",
		"from_amount": money(ratOf(p.Sent["amount"])), "from_currency": p.Sent["currency"], "to_amount": p.Net, "to_currency": p.Sent["currency"],
		"fee": p.Fee, "payment_method": nil, "txn_hash": nil, "uetr": nil, "provider_reference": nil, "status": p.Status, "events": p.Events,
		"reference": p.Sent["reference"], "memo": p.Sent["memo"]}
	if r := c.world.Recipients.byID[textOf(p.Sent, "recipient_id")]; r != nil {
		v["payment_method"] = strings.ToLower(textOf(r.Sent["account"].(doc), "account_type"))
	}
	return v
}

// listPayouts is GET /v1/payouts, of one user and newest first. Its rows have
// no audit trail, but say when they were made.
func (c *call) listPayouts() answer {
	at, limit := 1, 10
	bad := append(c.number("page", 1, &at), c.number("limit", 1, &limit)...)
	owner := c.r.URL.Query().Get("user_id")
	if owner == "" {
		bad = append(bad, issue{"user_id", "Required", "invalid_type"})
	}
	switch {
	case len(bad) > 0:
		return invalid(bad...)
	case limit > maxLimit:
		return broken()
	}
	rows, n := []doc{}, 0
	for _, p := range slices.Backward(c.world.Payouts.all) {
		if p.Owner != owner {
			continue
		}
		if n++; n > (at-1)*limit && n <= at*limit {
			row := c.payoutView(p)
			delete(row, "events")
			row["created_at"] = iso(p.Created)
			rows = append(rows, row)
		}
	}
	return ok(doc{"payouts": rows, "total": n, "page": at, "limit": limit, "total_pages": (n + limit - 1) / limit})
}
