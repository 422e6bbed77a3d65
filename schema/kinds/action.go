package kinds

import (
	"context"
	"errors"
	"slices"
	"strings"

	"kiraform/internal/kira"
	"kiraform/schema"
)

// Action is one kind of action: something that is done once.
type Action struct {
	Schema schema.Action

	// Send has it done, with c.Key if the action takes one. An answer that does
	// not name the result is an error, though one that is no refusal.
	Send func(context.Context, Call) (Outcome, error)

	// Payments returns every payout that Kira shows of the user c.ID. Nil means
	// that the action pays nothing.
	Payments func(context.Context, Call) ([]schema.Payment, error)

	// Payment looks at the payout c.ID. Nil means that the result cannot be
	// looked at.
	Payment func(context.Context, Call) (schema.Payment, error)

	// Preview asks for the cost of c.Want. Nil means that it costs nothing.
	Preview func(context.Context, Call) (Preview, error)
}

// Outcome is the content of the answer to an action.
type Outcome struct {
	ID     string
	Status string // in capitals
	Text   string // something that a person has to know of it, such as a link; "" for nothing
}

// Preview is the cost of a payout.
type Preview struct {
	Fees            string // in all
	Arrives         string // at the recipient
	ArrivesCurrency string
	Balance         string // on the account; "" if Kira does not say
	BalanceCurrency string
}

// Actions lists the kinds of actions in the order the documentation shows them.
var Actions = []*Action{&payout, &simulatedDeposit, &verificationAction}

// ActionByName returns the kind of action called name.
func ActionByName(name string) (*Action, bool) {
	i := slices.IndexFunc(Actions, func(a *Action) bool { return a.Schema.Config.Name == name })
	if i < 0 {
		return nil, false
	}
	return Actions[i], true
}

// ActionSchemas returns the schemas of the actions' config blocks, by the names
// that addresses give them.
func ActionSchemas() map[string]*schema.Kind {
	m := make(map[string]*schema.Kind, len(Actions))
	for _, a := range Actions {
		m["action."+a.Schema.Config.Name] = &a.Schema.Config
	}
	return m
}

// refusals have advice on Kira's refusals of a payout (brief, "Common errors").
var refusals = []struct{ text, advice string }{
	{"insufficient balance", "The account does not hold the amount. In the sandbox a balance is fixed, and no deposit moves it; elsewhere fund the account, or pay less."},
	{"total fees exceed", "The fees would eat the amount: pay more, which takes about 3 dollars by SWIFT, or by another rail."},
	{"not active", "The account is still being activated, or was closed: wait until it has its number, or pay from another one."},
	{"x-validation-header", "This Kira asks for a one-time password: have it sent to you, and give it as KIRAFORM_PAYOUT_OTP."},
	{"memo", "This Kira asks for a memo: write memo, or extra_info = { memo = ... }."},
	{"swift is not", "An ACT account is domestic, and cannot pay by SWIFT: pay from an account of the SWIFT rail, or to another account of the recipient."},
	{"payment_instructions", "A crypto account pays by payment_instructions, in place of recipient_id."},
	{"recipient does not belong", "The account and the recipient have to be of one user."},
}

// Advice is a sentence of advice about a refused payout; "" if nothing is known.
func Advice(err error) string {
	e, ok := errors.AsType[*kira.Error](err)
	if !ok || e.Status/100 != 4 {
		return ""
	}
	var text strings.Builder
	text.WriteString(strings.ToLower(e.Message + " " + e.Code))
	for _, d := range e.Details {
		text.WriteString(" " + strings.ToLower(d.String()))
	}
	for _, r := range refusals {
		if strings.Contains(text.String(), r.text) {
			return r.advice
		}
	}
	return ""
}
