package tfjson

import (
	"time"

	"kiraform/internal/event"
)

// Message is a line of a stream. The members that begin with @ and the type are in
// each, and those that belong to its type.
type Message struct {
	Level   string     `json:"@level"` // info, warn or error
	Text    string     `json:"@message"`
	Module  string     `json:"@module"`
	At      *time.Time `json:"@timestamp,omitempty"`
	Type    string     `json:"type"`
	Version *string    `json:"terraform,omitempty"` // of a version message: the version whose format it is
	Ours    string     `json:"kiraform,omitempty"`  // of a version message: the version of kiraform
	UI      string     `json:"ui,omitempty"`

	Run        *Run              `json:"run,omitempty"` // of a version message
	Diagnostic *Diagnostic       `json:"diagnostic,omitempty"`
	Refresh    *Refresh          `json:"refresh,omitempty"`
	Change     *StreamChange     `json:"change,omitempty"`
	Invocation *ActionInvocation `json:"invocation,omitempty"` // of planned_action_invocation
	Changes    *Summary          `json:"changes,omitempty"`
	Outputs    map[string]Result `json:"outputs,omitempty"`
	Hook       *Hook             `json:"hook,omitempty"`

	// Of kiraform test; see [Tests].
	InFile   string              `json:"@testfile,omitempty"`
	InRun    string              `json:"@testrun,omitempty"`
	Abstract map[string][]string `json:"test_abstract,omitempty"` // the runs of each file
	File     *TestFile           `json:"test_file,omitempty"`
	TestRun  *TestRun            `json:"test_run,omitempty"`
	Tested   *TestSummary        `json:"test_summary,omitempty"`
}

// Run names the command whose stream this is.
type Run struct {
	Command    string      `json:"command"`
	Place      event.Place `json:"place"`
	TurnedDown []string    `json:"turned_down,omitempty"`
	Extra      []string    `json:"extra,omitempty"`
}

// Refresh is the progress of the look at live objects.
type Refresh struct {
	Done  int `json:"done"`
	Total int `json:"total"`
}

// Ref names a resource.
type Ref struct {
	Addr            string `json:"addr"`
	Module          string `json:"module"`
	Resource        string `json:"resource"`
	ImpliedProvider string `json:"implied_provider"`
	ResourceType    string `json:"resource_type"`
	ResourceName    string `json:"resource_name"`
	ResourceKey     any    `json:"resource_key"` // null for a block without count and for_each
}

// StreamChange is a change that is planned, or that was made at Kira.
type StreamChange struct {
	Resource  Ref         `json:"resource"`
	Previous  *Ref        `json:"previous_resource,omitempty"`
	Action    string      `json:"action"`
	Reason    string      `json:"reason,omitempty"`
	Importing *Importing  `json:"importing,omitempty"`
	Kiraform  ChangeFacts `json:"kiraform"`
}

// Summary counts changes, in Terraform's words. A forgotten object is not
// destroyed, and stands in kiraform's own counts only.
type Summary struct {
	Add       int           `json:"add"`
	Change    int           `json:"change"`
	Import    int           `json:"import"`
	Remove    int           `json:"remove"`
	Invoke    int           `json:"action_invocation"`
	Operation string        `json:"operation"` // plan, apply, destroy or refresh
	Kiraform  *SummaryFacts `json:"kiraform"`
}

// SummaryFacts are kiraform's words at the end of a plan, or of a run.
type SummaryFacts struct {
	Counts   Counts  `json:"counts"`
	Drifted  int     `json:"drifted,omitempty"` // of a refresh: resources that changed at Kira
	Digest   string  `json:"digest,omitempty"`
	NoDigest string  `json:"no_digest,omitempty"`
	Unproven int     `json:"unproven,omitempty"`
	Ended    []Ended `json:"ended,omitempty"`
	// Of a run, each change of a resource is counted once: in Counts, or in one of these.
	Failed   int `json:"failed,omitempty"`
	Skipped  int `json:"skipped,omitempty"`
	Deferred int `json:"deferred,omitempty"`
	Undone   int `json:"undone,omitempty"` // the run ended before it came to them

	Actions  *ActionFacts `json:"actions,omitempty"`   // that were due, each counted once; none if there were none
	Unready  int          `json:"not_ready,omitempty"` // objects that exist and cannot be used yet, however they are counted else
	Stopped  bool         `json:"stopped,omitempty"`   // somebody ended the run early
	Errored  bool         `json:"errored,omitempty"`   // it came to no end of its own
	Requests int64        `json:"requests,omitempty"`
	Seconds  float64      `json:"elapsed_seconds,omitempty"`
}

// ActionFacts counts the actions that were due at the end of a run.
type ActionFacts struct {
	Run      int `json:"run"`
	Failed   int `json:"failed"`
	Skipped  int `json:"skipped"`
	Deferred int `json:"deferred"`
	Undone   int `json:"undone"`
}

// actionFactsOf returns nil if no action was due.
func actionFactsOf(n event.Invocations) *ActionFacts {
	if n == (event.Invocations{}) {
		return nil
	}
	return &ActionFacts{n.Run, n.Failed, n.Skipped, n.Deferred, n.Undone}
}

// Result is an output of a plan, which has an action, or of a run, which has a value
// unless it is a secret.
type Result struct {
	Sensitive bool   `json:"sensitive"`
	Type      any    `json:"type,omitempty"`
	Value     any    `json:"value,omitempty"`
	Action    string `json:"action,omitempty"`
}

// Hook is something that happens to a resource.
type Hook struct {
	Resource       Ref     `json:"resource"`
	Action         string  `json:"action,omitempty"`
	IDKey          string  `json:"id_key,omitempty"`
	IDValue        string  `json:"id_value,omitempty"`
	ElapsedSeconds float64 `json:"elapsed_seconds,omitempty"`
	Error          string  `json:"error,omitempty"`   // of apply_errored
	Reason         string  `json:"reason,omitempty"`  // of note, retry, gate and deferred
	Blocker        string  `json:"blocker,omitempty"` // of skipped: the address whose failure it is skipped for
	Ours           string  `json:"kiraform_action,omitempty"`
}
