// Package plan works out the changes to make.
//
// Planning is a function of its input: no clock, no randomness, no network, no
// files. The same input always gives the same plan, byte for byte.
package plan

import (
	"cmp"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/eval"
	"kiraform/internal/graph"
	"kiraform/schema"
	"kiraform/state"
)

// Action is the effect of a plan on one resource.
type Action string

const (
	NoOp    Action = "no-op"
	Create  Action = "create"
	Update  Action = "update"
	Replace Action = "replace" // create a new object and leave the old one behind
	Adopt   Action = "adopt"   // take over an object that lives already
	Forget  Action = "forget"  // Kira cannot delete: drop it from the state, enter it in the ledger
	Defer   Action = "defer"   // cannot be done yet
	Read    Action = "read"    // look at a data source, once all that it depends on is known
	Gone    Action = "gone"    // like Forget, for an object that Kira has no more
)

// A Program is a compiled configuration. Evaluation is pure, but one
// resource's value can depend on another's, so the planner asks for resources
// in order, and the executor asks again once real values are known.
type Program interface {
	Blocks() *graph.Graph[addr.Resource]
	Expand(block addr.Resource, known *eval.Values) ([]addr.Resource, hcl.Diagnostics)
	Eval(a addr.Resource, known *eval.Values) (eval.Resource, hcl.Diagnostics)
	Check(a addr.Resource, self *eval.Later, known *eval.Values) hcl.Diagnostics
	Protected(a addr.Resource, known *eval.Values) (bool, hcl.Diagnostics)
	Outputs(known *eval.Values) (map[string]eval.Output, hcl.Diagnostics)
	Moves() []eval.Move
	Removed() []eval.Removed
	Checks(known *eval.Values) hcl.Diagnostics
	Locate(a addr.Resource, path cty.Path) *hcl.Range
}

// Input is all that planning looks at.
type Input struct {
	Program Program
	Prior   *state.State // refreshed
	Kinds   map[string]*schema.Kind
	Key     state.Key // compares values that the state keeps only as fingerprints

	Gone     map[addr.Resource]state.Object // objects that the state had, but Kira has no more
	Imported map[addr.Resource]bool         // objects that exist already, as an import block says
	Data     map[addr.Resource]cty.Value    // the values of data sources, as far as they were looked at
	Found    map[addr.Resource]state.Object // objects that live already, for resources that have none

	Said map[string]string // why Kira ended objects, in sentences, by their ids

	Destroy bool            // plan to forget everything
	Wait    bool            // shut gates will be waited for, so nothing is deferred because of one
	Targets []addr.Resource // plan only these and their needs; empty means everything
	Exclude []addr.Resource // leave these out, and their dependants
	Replace []addr.Resource // replace these, whatever that leaves behind

	Stay bool // objects keep their addresses, unless a moved block says otherwise

	displaced map[addr.Resource]bool // objects whose former address another one has now

	// Stopped says that nobody wants the plan any more, whose content does not count
	// then. Nil means that it is always wanted.
	Stopped func() bool

	SamePerson []addr.Resource // users that stay the same person, however much of them changes
}

// Plan has the change of each resource.
type Plan struct {
	Changes []Change // sorted by address
	Moves   []Move   // objects that changed their address, in the order of To
	Outputs []OutputChange
	Ended   []Ended      // objects that have ended at Kira, in the order of Changes
	Known   *eval.Values // the values that the changes lead to; for a resource that is put off or left out, those that it has

	// Prior is the state that the changes start from: the one that was given,
	// with the moves made.
	Prior *state.State

	selected map[addr.Resource]bool // the instances that -target and -exclude leave in; nil means all
	left     []leftOut              // the resources that -exclude leaves out besides those that it names, sorted
	destroy  bool

	without map[addr.Resource]bool            // resources that needs do not stand for any more
	members map[addr.Resource][]addr.Resource // see Members
}

