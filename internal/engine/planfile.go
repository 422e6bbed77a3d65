package engine

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/internal/tell"
	"kiraform/plan"
	"kiraform/state"
)

// PlanFile is a saved plan. It holds the plan that a person saw and digests of
// the facts that each change rests on, but none of the values that would be
// sent: to apply it, the plan is made again, and has to come out the same.
//
// It is signed as a whole with the key of the state (see [PlanFile.Encode]), and
// whatever shows it shows its changes and outputs: there is no second account of
// them that could say something else.
type PlanFile struct {
	Format  int         `json:"kiraform_plan"` // planFormat
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

	Options  SavedOptions               `json:"options"`
	Policies []event.Policy             `json:"policies,omitempty"` // the judgement of each
	Denied   bool                       `json:"denied,omitempty"`   // a policy is against it, or cannot be judged
	Checks   []event.Check              `json:"checks,omitempty"`
	Given    map[string]json.RawMessage `json:"given,omitempty"` // the values that -var and -var-file gave to variables that are not sensitive
	// TurnedDown names the rules that the configuration turned down.
	TurnedDown []string `json:"turned_down,omitempty"`
	// Extra names the blocks that send unknown attributes, each with their names.
	Extra []string `json:"extra,omitempty"`

	// Invoke is the action that is run, in place of changes; nil for none.
	Invoke *SavedInvoke `json:"invoke,omitempty"`

	Bound map[string]string `json:"bound"` // keyed digests of the settings and variables that it rests on

	Changes []SavedChange `json:"changes"` // sorted by address; no-ops that do not move are left out
	// Triggered are the actions that the changes trigger, by address, as they are
	// shown. They are bound by the keyed digests of Bound.
	Triggered     []event.Planned `json:"triggered,omitempty"`
	Outputs       []SavedOutput   `json:"outputs"`             // all of them, sorted by name
	Seen          []event.Node    `json:"variables,omitempty"` // variables, as they are shown
	Configuration []byte          `json:"configuration,omitempty"`
	OutputsTo     []event.Node    `json:"output_changes,omitempty"`
	Ended         []event.Ended   `json:"ended,omitempty"`    // the objects that could not be used any more when it was made
	Unproven      int             `json:"unproven,omitempty"` // objects of which something was assumed

	Unchanged   int                `json:"unchanged"`             // resources that stay as they are
	Diagnostics []event.Diagnostic `json:"diagnostics,omitempty"` // said while planning
	Personal    []event.Personal   `json:"personal,omitempty"`    // see [event.Review]
	Objects     []byte             `json:"objects"`               // of all resources, before and after, packed; see [PlanFile.Review]
}

// SavedOptions is how a saved plan was asked for, and all that was consented to.
type SavedOptions struct {
	Destroy    bool     `json:"destroy,omitempty"`
	Wait       string   `json:"wait,omitempty"` // such as "15m0s"
	NoRefresh  bool     `json:"no_refresh,omitempty"`
	Targets    []string `json:"targets,omitempty"`
	Exclude    []string `json:"exclude,omitempty"`
	Replace    []string `json:"replace,omitempty"`
	SamePerson []string `json:"same_person,omitempty"`
	GoneOK     string   `json:"gone_ok,omitempty"`
	Force      bool     `json:"force,omitempty"`
	Policies   []string `json:"policies,omitempty"` // folders of them
}

// planFormat is the format of plan files that is written, and the only one that is
// read: earlier ones were not signed, so that nobody can tell their true content.
const planFormat = 3

// Saved returns pl as a file. An apply of it waits for as long as wait for changes
// that have to happen at Kira.
func (pl *Proposal) Saved(wait time.Duration) PlanFile {
	o := pl.options
	f := PlanFile{
		TurnedDown: pl.project.TurnedDown(), Extra: pl.project.Extra(),
		Format: planFormat, Version: pl.project.Version, KeyID: pl.key.ID(), ID: uuid.NewString(), Saved: pl.project.now().Round(0), Planned: pl.project.planned,
		Place: pl.Place(), Lineage: pl.lineage(), State: pl.project.StateName, Given: pl.project.given(), Bound: pl.bindings(),
		Options: SavedOptions{
			Destroy: o.Destroy, NoRefresh: o.NoRefresh, Targets: addr.Texts(o.Targets), Exclude: addr.Texts(o.Exclude), Replace: addr.Texts(o.Replace),
			SamePerson: addr.Texts(o.Same), GoneOK: o.GoneOK.String(), Force: o.Force,
		},
		Changes: pl.savedChanges(), Triggered: pl.savedDue(), Outputs: pl.savedOutputs(), OutputsTo: tell.OutputChanges(pl.Outputs),
	}
	if wait > 0 {
		f.Options.Wait = wait.String()
	}
	f.Digest, f.Why = pl.Digest()
	f.Ended, f.Unproven = endedEvents(pl.Ended), pl.unproven(pl.Changes)
	f.Seen, f.Configuration = pl.project.variableNodes(), pl.project.quote.Configuration()
	f.Policies, f.Checks, f.Denied = pl.policies, pl.reviewedChecks(), pl.Denied()
	for _, in := range pl.project.Policies {
		f.Options.Policies = append(f.Options.Policies, in.Name)
	}
	f.Unchanged, f.Diagnostics = pl.counts()[string(plan.NoOp)], slices.Clone(pl.project.said)
	f.Objects, f.Personal = pl.objects(), pl.project.personal()
	return f
}

// lineage is that of the state on disk, or "" before there is one.
func (pl *Proposal) lineage() string {
	if pl.State.Serial == 0 {
		return ""
	}
	return pl.State.Lineage
}

// PlanOptions returns the options that the plan was made with.
func (f *PlanFile) PlanOptions() (o PlanOptions, err error) {
	o = PlanOptions{Destroy: f.Options.Destroy, NoRefresh: f.Options.NoRefresh, Force: f.Options.Force, Place: f.Place, saved: f}
	wait, err := f.Wait()
	o.Wait = wait > 0
	if err == nil {
		o.Targets, err = addr.ParseAll(f.Options.Targets)
	}
	if err == nil {
		o.Exclude, err = addr.ParseAll(f.Options.Exclude)
	}
	if err == nil {
		o.Replace, err = addr.ParseAll(f.Options.Replace)
	}
	if err == nil {
		o.Same, err = addr.ParseAll(f.Options.SamePerson)
	}
	if err == nil {
		o.GoneOK, err = ParseGoneOK(f.Options.GoneOK)
	}
	return o, err
}

// Wait is how long the plan waits for changes that have to happen at Kira.
func (f *PlanFile) Wait() (time.Duration, error) {
	if f.Options.Wait == "" {
		return 0, nil
	}
	return time.ParseDuration(f.Options.Wait)
}

// Variables returns the values that the command line gave to variables when the
// plan was saved, as a variable file in JSON; nil if it gave none.
func (f *PlanFile) Variables() []byte {
	if len(f.Given) == 0 {
		return nil
	}
	data, err := json.Marshal(f.Given)
	if err != nil {
		panic(fmt.Sprintf("engine: values that are JSON do not marshal: %v", err))
	}
	return data
}
