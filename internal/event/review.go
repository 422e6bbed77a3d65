package event

import "time"

// Review is a plan as a whole, for those who show it at once: everything that the
// plan binds, and nothing that a run could not compute again. Like an event it has
// nothing in it that is secret.
type Review struct {
	Start       Start
	Version     string    // of kiraform
	At          time.Time // when it was planned
	Destroy     bool
	Wait        time.Duration // how long an apply of it waits for Kira
	Targets     []string      // the selection; nil means everything
	Diagnostics []Diagnostic  // said while planning, in order
	Changes     []Reviewed    // sorted by address; those of resources that stay as they are included
	Outputs     []ReviewedOutput
	End         PlanEnd  // with the digest
	Policies    []Policy // that the plan was judged by, by name
	Denied      bool     // a policy is against the plan, or cannot be judged: it is not carried out
	Variables   []Node   // of the root module, by name
	Checks      []Check  // check blocks, in the order of the configuration

	// Configuration is the configuration in the JSON of Terraform's plans, without
	// its secrets; empty where that is not known.
	Configuration []byte

	// Personal has the personal values that the run came across, for those who leave
	// them out. No rendering shows it.
	Personal []Personal
}

// Policy is a rule of the people who review, and its judgement of a plan.
type Policy struct {
	Name   string   `json:"name"`
	Level  string   `json:"level"` // "deny" or "warn"
	File   string   `json:"file,omitempty"`
	Line   int      `json:"line,omitempty"`
	Judged int      `json:"judged"`           // changes that it was asked about
	Broken []Breach `json:"broken,omitempty"` // by address
}

// Check is how a check block fares. One that does not hold stops nothing.
type Check struct {
	Addr     string    `json:"address"` // such as module.eu.check.balance
	Module   string    `json:"module,omitempty"`
	Name     string    `json:"name"`
	Status   string    `json:"status"` // "pass", "fail", "error" or "unknown", as Terraform has them
	Problems []Foreign `json:"problems,omitempty"`
	File     string    `json:"file,omitempty"`
	Line     int       `json:"line,omitempty"`
}

// Breach is a change that a policy is against, or the plan as a whole.
type Breach struct {
	Addr string  `json:"addr,omitempty"` // "" means the plan
	Text Foreign `json:"text"`           // the policy's message
}

// Reviewed is a resource of a plan, with its object on both sides of the change.
type Reviewed struct {
	Planned
	Final  string `json:"final,omitempty"`  // of a deferred change: the action it comes to once its gate opens
	Before []Node `json:"before,omitempty"` // the attributes of the object as it is; nil if there is none
	Result []Node `json:"result,omitempty"` // the attributes of the object that the change leads to; nil if there is none
}

// ReviewedOutput is an output on both sides of a plan.
type ReviewedOutput struct {
	Name   string `json:"name"`
	Before *Node  `json:"before,omitempty"` // nil if there is none
	After  *Node  `json:"after,omitempty"`
}

// Changes reports whether the resource changes, moves, or is put off.
func (r *Reviewed) Changes() bool { return r.Action != NoOp || r.From != "" }

// Applies reports whether an apply of the plan would do anything now.
func (r *Review) Applies() bool {
	if r.Denied {
		return false
	}
	for i := range r.Changes {
		if c := &r.Changes[i]; c.From != "" || c.Action != NoOp && c.Action != Defer && c.Action != Read {
			return true
		}
	}
	return len(r.End.Outputs) > 0
}

// Send sends the events of the plan to a sink, without the diagnostics.
func (r *Review) Send(to Sink) {
	to(r.Start)
	for i := range r.Changes {
		if c := &r.Changes[i]; c.Changes() {
			to(c.Planned)
		}
	}
	to(r.End)
}
