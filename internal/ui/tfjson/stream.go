package tfjson

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"kiraform/internal/event"
)

// Stream writes the events of a run as Terraform's lines of JSON. It ends with a
// summary, also where the run fails; see [Stream.End].
type Stream struct {
	Out     io.Writer
	Version string           // of kiraform
	Command string           // the run, if it ends before it says so itself
	Now     func() time.Time // nil leaves the times out

	planned map[string]event.Planned // by address
	command string
	summed  bool // the last summary there is to be was written
}

// Handle writes e. It is an [event.Sink], and panics on a type of event it does not
// know. A failure to write is not reported: a reader that went away must not end a
// run.
func (s *Stream) Handle(e event.Event) {
	switch e := e.(type) {
	case event.Start:
		s.start(e)
	case event.Diagnostic:
		s.diagnostic(&e)
	case event.Refresh:
		s.write(Message{Type: "refresh_progress", Text: fmt.Sprintf("Refreshing state... %d of %d", e.Done, e.Total), Refresh: &Refresh{e.Done, e.Total}})
	case event.Planned:
		s.planned[e.Addr] = e
		if e.Action == event.Invoke {
			s.invocation(&e)
			return
		}
		s.change(&e)
	case event.PlanEnd:
		s.planEnd(e)
	case event.Begin:
		s.hook(hookType(e.Action, "start"), "Working...", Hook{Action: hookAction(e.Action), Ours: e.Action, IDValue: e.ID}, e.Addr)
	case event.Still:
		s.hook(hookType(e.Action, "progress"), "Still working...", Hook{Action: hookAction(e.Action), Ours: e.Action, IDValue: e.ID, ElapsedSeconds: e.Elapsed.Seconds()}, e.Addr)
	case event.Note:
		s.hook("note", string(e.Text), Hook{Reason: string(e.Text)}, e.Addr)
	case event.Retry:
		s.hook("retry", string(e.Text), Hook{Reason: string(e.Text)}, e.Addr)
	case event.Gate:
		s.hook("gate", "Waiting: "+string(e.Text), Hook{Reason: string(e.Text)}, e.Addr)
	case event.Adopted:
		s.hook("adopted", "Adopted", Hook{IDValue: e.ID}, e.Addr)
	case event.End:
		s.end(e)
	case event.Skip:
		s.hook("skipped", "Skipped because of "+e.Cause, Hook{Blocker: e.Cause}, e.Addr)
	case event.Deferred:
		s.hook("deferred", "Deferred: "+string(e.Reason), Hook{Reason: string(e.Reason)}, e.Addr)
	case event.Unready:
		s.hook("not_ready", "Not ready for use yet: "+string(e.Reason), Hook{Reason: string(e.Reason)}, e.Addr)
	case event.Outputs:
		s.outputs(e)
	case event.Finish:
		s.finish(e)
	default:
		panic(fmt.Sprintf("tfjson: no way to write a %T", e))
	}
}

// End closes the stream. An error that no diagnostic said becomes one; and a run that
// came to no summary gets one that says so.
func (s *Stream) End(err string) {
	if s.planned == nil {
		s.start(event.Start{Format: 1, Command: s.Command})
	}
	if err != "" {
		s.diagnostic(&event.Diagnostic{Severity: severityError, Summary: err})
	}
	if !s.summed {
		s.summary(Summary{Kiraform: &SummaryFacts{Errored: true}}, s.operation(s.command))
	}
}

// write writes a message, and completes it.
func (s *Stream) write(m Message) {
	m.Module = "kiraform.ui"
	if m.Level == "" {
		m.Level = "info"
	}
	if s.Now != nil {
		m.At = new(s.Now())
	}
	enc := json.NewEncoder(s.Out)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(m)
}

