// Package event defines the reports of a run, as one ordered stream.
//
// The text, JSON and terminal renderers all read this stream and nothing else,
// so a run recorded as JSON can be replayed into any of them. Nothing in an
// event is secret: whoever builds one has redacted it already. The stream
// still means the same with every Note, Retry, Still and Refresh taken out.
package event

import (
	"fmt"
	"time"
	"unicode/utf8"
)

// An Event is one thing that happened. The types below are all there are;
// [Each] holds one of each.
type Event interface{ kind() string }

// Start opens a stream.
type Start struct {
	Format  int    `json:"format"`  // version of this format: 1
	Command string `json:"command"` // "plan", "apply", "destroy"
	Place          // zero if it is not known where
	// TurnedDown names the offline checks that the configuration turns down,
	// each with its remaining effect.
	TurnedDown []string `json:"turned_down,omitempty"`
	// Extra names the blocks that send attributes unknown to the schema, each with
	// their names.
	Extra []string `json:"extra,omitempty"`
	// With lists the flags that a run which goes on has to have as well, each as a
	// shell takes it. Of a variable it has the name alone.
	With []string `json:"with,omitempty"`
	// Wait is how long the run waits for people at Kira; zero if it does not.
	Wait time.Duration `json:"wait,omitempty"`
}

// Unknown is a sentence about the attributes of [Start.Extra]: how Kira treats them.
const Unknown = "If Kira does not know one either, it drops it from a create without a word, and refuses an update that has it."

// Diagnostic is a mistake in the configuration, or a failure that has a place
// in it.
type Diagnostic struct {
	Severity string   `json:"severity"` // "error" or "warning"
	Code     string   `json:"code,omitempty"`
	Summary  string   `json:"summary"`
	Detail   string   `json:"detail,omitempty"`
	Addr     string   `json:"addr,omitempty"` // the resource it is about
	Source   *Source  `json:"source,omitempty"`
	About    string   `json:"about,omitempty"`  // the object whose condition it is about, such as var.region; "" if it is none
	Values   []string `json:"values,omitempty"` // the values of the names in the snippet, one sentence each
}

// Mends is the place that has to be mended because of d, and "" if none has: a warning
// says the same wherever it stands.
func (d Diagnostic) Mends() string {
	if d.Source == nil || d.Severity == "warning" {
		return ""
	}
	return fmt.Sprintf("%s:%d:%d", d.Source.File, d.Source.Line, d.Source.Column)
}

// Source is a place in a file, with the lines to show.
type Source struct {
	File      string `json:"file"`
	Block     string `json:"block,omitempty"` // such as `resource "kira_user" "maria"`
	Line      int    `json:"line"`            // of the start, from 1
	Column    int    `json:"column"`          // of the start, from 1, in characters
	EndLine   int    `json:"end_line"`
	EndColumn int    `json:"end_column"`
	Byte      int    `json:"byte"` // of the start, from 0
	EndByte   int    `json:"end_byte"`
	Code      string `json:"code"`       // the whole lines from FirstLine on, without the last line feed
	FirstLine int    `json:"first_line"` // number of the first line of Code
	Mark      [2]int `json:"mark"`       // bytes of Code that are meant, from and to
}

// Marked returns s.Mark, moved to where characters begin.
func (s *Source) Marked() (from, to int) {
	whole := func(n int) int {
		n = min(max(n, 0), len(s.Code))
		for n < len(s.Code) && !utf8.RuneStart(s.Code[n]) {
			n++
		}
		return n
	}
	from = whole(s.Mark[0])
	return from, max(from, whole(s.Mark[1]))
}

// Refresh reports the progress of the look at live objects.
type Refresh struct {
	Done  int `json:"done"`
	Total int `json:"total"`
}

