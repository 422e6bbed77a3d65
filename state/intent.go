package state

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"kiraform/internal/addr"
)

// Intent is a request whose outcome has to become known. It is durable before
// the request leaves, and is known by its key alone: its address may change,
// and several may have one address. A run that dies is followed by one that
// sends the same request with the same key, or looks for the outcome.
type Intent struct {
	Key    string // the Idempotency-Key, or of a request without one a name of its own
	Addr   addr.Resource
	Action string // create, replace or update
	ID     string // of an update or a replacement: the object that it changes, or takes the place of
	Digest string // of the body that was to be sent; equal requests have equal digests

	// Sent is the object that was to be sent, with fingerprints of the salt, and
	// Carries the attributes that an update carried. They are zero in an intent
	// of an earlier kiraform.
	Salt    Salt
	Sent    Sealed
	Carries []string

	At time.Time // when the key was made
	// After and Last are Kira's own time before the first and the latest exchange;
	// zero if it was not known.
	After, Last time.Time

	// Unsent tells that the last exchange certainly did not reach Kira, and
	// Unsure that an earlier one with this key may have. An exchange of which
	// nothing is known may have.
	Unsent, Unsure bool
}

// Unanswered reports whether the request may have taken effect, though there
// was no answer.
func (i Intent) Unanswered() bool { return i.Unsure || !i.Unsent }

// Creates reports whether the request makes an object.
func (i Intent) Creates() bool { return i.Action != "update" }

// Open returns all intents, by address and the oldest first.
func (s *State) Open() []Intent {
	return slices.SortedFunc(maps.Values(s.Intents), func(a, b Intent) int {
		return cmp.Or(a.Addr.Compare(b.Addr), a.At.Compare(b.At), cmp.Compare(a.Key, b.Key))
	})
}

// OpenAt returns the intents whose address a covers, as [State.Open] does.
func (s *State) OpenAt(a addr.Resource) []Intent {
	return slices.DeleteFunc(s.Open(), func(i Intent) bool { return !a.Covers(i.Addr) })
}

// endAt ends all intents of an address, as records of earlier versions mean it.
func (s *State) endAt(a addr.Resource) {
	maps.DeleteFunc(s.Intents, func(_ string, i Intent) bool { return i.Addr == a })
}
