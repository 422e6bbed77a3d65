package tfjson

import (
	"encoding/json"
	"time"

	"kiraform/internal/event"
)

// Plan is a plan in Terraform's format.
type Plan struct {
	FormatVersion    string              `json:"format_version"`
	TerraformVersion string              `json:"terraform_version"`
	Variables        map[string]Variable `json:"variables,omitempty"`
	PlannedValues    *Values             `json:"planned_values"`           // without forgotten objects
	ResourceDrift    []ResourceChange    `json:"resource_drift,omitempty"` // from how it was applied to how it is at Kira
	ResourceChanges  []ResourceChange    `json:"resource_changes"`
	DeferredChanges  []DeferredChange    `json:"deferred_changes,omitempty"`

	// Actions are run by an apply of the plan, and those of DeferredActions once the
	// objects are created that trigger them.
	Actions         []ActionInvocation         `json:"action_invocations,omitempty"`
	DeferredActions []DeferredActionInvocation `json:"deferred_action_invocations,omitempty"`

	OutputChanges map[string]Change `json:"output_changes"`
	PriorState    State             `json:"prior_state"`
	Checks        []Check           `json:"checks,omitempty"`
	Configuration any               `json:"configuration,omitempty"` // secrets left out
	Timestamp     string            `json:"timestamp"`
	Applyable     bool              `json:"applyable"`
	Complete      bool              `json:"complete"` // nothing is deferred
	Errored       bool              `json:"errored"`
	Kiraform      PlanFacts         `json:"kiraform"`
}

// PlanFacts are kiraform's facts about a plan as a whole.
type PlanFacts struct {
	Version     string       `json:"version"` // of kiraform
	Place       event.Place  `json:"place"`
	Digest      string       `json:"digest,omitempty"`    // for apply -expect-digest
	NoDigest    string       `json:"no_digest,omitempty"` // why there is none
	Destroy     bool         `json:"destroy,omitempty"`
	Wait        string       `json:"wait,omitempty"` // how long an apply of it waits, such as "15m0s"
	Targets     []string     `json:"targets,omitempty"`
	Counts      Counts       `json:"counts"`
	Ended       []Ended      `json:"ended,omitempty"`    // cannot be used any more
	Unproven    int          `json:"unproven,omitempty"` // objects of which something was assumed
	TurnedDown  []string     `json:"turned_down,omitempty"`
	Extra       []string     `json:"extra,omitempty"`
	Diagnostics []Diagnostic `json:"diagnostics,omitempty"`

	Policies []event.Policy `json:"policies,omitempty"` // the judgement of each
}

// Variable is a variable of the root module. That of a secret has no value.
type Variable struct {
	Value     any  `json:"value,omitempty"`
	Sensitive bool `json:"sensitive,omitempty"`
}

// Ended is an object that cannot be used, and does not become usable by itself.
type Ended struct {
	Address string `json:"address"`
	Is      string `json:"is"` // in Kira's words
}

// Counts counts resources by their actions, in kiraform's words. A move is
// counted beside the action.
type Counts struct {
	NoOp    int `json:"no_op"`
	Create  int `json:"create"`
	Update  int `json:"update"`
	Replace int `json:"replace"`
	Adopt   int `json:"adopt"`
	Forget  int `json:"forget"`
	Gone    int `json:"gone"`
	Defer   int `json:"defer"`
	Read    int `json:"read"`
	Move    int `json:"move"`
	Invoke  int `json:"invoke"`
	Later   int `json:"later,omitempty"` // of a plan: actions that are due and have to wait
}

func countsOf(n map[string]int) Counts {
	return Counts{NoOp: n[event.NoOp], Create: n[event.Create], Update: n[event.Update], Replace: n[event.Replace], Adopt: n[event.Adopt],
		Forget: n[event.Forget], Gone: n[event.Gone], Defer: n[event.Defer], Read: n[event.Read], Move: n[event.Move], Invoke: n[event.Invoke], Later: n[event.Later]}
}

// ResourceChange is a change of one resource.
type ResourceChange struct {
	Address         string      `json:"address"`
	PreviousAddress string      `json:"previous_address,omitempty"`
	ModuleAddress   string      `json:"module_address,omitempty"`
	Mode            string      `json:"mode"`
	Type            string      `json:"type"`
	Name            string      `json:"name"`
	Index           any         `json:"index,omitempty"`
	ProviderName    string      `json:"provider_name"`
	Change          Change      `json:"change"`
	ActionReason    string      `json:"action_reason,omitempty"`
	Kiraform        ChangeFacts `json:"kiraform"`
}

// DeferredChange is a change that cannot be made yet.
type DeferredChange struct {
	Reason         string         `json:"reason"`
	ResourceChange ResourceChange `json:"resource_change"`
}

// ChangeFacts are kiraform's facts about a change.
type ChangeFacts struct {
	Action     string      `json:"action"`          // in kiraform's words
	ID         string      `json:"id,omitempty"`    // of the object that lives already
	Cause      string      `json:"cause,omitempty"` // why this action
	Waits      string      `json:"waits,omitempty"` // its gate once applied
	Attributes []Attribute `json:"attributes"`      // those that change
	Needs      []string    `json:"needs,omitempty"`
	File       string      `json:"file,omitempty"`
	Line       int         `json:"line,omitempty"`
}

// Change is both sides of a change.
type Change struct {
	Actions         []string   `json:"actions"`
	Before          any        `json:"before"`
	After           any        `json:"after,omitempty"`
	AfterUnknown    any        `json:"after_unknown"`
	BeforeSensitive any        `json:"before_sensitive"`
	AfterSensitive  any        `json:"after_sensitive"`
	ReplacePaths    [][]string `json:"replace_paths,omitempty"`
	Importing       *Importing `json:"importing,omitempty"`
}

