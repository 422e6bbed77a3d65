// Package apply carries out a plan.
//
// Workers call the API; one coordinator does everything else: it schedules,
// changes the state in memory and emits events, so none of those need a lock
// and events always come in order. A worker's request is durable in the journal
// before it is sent, and the answer before anything else happens.
package apply

import (
	"context"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/eval"
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
	// nothing was made and never will be by that request; one with a method
	// "NotDone() bool" that returns true, that nothing of it was sent; and one
	// with a method "KeySpent() bool" that returns true, that the key had been
	// seen before.
	Create(ctx context.Context, op Op) (Result, error)

	// Find looks for the object that a create made whose answer was lost. The
	// question is which object it made, not which one is wanted now. So many
	// open requests asked for the same; any of their objects will do.
	Find(ctx context.Context, op Op, lost state.Intent, same int) (Finding, error)

	// Update brings the object of op to op.Want, after it has called
	// op.Sending. It fails, and changes nothing, if the object has changed
	// since op was planned. Its errors are as those of Create.
	Update(ctx context.Context, op Op) (Result, error)

	// Date is Kira's own time before a request, or zero if it is not known.
	Date(ctx context.Context) time.Time

	// Read looks at the object that op.Prior names.
	Read(ctx context.Context, op Op) (Result, error)

	// Hold names the event outside this run that has to come before op can be
	// done, or before its object can be used. It returns the zero Hold for
	// nothing.
	Hold(ctx context.Context, op Op) (Hold, error)

	// Await returns when the gate that holds op up may have changed, or ctx is
	// done.
	Await(ctx context.Context, op Op)
}

// Op is one operation on one object.
type Op struct {
	Addr   addr.Resource
	Kind   *schema.Kind
	Prior  state.Object // the object in the state; zero for a new one
	Want   cty.Value    // the written object, known and without marks
	Change []cty.Path   // of an update: the attributes that differ
	Carry  cty.Value    // of an update: Want, without nested attributes that it leaves alone
	Key    string       // of a create: the Idempotency-Key
	Ours   bool         // of a create: an object that is there already may be of an earlier request of ours
	Made   bool         // for Hold, Await and Read: the object exists, as Prior, and is waited for
	Whole  bool         // for Read: a row of a list is not enough

	// Behind has, by the attribute of each gate, the managed object whose id
	// that attribute holds. An object that is not managed here is left out.
	Behind map[string]Neighbour

	// Taken reports whether an object cannot be the one to look for, since it is
	// accounted for. It may be called from any goroutine.
	Taken func(id string) bool

	// Sending is called once, right before an update is sent. If it fails, so
	// does the update, and nothing is sent.
	Sending func() error

	// Note tells the user how the operation goes. It may be called from any
	// goroutine until the operation returns.
	Note func(event.Event)

	config  cty.Value      // the written object, with its marks
	written eval.Resource  // all that is written of it
	keeps   bool           // prevent_destroy is written
	ignore  []cty.Path     // attributes whose changes are ignored
	open    []state.Intent // requests without an answer, of the object or of all of its kind

	due []addr.Resource // actions that are to be run once the object is created

	sealed func(state.Salt) state.Sealed // the object that the state will remember as sent
}

// Neighbour is a managed object that another one refers to by its id.
type Neighbour struct {
	Addr addr.Resource
	ID   string
	Seen cty.Value // the object as Kira showed it last

	Unlooked []string // as in [state.Object]
	Whole    bool     // a row of a list is not enough to look at it
}

// Result is the object that an operation left at Kira.
type Result struct {
	ID      string
	Seen    cty.Value // the object as Kira shows it, under the names of the schema; not sealed
	Adopted bool      // it was there already

	Unlooked []string // as in [state.Object]
}

// Finding is the outcome of a create whose answer was lost. With no field set
// the outcome is not known, and nobody but a person can tell.
type Finding struct {
	Found *Result  // the object that it made
	None  bool     // it made none: a complete list of all that it can have made does not have it
	Free  bool     // it is not known, but another object may be made all the same
	May   []string // ids of objects that it may have made
}

// Hold is a reason to wait.
type Hold struct {
	Reason string // such as "kira_user.maria is REVIEW, waiting for VERIFIED"; "" means no hold

	Final bool // it does not pass while the run waits, so that nothing is waited for

	// Look says that Reason is as old as the object, and that one look, together with
	// others, has to tell before anything is put off.
	Look bool

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
	Workers  int           // at most this many operations ask Kira at once; 0 means 10
	Wait     time.Duration // how long each resource may be held up before it is deferred; 0 means not at all
	Whole    bool          // no row of a list is enough to look at an object
	// Judge is asked right before anything is done about a change, with the values
	// that are written and known by then. An error fails the change. Nil means that
	// nobody is asked.
	Judge func(c *plan.Change, config cty.Value) error

	Stop <-chan struct{} // closed: start nothing more, let running operations end; nil means never
}