// Planned is the planned action on one resource.
type Planned struct {
	Addr   string `json:"addr"`
	Module string `json:"module,omitempty"`
	Kind   string `json:"kind"` // such as kira_user
	Name   string `json:"name"` // block label
	Index  Index  `json:"index,omitzero"`
	Action string `json:"action"`
	// Known tells people which object it is, in one or more parts, such as a name
	// and an e-mail address, or a currency and a network.
	Known  []Foreign `json:"known,omitempty"`
	From   string    `json:"previous_address,omitempty"` // the address that the object had before; "" if it has kept its own
	ID     string    `json:"id,omitempty"`               // of the object that exists already
	Why    string    `json:"why,omitempty"`              // a sentence without capital or full stop, such as "not in the configuration"
	After  string    `json:"after,omitempty"`            // something it waits for once applied, such as "until kira_user.maria is VERIFIED"
	Needs  []string  `json:"needs,omitempty"`            // addresses that have to be done first, sorted; see [Wholes]
	Nodes  []Node    `json:"nodes,omitempty"`            // the attributes that are worth showing, in order
	Hidden int       `json:"hidden,omitempty"`
	File   string    `json:"file,omitempty"` // where the block is written
	Line   int       `json:"line,omitempty"`
}

// PlanEnd closes the planned changes.
type PlanEnd struct {
	Counts  map[string]int `json:"counts"`            // by action; "move" counts those that moved, whatever else happens to them
	Outputs []Node         `json:"outputs,omitempty"` // those that change
	Ended   []Ended        `json:"ended,omitempty"`   // the objects that cannot be used any more, by address

	Unproven int `json:"unproven,omitempty"` // objects of which something was assumed and never compared

	Digest   string `json:"digest,omitempty"`    // of the effect of the plan, such as "sha256:..."; "" if there is none
	NoDigest string `json:"no_digest,omitempty"` // why there is no digest: sentences without the last full stop
}

// Ended is an object in an end state: it cannot be used, and does not become
// usable by itself.
type Ended struct {
	Addr string `json:"addr"`
	Is   string `json:"is"`             // in Kira's words, such as "REJECTED"
	Said string `json:"said,omitempty"` // why, in sentences that quote Kira; "" if that is not known
}

// Begin reports that work on a resource has begun.
type Begin struct {
	Addr   string `json:"addr"`
	Action string `json:"action"`
	ID     string `json:"id,omitempty"`
}

// Note reports progress inside one resource.
type Note struct {
	Addr string  `json:"addr"`
	Text Foreign `json:"text"`
}

// Retry reports that a request for a resource did not work and will be sent
// again, such as "retry 2 of 5 in 3s: 503 Service Unavailable".
type Retry struct {
	Addr string  `json:"addr"`
	Text Foreign `json:"text"`
}

// Gate reports that a resource waits for something outside this run.
type Gate struct {
	Addr string  `json:"addr"`
	Text Foreign `json:"text"` // such as "kira_user.maria is REVIEW, waiting for VERIFIED"

	Left time.Duration `json:"left_ns,omitempty"` // how much longer it is waited for at most; 0 if that is not known
}

// Still reports that work on a resource goes on.
type Still struct {
	Addr    string        `json:"addr"`
	Action  string        `json:"action"`
	ID      string        `json:"id,omitempty"`
	Elapsed time.Duration `json:"elapsed_ns"`
}

// Adopted reports that an object which lived already was taken over.
type Adopted struct {
	Addr string `json:"addr"`
	ID   string `json:"id"`
}

// End reports how the work on a resource went.
type End struct {
	Addr   string        `json:"addr"`
	Action string        `json:"action"`
	ID     string        `json:"id,omitempty"`
	Took   time.Duration `json:"took_ns"`
	Err    Foreign       `json:"error,omitempty"`
	Sent   int64         `json:"sent,omitempty"` // requests to Kira so far, by the whole run
}

// Skip reports a resource left alone because something it needs failed.
type Skip struct {
	Addr  string `json:"addr"`
	Cause string `json:"cause"` // address
}