// Importing is an object that lives already and is taken over.
type Importing struct {
	ID string `json:"id"`
}

// OfPlan returns a plan.
func OfPlan(r *event.Review) Plan {
	p := Plan{FormatVersion: planFormat, TerraformVersion: terraformVersion, ResourceChanges: []ResourceChange{}, OutputChanges: map[string]Change{},
		Timestamp: r.At.UTC().Format(time.RFC3339), Applyable: r.Applies(), Complete: true, Kiraform: planFacts(r)}
	var prior, planned builder
	for i := range r.Changes {
		c := &r.Changes[i]
		if c.Action == event.Invoke || c.Final == event.Invoke {
			p.action(c)
			continue
		}
		if d, is := driftOf(c); is {
			p.ResourceDrift = append(p.ResourceDrift, d)
		}
		if c.Before != nil {
			prior.add(&c.Planned, c.Before)
		}
		if will := afterwards(c); will != nil {
			planned.add(&c.Planned, will)
		}
		if c.Action == event.Defer {
			p.Complete = false
			p.DeferredChanges = append(p.DeferredChanges, DeferredChange{c.Why, changeOf(c)})
			continue
		}
		p.ResourceChanges = append(p.ResourceChanges, changeOf(c))
	}
	for _, o := range r.Outputs {
		if o.Before != nil {
			prior.output(*o.Before)
		}
		if o.After != nil {
			planned.output(*o.After)
		}
		if o.Before != nil || o.After != nil {
			p.OutputChanges[o.Name] = outputChange(o, r.End.Outputs)
		}
	}
	p.PriorState = State{FormatVersion: stateFormat, TerraformVersion: terraformVersion, Values: prior.values()}
	p.PlannedValues = planned.values()
	p.Checks, p.Variables = checksOf(r.Checks), variablesOf(r.Variables)
	if len(r.Configuration) > 0 {
		p.Configuration = json.RawMessage(r.Configuration)
	}
	for _, d := range r.Diagnostics {
		p.Errored = p.Errored || d.Severity == severityError
	}
	return p
}

func planFacts(r *event.Review) PlanFacts {
	f := PlanFacts{Version: r.Version, Place: r.Start.Place, Digest: r.End.Digest, NoDigest: r.End.NoDigest, Destroy: r.Destroy,
		Targets: r.Targets, Counts: countsOf(r.End.Counts), Ended: endedOf(r.End.Ended), Unproven: r.End.Unproven,
		TurnedDown: r.Start.TurnedDown, Extra: r.Start.Extra, Policies: r.Policies}
	if r.Wait > 0 {
		f.Wait = r.Wait.String()
	}
	for i := range r.Diagnostics {
		f.Diagnostics = append(f.Diagnostics, diagnosticOf(&r.Diagnostics[i]))
	}
	return f
}

func endedOf(all []event.Ended) (out []Ended) {
	for _, e := range all {
		out = append(out, Ended{e.Addr, e.Is})
	}
	return out
}

// afterwards is the object of a resource after an apply of the plan: nil for one that
// is forgotten, or put off and not there yet.
func afterwards(c *event.Reviewed) []event.Node {
	if c.Action == event.Defer {
		return c.Before
	}
	return c.Result
}

func changeOf(c *event.Reviewed) ResourceChange {
	action := c.Action
	if action == event.Defer {
		action = c.Final
	}
	was, will := objectForm(c.Before), objectForm(c.Result)
	rc := ResourceChange{
		Address: c.Addr, PreviousAddress: c.From, ModuleAddress: c.Module, Mode: mode(&c.Planned), Type: c.Kind, Name: c.Name,
		Index: index(c.Index), ProviderName: provider, ActionReason: reasonOf(action, &c.Planned),
		Change: Change{Actions: actionsOf(action, &c.Planned), Before: was.value, After: will.value, AfterUnknown: will.unknown,
			BeforeSensitive: was.sensitive, AfterSensitive: will.sensitive, ReplacePaths: replacePaths(nil, c.Nodes)},
		Kiraform: factsOf(&c.Planned),
	}
	if action == event.Adopt {
		rc.Change.Importing = &Importing{c.ID}
	}
	return rc
}

func factsOf(e *event.Planned) ChangeFacts {
	return ChangeFacts{Action: e.Action, ID: e.ID, Cause: e.Why, Waits: e.After, Attributes: attributesOf(e), Needs: e.Needs,
		File: e.File, Line: e.Line}
}

// replacePaths lists the attributes that force a replacement.
func replacePaths(at []string, nodes []event.Node) (paths [][]string) {
	for _, n := range nodes {
		here := append(at[:len(at):len(at)], n.Name)
		if n.Replaces {
			paths = append(paths, here)
			continue
		}
		paths = append(paths, replacePaths(here, n.Nodes)...)
	}
	return paths
}

// outputChange is an output on both sides of a plan; changed are those that change.
func outputChange(o event.ReviewedOutput, changed []event.Node) Change {
	was, will := form{nil, false, false}, form{nil, false, false}
	c := Change{Actions: []string{"no-op"}}
	for _, n := range changed {
		if n.Name == o.Name {
			c.Actions = []string{verbs[n.Op]}
		}
	}
	if o.Before != nil {
		was = formOf(*o.Before)
	}
	if o.After != nil {
		will = formOf(*o.After)
	}
	c.Before, c.After, c.AfterUnknown = was.value, will.value, holds(will.unknown)
	c.BeforeSensitive, c.AfterSensitive = holds(was.sensitive), holds(will.sensitive)
	return c
}
