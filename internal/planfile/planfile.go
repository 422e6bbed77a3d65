// Package planfile is the form in which a plan is saved, and in which it is approved
// by its digest. It does not know how a plan is made.
//
// Not a byte of a saved plan can be changed without [Read] saying so. The changes and
// outputs that it shows are those that it binds, and none of the values that would be
// sent is in it. It is compared with one that was made since: [File.Check] says every
// difference. Equal effects have equal digests, whenever they can happen.
//
// Start at [File] and [Read].
package planfile

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/state"
)

// File is a saved plan. It holds the plan that a person saw and digests of
// the facts that each change rests on, but none of the values that would be
// sent: to apply it, the plan is made again, and has to come out the same.
//
// It is signed as a whole with the key of the state (see [File.Encode]), and
// whatever shows it shows its changes and outputs: there is no second account of
// them that could say something else.
type File struct {
	Format  int         `json:"kiraform_plan"` // Format
	Version string      `json:"version"`       // of kiraform
	KeyID   string      `json:"key_id"`        // of the key that signed it
	ID      string      `json:"id"`            // no two files have the same
	Saved   time.Time   `json:"saved"`
	Planned time.Time   `json:"planned,omitzero"` // the time that plantimestamp returns
	Place   state.Place `json:"place"`            // where it was made
	Lineage string      `json:"lineage"`          // of the state; "" if there was none
	State   string      `json:"state"`            // its name: a plan is for one state, also before that is there
	Digest  string      `json:"digest,omitempty"`
	Why     string      `json:"no_digest,omitempty"` // there is none

	Options  Options                    `json:"options"`
	Policies []event.Policy             `json:"policies,omitempty"` // the judgement of each
	Denied   bool                       `json:"denied,omitempty"`   // a policy is against it, or cannot be judged
	Checks   []event.Check              `json:"checks,omitempty"`
	Given    map[string]json.RawMessage `json:"given,omitempty"` // the values that -var and -var-file gave to variables that are not sensitive
	// TurnedDown names the rules that the configuration turned down.
	TurnedDown []string `json:"turned_down,omitempty"`
	// Extra names the blocks that send unknown attributes, each with their names.
	Extra []string `json:"extra,omitempty"`

	// Invoke is the action that is run, in place of changes; nil for none.
	Invoke *Invoke `json:"invoke,omitempty"`

	Bound map[string]string `json:"bound"` // keyed digests of the settings and variables that it rests on

	Changes []Change `json:"changes"` // sorted by address; no-ops that do not move are left out
	// Triggered are the actions that the changes trigger, by address, as they are
	// shown. They are bound by the keyed digests of Bound.
	Triggered     []event.Planned `json:"triggered,omitempty"`
	Outputs       []Output        `json:"outputs"`             // all of them, sorted by name
	Seen          []event.Node    `json:"variables,omitempty"` // variables, as they are shown
	Configuration []byte          `json:"configuration,omitempty"`
	OutputsTo     []event.Node    `json:"output_changes,omitempty"`
	Ended         []event.Ended   `json:"ended,omitempty"`    // the objects that could not be used any more when it was made
	Unproven      int             `json:"unproven,omitempty"` // objects of which something was assumed

	Unchanged   int                `json:"unchanged"`             // resources that stay as they are
	Diagnostics []event.Diagnostic `json:"diagnostics,omitempty"` // said while planning
	Personal    []event.Personal   `json:"personal,omitempty"`    // see [event.Review]
	Objects     []byte             `json:"objects"`               // of all resources, before and after, packed; see [File.Review]
}

// Options is how a saved plan was asked for, and all that was consented to.
type Options struct {
	Destroy    bool            `json:"destroy,omitempty"`
	Wait       string          `json:"wait,omitempty"` // such as "15m0s"
	NoRefresh  bool            `json:"no_refresh,omitempty"`
	Targets    []addr.Resource `json:"targets,omitempty"`
	Exclude    []addr.Resource `json:"exclude,omitempty"`
	Replace    []addr.Resource `json:"replace,omitempty"`
	SamePerson []addr.Resource `json:"same_person,omitempty"`
	GoneOK     string          `json:"gone_ok,omitempty"`
	Force      bool            `json:"force,omitempty"`
	Policies   []string        `json:"policies,omitempty"` // folders of them
}