// Deferred reports a resource that cannot be done yet. It is not a failure.
type Deferred struct {
	Addr   string  `json:"addr"`
	Reason Foreign `json:"reason"`
}

// Unready reports an object that exists and cannot be used yet, once the run has
// waited its time for it. The change that made it is done.
type Unready struct {
	Addr   string  `json:"addr"`
	Reason Foreign `json:"reason"` // such as "Kira has to provide its account number first"
}

// Unfinished is how many of them were not run.
func (n Invocations) Unfinished() int { return n.Failed + n.Skipped + n.Deferred + n.Undone }

// Outputs reports the values of the outputs.
type Outputs struct {
	Nodes []Node `json:"nodes"`
}

// Finish closes a stream. Each planned change of a resource is counted once: by its
// action in Done, or in Failed, Skipped, Deferred or Undone. A resource that was not
// to change is counted only if it failed. Each action that was due is counted once in
// Actions, and only if it was run also by [Invoke] in Done. Objects are counted apart:
// those that have moved by [Move] in Done, and those of Unready and Ended, whatever
// else became of them.
type Finish struct {
	Command  string         `json:"command"`
	Done     map[string]int `json:"done,omitempty"`     // by action
	Failed   int            `json:"failed,omitempty"`   // not done, or done and their objects are of no use
	Skipped  int            `json:"skipped,omitempty"`  // left alone, because something that they need failed
	Deferred int            `json:"deferred,omitempty"` // they have to wait
	Held     int            `json:"held,omitempty"`     // those of Deferred that need an object that has ended: waiting does not help them
	Undone   int            `json:"undone,omitempty"`   // the run ended before it came to them
	Actions  Invocations    `json:"actions,omitzero"`
	Unready  int            `json:"unready,omitempty"`  // objects that exist and cannot be used yet
	Ended    []Ended        `json:"ended,omitempty"`    // the objects that cannot be used any more, by address
	Stopped  bool           `json:"stopped,omitempty"`  // the user ended it early
	Requests int64          `json:"requests,omitempty"` // sent to Kira
	Took     time.Duration  `json:"took_ns"`
}

// Invocations counts the actions that were due, each once.
type Invocations struct {
	Run      int `json:"run,omitempty"`
	Failed   int `json:"failed,omitempty"`
	Skipped  int `json:"skipped,omitempty"`  // the object whose creation triggers them was not made, or something that they need failed
	Deferred int `json:"deferred,omitempty"` // they have to wait
	Undone   int `json:"undone,omitempty"`   // the run ended before it came to them
}

func (Start) kind() string      { return "start" }
func (Diagnostic) kind() string { return "diagnostic" }
func (Refresh) kind() string    { return "refresh" }
func (Planned) kind() string    { return "planned" }
func (PlanEnd) kind() string    { return "plan_end" }
func (Begin) kind() string      { return "begin" }
func (Note) kind() string       { return "note" }
func (Retry) kind() string      { return "retry" }
func (Gate) kind() string       { return "gate" }
func (Still) kind() string      { return "still" }
func (Adopted) kind() string    { return "adopted" }
func (End) kind() string        { return "end" }
func (Skip) kind() string       { return "skip" }
func (Deferred) kind() string   { return "deferred" }
func (Unready) kind() string    { return "unready" }
func (Outputs) kind() string    { return "outputs" }
func (Finish) kind() string     { return "finish" }

// Each holds one value of every event type, for tests that check a renderer
// knows them all.
var Each = []Event{Start{}, Diagnostic{}, Refresh{}, Planned{}, PlanEnd{}, Begin{}, Note{}, Retry{}, Gate{},
	Still{}, Adopted{}, End{}, Skip{}, Deferred{}, Unready{}, Outputs{}, Finish{}}

// A Sink receives events, one call at a time, in order.
type Sink func(Event)

// Tee returns a Sink that passes each event to every one of sinks, in order.
func Tee(sinks ...Sink) Sink {
	return func(e Event) {
		for _, s := range sinks {
			s(e)
		}
	}
}
