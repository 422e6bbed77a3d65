package event

// The actions that a resource is planned for, as [Planned], [Begin] and [End]
// have them and as counts are kept by.
const (
	NoOp    = "no-op"
	Create  = "create"
	Update  = "update"
	Replace = "replace" // create a new object and leave the old one behind
	Adopt   = "adopt"   // take over an object that lives already
	Forget  = "forget"  // leave it alive, and manage it no more
	Defer   = "defer"   // cannot be done yet
	Read    = "read"    // of a data source
	Drift   = "drift"   // the state takes over a change that was made at Kira
	Gone    = "gone"    // the state lets go of an object that Kira has no more
	Invoke  = "invoke"  // run an action
	Later   = "later"   // counted only: an action that is due and has to wait, planned for Defer
	Move    = "move"    // counted beside the others; an object that has another address is planned for one of them
)

// Countable returns the actions that a policy can count.
func Countable() []string {
	return []string{Create, Update, Replace, Adopt, Forget, Gone, Move, Defer, Invoke}
}

// ChangedAtKira begins the cause of an attribute that Kira has changed.
const ChangedAtKira = "changed at Kira"

// Preview is the name of the node that has Kira's figures for an action before it is
// run.
const Preview = "preview"

// Actions has all of them, for tests that check a renderer has words for each.
var Actions = []string{NoOp, Create, Update, Replace, Adopt, Forget, Defer, Read, Drift, Gone, Invoke, Later, Move}

// Counted is the action that a plan counts p by. Actions are counted apart from changes
// of resources, those that have to wait too.
func (p Planned) Counted() string {
	if p.Action == Defer && IsAction(p.Addr) {
		return Later
	}
	return p.Action
}