// Change is the change of one resource, and its reasons.
type Change struct {
	Addr   addr.Resource
	Action Action
	Why    string // why this action, where it does not speak for itself
	Waits  string // the gate that it will wait for when applied, such as "until kira_user.maria is VERIFIED"

	Moved  addr.Resource // the address that the object had before; zero if it has kept its own
	Prior  state.Object  // zero if there is none
	Config cty.Value     // the written object; unknown parts and marks included
	After  *eval.Later   // the object this leads to; null once forgotten

	Because []Reason        // attributes that differ, in the order of the schema
	Dropped []cty.Path      // no longer written, but Kira keeps them
	Needs   []addr.Resource // must be done first, sorted; one may stand for several, see [Plan.Members]
	Follows []addr.Resource // are done first as well, without being needed: they give up a value that this one gets

	Pending addr.Resource // of a data source: the resource that it depends on and that is going to change; zero for none

	Consented bool // the replacement was asked for, by this run or by one that could not do it yet

	from     map[string][]addr.Resource // see [eval.Resource.From]
	written  eval.Resource              // the resource as it was evaluated; zero if it was not
	triggers []addr.Resource            // the changes that it is replaced for, unless it was to be replaced before
}

// MadeOfIDs reports whether the written values that are not known yet are ids of
// other objects and nothing else.
func (c *Change) MadeOfIDs(kinds map[string]*schema.Kind) bool {
	if c.Config == cty.NilVal || c.Config.IsWhollyKnown() {
		return true
	}
	k := c.Kind(kinds)
	for name, v := range c.Config.AsValueMap() {
		if a, ok := k.Attr(name); !v.IsWhollyKnown() && (!ok || a.Ref == "" || len(c.from[name]) == 0) {
			return false
		}
	}
	return true
}

// Former is the address that the object has in the state.
func (c *Change) Former() addr.Resource { return cmp.Or(c.Moved, c.Addr) }

// Move is an object that changed its address.
type Move struct {
	From, To addr.Resource
	Why      string     // "" for one that is written in a moved block
	Range    *hcl.Range // of the block's from; nil if it is written in none
}

// Reason names an attribute that differs from the wanted value.
type Reason struct {
	Path  cty.Path
	Cause Cause
	Fixed bool // it cannot change while the object lives
}

// Cause says who made an attribute differ.
type Cause string

const (
	Configured Cause = "configured" // the configuration changed
	Drifted    Cause = "drifted"    // Kira's value changed
	Both       Cause = "both"       // the configuration changed, and Kira's value did too, to something else
	Unreadable Cause = "unreadable" // Kira cannot show it and it was never sent
	Depends    Cause = "depends"    // it comes from a resource that changes
	Unanswered Cause = "unanswered" // a request that carried it got no answer
	Restored   Cause = "restored"   // another value was sent after the state that was brought back
)

// OutputChange is the change of an output.
type OutputChange struct {
	Name          string
	Before, After state.Output // Value is cty.NilVal where there is none
	Known         bool         // After's value is known already
}

// Removed reports whether the output is there no more afterwards.
func (c *OutputChange) Removed() bool { return c.After == (state.Output{}) }

// Kind returns the schema of the change's resource.
func (c *Change) Kind(kinds map[string]*schema.Kind) *schema.Kind { return kinds[c.Addr.Schema()] }

// Counts returns how many resources each action happens to.
func (p *Plan) Counts() map[Action]int {
	n := make(map[Action]int)
	for i := range p.Changes {
		n[p.Changes[i].Action]++
	}
	return n
}

// Empty reports whether there is nothing that applying p could do now. Deferred
// changes do not count.
func (p *Plan) Empty() bool {
	n := p.Counts()
	return n[NoOp]+n[Defer]+n[Read] == len(p.Changes) && len(p.Outputs) == 0 && len(p.Moves) == 0
}

// label notes in each change which address its object had before.
func (p *Plan) label() {
	was := make(map[addr.Resource]addr.Resource, len(p.Moves))
	for _, m := range p.Moves {
		was[m.To] = m.From
	}
	for i := range p.Changes {
		p.Changes[i].Moved = was[p.Changes[i].Addr]
	}
}
