package schema

import "time"

// PayoutAction is the name of the action that pays.
const PayoutAction = "kira_payout"

// The attributes of an action that name who takes part in it, and tell one payment from
// another.
const (
	PaysFrom         = "virtual_account_id"
	PaysTo           = "recipient_id"
	PaysInstructions = "payment_instructions" // in place of PaysTo
	PaysUser         = "user_id"
	PaysAmount       = "amount"
	PaysCurrency     = "currency"
	PaysPeriod       = "period"
)

// Payment is a payout, as far as Kira shows it. A field that it does not show is
// empty, or a zero time, and fits everything.
type Payment struct {
	ID, Account, Recipient, Amount, Currency string
	Status                                   string // in capitals
	Created                                  time.Time
	Fee, Arrives                             string
	User                                     string // whose account paid
}

// Arrived is the status of a payout that has reached its payee. It may still come back,
// and is FAILED then (documented 7.4).
const Arrived = "COMPLETED"

// NeverArrives reports whether a payout of this status does not reach its payee any more:
// the money comes back.
func NeverArrives(status string) bool {
	return status == "FAILED" || status == "CANCELLED" || status == "RETURNED"
}

// AtItsEnd reports whether a payout does not leave this status by itself.
func AtItsEnd(status string) bool { return status == Arrived || NeverArrives(status) }
