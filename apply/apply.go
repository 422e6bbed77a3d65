// Package apply carries out a plan.
//
// Workers call the API; one coordinator does everything else: it schedules,
// changes the state in memory and emits events, so none of those need a lock
// and events always come in order. What a worker is about to send is durable
// in the journal before it is sent, and what came back before anything else
// happens.
package apply

import (
	"context"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// A Provider does single operations against the API. It is used by many
// workers at once.
type Provider interface {
	// Create makes the object of op, or finds the one that is there already.
	// An error with a method "Refused() bool" that returns true means that
	// nothing was made and never will be by that request.
	Create(ctx context.Context, op Op) (Result, error)

	// Update brings the object of op to op.Want. It fails, and changes
	// nothing, if the object is not what it was when op was planned.
	Update(ctx context.Context, op Op) (Result, error)

	// Read looks at the object that op.Prior names.
	Read(ctx context.Context, op Op) (Result, error)

	// Hold says what has to happen outside this run before op can be done, or
	// before its object can be used. It returns the zero Hold for nothing.
	Hold(ctx context.Context, op Op) (Hold, error)

	// Await returns when what holds op up may have changed, or ctx is done.
	Await(ctx context.Context, op Op)
}

// Op is one operation on one object.
type Op struct {
	Addr   addr.Resource
	Kind   *schema.Kind
	Prior  state.Object // what the state has; zero for a new object
	Want   cty.Value    // what is written, known and without marks
	Change []cty.Path   // of an update: what differs
	Key    string       // of a create: the Idempotency-Key
	Look   bool         // of a create: an earlier request may have got through, so look first
	Other  bool         // with Look: that request asked for something else than Want
	Made   bool         // for Hold and Await: the object exists, as Prior

	// Behind has, by the attribute of each gate, the managed object whose id
	// that attribute holds. An object that is not managed here is left out.
	Behind map[string]Neighbour

	// With Look: Taken reports whether an object cannot be the one to look for,
	// since it is accounted for. Claim takes one that is found, and reports
	// whether it is still to be had. Both may be called from any goroutine.
	Taken, Claim func(id string) bool

	// Note tells the user how the operation goes. It may be called from any
	// goroutine until the operation returns.
	Note func(event.Event)

	spare  string    // another Idempotency-Key, should one be needed
	config cty.Value // what is written, with its marks
	sent   cty.Value // what the state will remember as sent
}

// Neighbour is a managed object that another one refers to by its id.
type Neighbour struct {
	Addr addr.Resource
	ID   string
	Seen cty.Value // what Kira showed last
}

// Result is what an operation left at Kira.
type Result struct {
	ID      string
	Seen    cty.Value // what Kira shows, under the names of the schema; not sealed
	Adopted bool      // it was there already
}

// Hold is a reason to wait.
type Hold struct {
	Reason string // such as "kira_user.maria is REVIEW, waiting for VERIFIED"; "" means no hold

	// Looked are the managed objects that were looked at to find out, as Kira
	// shows them now.
	Looked []Neighbour
}

// Options says how to apply a plan. Program, Kinds, Key, Provider, Journal,
// NewKey and Emit must be set.
type Options struct {
	Program  plan.Program
	Kinds    map[string]*schema.Kind
	Key      state.Key
	Provider Provider
	Journal  state.Journal
	NewKey   func() string // makes an Idempotency-Key
	Emit     event.Sink
	Workers  int             // at most this many operations at once; 0 means 10
	Wait     time.Duration   // how long each resource may be held up before it is deferred; 0 means not at all
	Stop     <-chan struct{} // closed: start nothing more, let running operations end; nil means never
}

// Summary is how a run went.
type Summary struct {
	Done     map[plan.Action]int
	Failed   int
	Skipped  int
	Deferred int
	Stopped  bool

	// Unwritten are new objects that the journal could not take down, sorted.
	// The state that Run leaves has them.
	Unwritten []addr.Resource
}

// OK reports whether everything was done or, for a stated reason, put off.
func (s Summary) OK() bool { return s.Failed == 0 && s.Skipped == 0 && !s.Stopped }