// Format is the format of plan files that is written, and the only one that is
// read. Earlier ones have values that are not known yet, or the needs of changes, in a
// form that cannot be compared with this one.
const Format = 5

// firstSigned is the first format that was signed: nobody can tell the true content of
// earlier ones.
const firstSigned = 3

// Wait is how long the plan waits for changes that have to happen at Kira.
func (f *File) Wait() (time.Duration, error) {
	if f.Options.Wait == "" {
		return 0, nil
	}
	return time.ParseDuration(f.Options.Wait)
}

// Variables returns the values that the command line gave to variables when the
// plan was saved, as a variable file in JSON; nil if it gave none.
func (f *File) Variables() []byte {
	if len(f.Given) == 0 {
		return nil
	}
	data, err := json.Marshal(f.Given)
	if err != nil {
		panic(fmt.Sprintf("planfile: values that are JSON do not marshal: %v", err))
	}
	return data
}

// Addrs returns the addresses that the plan changes something at.
func (f *File) Addrs() map[string]bool {
	all := make(map[string]bool)
	if f != nil {
		for i := range f.Changes {
			all[f.Changes[i].Addr] = true
		}
	}
	return all
}

// Shows reports whether the plan changes an output.
func (f *File) Shows(output string) bool {
	if f == nil {
		return false
	}
	return slices.ContainsFunc(f.Outputs, func(o Output) bool { return o.Name == output && o.Changes })
}

// Change is one change of a saved plan: the change that it shows, and the
// facts that it rests on. Digests are keyed, and equal if their content is.
type Change struct {
	Addr   string   `json:"address"`
	From   string   `json:"previous_address,omitempty"`
	Action string   `json:"action"`
	Final  string   `json:"final,omitempty"` // of a deferred change: the action it comes to once its gate opens
	ID     string   `json:"id,omitempty"`    // of the object that lives already
	Paths  []string `json:"paths,omitempty"` // of the attributes that change, or are no longer written
	Config string   `json:"config"`          // digest of the written object, and of its needs
	Sent   string   `json:"sent"`            // digest of the object that was sent last
	Live   string   `json:"live"`            // digest of the object as Kira shows it, without computed attributes

	Shown event.Planned `json:"shown"` // without the fields above
}

// event is how the change is shown.
func (c *Change) event() event.Planned {
	e := c.Shown
	e.Addr, e.From, e.Action, e.ID = c.Addr, c.From, c.Action, c.ID
	return e
}

// Output is an output as it will be.
type Output struct {
	Name    string `json:"name"`
	Digest  string `json:"digest"`            // of its value or, if that is made of computed attributes, of how it is written
	Changes bool   `json:"changes,omitempty"` // its value is another one than before

	Before *event.Node `json:"before,omitempty"` // how it is shown, on both sides of the plan
	After  *event.Node `json:"after,omitempty"`
}

// Invoke is an action that a saved plan runs.
type Invoke struct {
	Addr      addr.Resource   `json:"address"` // as it was asked for
	Again     bool            `json:"again,omitempty"`
	Known     []string        `json:"known,omitempty"`
	MaxPayout string          `json:"max_payout,omitempty"`
	All       []Invocation    `json:"all"` // those that something is sent for, by address
	Shown     []event.Planned `json:"shown"`
	Counts    map[string]int  `json:"counts,omitempty"`
}

// Invocation is one instance: the facts that it rests on. The balance is
// not bound.
type Invocation struct {
	Addr   string            `json:"address"`
	Of     map[string]string `json:"of"`
	Config string            `json:"config"` // digest of the written configuration
	Fees   string            `json:"fees,omitempty"`
	After  string            `json:"after,omitempty"` // the runs that it repeats
}
