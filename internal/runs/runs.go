// Package runs decides whether an action is to be carried out.
//
// Its promise: nothing is sent twice. A run that is done is not repeated, one
// that may have been done goes out again with its own key or not at all, and a
// payout that nobody here remembers stops the next one like it. Every decision
// is a function of its input: the state, Kira's payouts, and the time.
package runs

import (
	"time"

	"kiraform/internal/addr"
	"kiraform/schema"
	"kiraform/state"
)

// Memory is how far back a payout that is not remembered stops another one.
const Memory = 35 * 24 * time.Hour

// skew is how much earlier than Kira's own time before a request a payout may
// have been made by it.
const skew = 10 * time.Minute

// Step is the next thing to do about an action.
type Step string

// The steps.
const (
	Send   Step = "send"   // under a new key, or that of a request that never left
	Resend Step = "resend" // under the key that it had, since it may have been carried out
	Done   Step = "done"   // nothing: it was carried out
	Stop   Step = "stop"   // nothing, until a person has decided: see Verdict.Why
)

// Want is one action that is asked for.
type Want struct {
	Addr   addr.Resource
	Action *schema.Action
	Of     map[string]string // see [schema.Action.Identity]
	Digest string            // of the request that would be sent
	Again  bool              // a run that is done is repeated
	Alike  []string          // ids of other recipients whose money goes to the same place
	Names  []string          // ids of recipients of the same name and another account whom runs have paid
	Maybe  []string          // ids of other recipients of the same name, of whose accounts Kira shows no number
	Known  []string          // ids of payouts that are somebody else's, as a person says
}

// Payment is a payout that Kira shows, as runs are judged by it.
type Payment struct {
	schema.Payment

	// Alike tells that another user made it, and that its money went to the payee
	// that is asked for, by everything that Kira shows of both.
	Alike bool
	Other string // that other user
}

// World holds the facts that a decision rests on.
type World struct {
	State *state.State
	// Book has the runs of State; nil means that one is made for each decision.
	Book *Book
	// Written reports whether the configuration has the action of a run, asking
	// for exactly the request of the run.
	Written func(state.Run) bool
	// Asked reports whether an action at another address asks for exactly the request of
	// a run: then a list has shifted. Nil means that none does.
	Asked func(state.Run) bool
	// Kept reports whether the action at the address of a run still pays the payee of the
	// run for its period, if another amount. Nil means that none does.
	Kept func(state.Run) bool
	// Shown has every payout of the users it is about, and those of others to the
	// same payee; nil for an action that pays nothing.
	Shown []Payment
	Now   time.Time
}

// Verdict is the decision about an action, with its reason.
type Verdict struct {
	Step Step
	Run  state.Run // to send, or that is done

	// Found are earlier runs without an answer that are known to be done now.
	Found []state.Run
	// Foreign are payouts to be remembered as somebody else's.
	Foreign []state.Run
	// Drop are the keys of requests that never left and that this one takes the
	// place of.
	Drop []string

	// Of a Stop: the rule, and its subject.
	Why  Reason
	Runs []state.Run // the runs in the way
	Seen []Payment   // the payouts in the way

	// Beside are, once it was sent, payouts that somebody else made at the same
	// moment and that may be the same (see [Beside]). Unlooked is why nobody could
	// look for them.
	Beside   []Payment
	Unlooked error
}

// Reason names the rule that stops an action.
type Reason string

// The rules.
const (
	// Payouts that nobody here remembers look like the one that is asked for.
	Unremembered Reason = "payout-seen"
	// An action that is not written any more has done just this.
	PaidAlready Reason = "paid-already"
	// The action has paid the same payee for the same period already, another amount
	// or from another account. So did one that does not ask for that any more.
	PeriodPaid Reason = "period-paid"
	// An earlier run of the action, of something else or too long ago, may have
	// been carried out.
	Unanswered Reason = "run-unanswered"
	// The same of an action that is not written any more.
	UnansweredElsewhere Reason = "run-unanswered-elsewhere"
	// -again was asked for while a run of the action is open.
	AgainWhileOpen Reason = "again-while-open"
	// -known names something that is no payout like the one that is asked for.
	NotKnown Reason = "not-known"
)