func (s *Stream) start(e event.Start) {
	s.planned, s.command, s.summed = make(map[string]event.Planned), e.Command, false
	s.write(Message{Type: "version", Text: "kiraform " + s.Version, Version: new(terraformVersion), Ours: s.Version, UI: streamFormat,
		Run: &Run{e.Command, e.Place, e.TurnedDown, e.Extra}})
}

func (s *Stream) diagnostic(e *event.Diagnostic) {
	level, title := "error", "Error: "
	if e.Severity != severityError {
		level, title = "warn", "Warning: "
	}
	d := diagnosticOf(e)
	s.write(Message{Level: level, Type: "diagnostic", Text: title + e.Summary, Diagnostic: &d})
}

// ref names the resource at an address.
func (s *Stream) ref(address string) Ref {
	e := s.planned[address]
	r := Ref{Addr: address, Module: e.Module, Resource: address, ImpliedProvider: provider, ResourceType: e.Kind, ResourceName: e.Name,
		ResourceKey: index(e.Index)}
	if e.Module != "" {
		r.Resource = address[len(e.Module)+1:]
	}
	return r
}

// planAction are Terraform's words for actions, as streams have them.
var planAction = map[string]string{event.NoOp: "noop", event.Create: "create", event.Update: "update", event.Replace: "replace", event.Adopt: "import",
	event.Forget: "remove", event.Gone: "remove", event.Read: "read", event.Defer: "noop", event.Invoke: event.Invoke}

// hookAction is the word for an action that is carried out.
func hookAction(action string) string {
	if w, known := planAction[action]; known {
		return w
	}
	return "noop"
}

func (s *Stream) change(e *event.Planned) {
	c := StreamChange{Resource: s.ref(e.Addr), Action: hookAction(e.Action), Reason: reasonOf(e.Action, e), Kiraform: factsOf(e)}
	kind, text := "planned_change", "Plan to "+c.Action
	switch {
	case e.Action == event.Drift:
		kind, text, c.Action = "resource_drift", "Changed at Kira", "update"
	case e.Action == event.Gone && s.command == "refresh":
		kind, text, c.Action = "resource_drift", "Gone at Kira", "delete"
	case e.Action == event.Defer:
		kind, text = "deferred_change", "Deferred: "+e.Why
	case e.Action == event.Adopt:
		c.Importing = &Importing{e.ID}
	case e.From != "" && e.Action == event.NoOp:
		c.Action, text = "move", "Plan to move"
	}
	if e.From != "" {
		from := s.ref(e.Addr)
		from.Addr, from.Resource, from.ResourceKey = e.From, e.From, nil
		c.Previous = &from
	}
	s.write(Message{Type: kind, Text: e.Addr + ": " + text, Change: &c})
}

// hookType is the type of a message about work: that of an action has one of its own.
func hookType(action, phase string) string {
	if action == event.Invoke {
		return "action_" + phase
	}
	return "apply_" + phase
}

func (s *Stream) invocation(e *event.Planned) {
	in := invocationOf(e)
	s.write(Message{Type: "planned_action_invocation", Text: e.Addr + ": Plan to run", Invocation: &in, Change: &StreamChange{
		Resource: s.ref(e.Addr), Action: event.Invoke, Kiraform: factsOf(e)}})
}

func (s *Stream) planEnd(e event.PlanEnd) {
	n := e.Counts
	operation := "plan"
	if s.command == "refresh" {
		operation = "refresh"
	}
	s.summed = s.command == "plan"
	s.summary(Summary{Kiraform: &SummaryFacts{Counts: countsOf(n), Drifted: n[event.Drift], Digest: e.Digest, NoDigest: e.NoDigest,
		Unproven: e.Unproven, Ended: endedOf(e.Ended), Deferred: n[event.Defer]}}, operation)
	if len(e.Outputs) == 0 {
		return
	}
	all := make(map[string]Result, len(e.Outputs))
	for _, o := range e.Outputs {
		all[o.Name] = Result{Sensitive: holds(formOf(o).sensitive) || o.Before.Sensitive, Action: verbs[o.Op]}
	}
	s.write(Message{Type: "outputs", Text: fmt.Sprintf("Outputs: %d", len(all)), Outputs: all})
}

