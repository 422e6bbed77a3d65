package certify

import (
	"context"
	"slices"
)

// item is one of the checklist.
type item struct {
	N     int
	Title string
	needs []int // items that have to be passed before
	show  func(context.Context, *bench) (outcome, error)
	// renews reports whether an item that was passed has to be shown once more,
	// since a later run cannot go on without; nil means that none has to.
	renews func(*bench) bool
}

func (it *item) again(b *bench) bool { return it.renews != nil && it.renews(b) }

// outcome is how an item came out. An error beside it is a failure.
type outcome struct {
	status       Status
	reason, next string
}

func passed(reason string) (outcome, error) { return outcome{status: Passed, reason: reason}, nil }

func failed(reason string) (outcome, error) { return outcome{status: Failed, reason: reason}, nil }

// waits is an item that a person at Kira has to do something for; next is the
// text to write to them.
func waits(reason, next string) (outcome, error) {
	return outcome{status: NeedsKira, reason: reason, next: next}, nil
}

// Titles has the titles of the items, in their order.
func Titles() (all []string) {
	for i := range checklist {
		all = append(all, checklist[i].Title)
	}
	return all
}

// checklist has the fifteen items in the order of the brief.
var checklist []item

func init() { // the items refer to it
	checklist = []item{
		{N: 1, Title: "Acquire token", show: token},
		{N: 2, Title: "Pin version", needs: []int{1}, show: pin},
		{N: 3, Title: "Idempotency-Key correctly applied", needs: []int{9}, show: keys},
		{N: 4, Title: "Create individual user", needs: []int{1}, show: individual},
		{N: 5, Title: "Create business user", needs: []int{1}, show: business},
		{N: 6, Title: "Read a VERIFIED user", needs: []int{4}, show: verified},
		{N: 7, Title: "Create a VA", needs: []int{6}, show: account},
		{N: 8, Title: "Simulate inbound deposit", needs: []int{7}, show: deposit},
		{N: 9, Title: "Create a recipient", needs: []int{4}, show: recipient},
		{N: 10, Title: "Preview a payout", needs: []int{7, 9}, show: preview},
		{N: 11, Title: "Execute a payout", needs: []int{10}, show: payout},
		{N: 12, Title: "Register webhook URL", needs: []int{1}, show: register, renews: elsewhere},
		{N: 13, Title: "Verify HMAC signature on incoming events", needs: []int{12}, show: signature},
		{N: 14, Title: "De-dup retried events", needs: []int{13}, show: duplicates},
		{N: 15, Title: "Handle one error response cleanly", needs: []int{1}, show: refusals},
	}
}

// sequence is the order in which the items are shown: the registration comes
// before all that Kira tells in events.
var sequence = []int{1, 2, 15, 12, 4, 5, 6, 7, 9, 3, 8, 10, 11, 13, 14}

// order returns the items to show: all, or one and those it needs.
func order(only int) (all []*item) {
	for _, n := range sequence {
		if only == 0 || n == only || needed(only, n) {
			all = append(all, &checklist[n-1])
		}
	}
	return all
}

// needed reports whether an item takes another one, over however many. An item
// that events show takes the registration, and somebody to be told of.
func needed(of, n int) bool {
	needs := checklist[of-1].needs
	if of == 8 || of == 13 {
		needs = slices.Concat(needs, []int{12, 4})
	}
	return slices.Contains(needs, n) || slices.ContainsFunc(needs, func(m int) bool { return needed(m, n) })
}

// Items is the number of items.
const Items = 15