func (s *Stream) outputs(e event.Outputs) {
	all := make(map[string]Result, len(e.Nodes))
	for _, n := range e.Nodes {
		o := outputOf(n)
		all[n.Name] = Result{Sensitive: o.Sensitive, Type: o.Type, Value: o.Value}
	}
	s.write(Message{Type: "outputs", Text: fmt.Sprintf("Outputs: %d", len(all)), Outputs: all})
}

// hook writes that something happens to a resource.
func (s *Stream) hook(kind, text string, h Hook, address string) {
	h.Resource = s.ref(address)
	if h.IDValue != "" {
		h.IDKey = "id"
	}
	m := Message{Type: kind, Text: address + ": " + text, Hook: &h}
	if h.Error != "" {
		m.Level = "error"
	}
	s.write(m)
}

func (s *Stream) end(e event.End) {
	h := Hook{Action: hookAction(e.Action), Ours: e.Action, IDValue: e.ID, ElapsedSeconds: e.Took.Seconds(), Error: string(e.Err)}
	if e.Err != "" {
		s.hook(hookType(e.Action, "errored"), "Failed", h, e.Addr)
		return
	}
	s.hook(hookType(e.Action, "complete"), "Done", h, e.Addr)
}

// finish writes the summary of a run; that of a plan has been written.
func (s *Stream) finish(e event.Finish) {
	if s.summed {
		return
	}
	s.summed = true
	s.summary(Summary{Kiraform: &SummaryFacts{Counts: countsOf(e.Done), Ended: endedOf(e.Ended), Failed: e.Failed, Skipped: e.Skipped,
		Deferred: e.Deferred, Undone: e.Undone, Actions: actionFactsOf(e.Actions), Unready: e.Unready, Stopped: e.Stopped, Requests: e.Requests,
		Seconds: e.Took.Seconds()}}, s.operation(e.Command))
}

// operation is the word for a command; a plan of a refresh is one of those.
func (s *Stream) operation(command string) string {
	if command == "plan" && s.command == "refresh" {
		return "refresh"
	}
	return command
}

// summary writes m, of which Terraform's numbers follow from kiraform's.
func (s *Stream) summary(m Summary, operation string) {
	n := m.Kiraform.Counts
	m.Operation, m.Add, m.Change, m.Import = operation, n.Create+n.Replace, n.Update, n.Adopt
	m.Invoke = n.Invoke
	form, ran := "Plan: %d to add, %d to change, %d to import, %d to forget.", "to run"
	switch {
	case m.Kiraform.Errored:
		form, ran = "Ended early: %d added, %d changed, %d imported, %d forgotten.", "run"
	case operation == "apply" || operation == "destroy":
		form, ran = "Done: %d added, %d changed, %d imported, %d forgotten.", "run"
	}
	texts := []string{fmt.Sprintf(form, m.Add, m.Change, m.Import, n.Forget+n.Gone)}
	say := func(n int, word string) {
		if n > 0 {
			texts = append(texts, fmt.Sprintf("%d %s.", n, word))
		}
	}
	facts := m.Kiraform
	say(facts.Failed, "failed")
	say(facts.Skipped, "skipped")
	say(facts.Deferred, "deferred")
	say(facts.Undone, "not done")
	say(facts.Unready, "not ready")
	say(n.Invoke, ran)
	say(n.Later, "to run later")
	if a := facts.Actions; a != nil {
		say(a.Failed, "not run, but failed")
		say(a.Skipped, "not run, but skipped")
		say(a.Deferred, "not run, but deferred")
		say(a.Undone, "not run")
	}
	s.write(Message{Type: "change_summary", Text: strings.Join(texts, " "), Changes: &m})
}
