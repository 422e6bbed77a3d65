// Package text shows a run as lines of text, in Terraform's look.
//
// The view is a fold over events: its output depends on them and on its options
// alone, so a recorded run reads as the run did. It never asks the terminal
// anything. Text goes to one writer, diagnostics to another.
package text

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// Options say where and how to show a run.
type Options struct {
	Out     io.Writer // nil drops the text
	Err     io.Writer // for diagnostics; nil means Out
	Color   bool      // false means no escape codes at all
	Width   int       // cells of a line, for wrapping sentences; 0 means 78
	Screen  int       // cells of the terminal, which no line goes beyond; 0 means that there is none
	Brief   bool      // of a plan, show only the totals
	Compact bool      // of warnings, show the titles alone
	Quiet   bool      // leave out progress: only the plan, failures, the summary and outputs

	// Carry gives the commands that a sentence of the view names the flags of the
	// command that runs; nil leaves them as they are. Texts of events have them.
	Carry func(string) string
}

func (o Options) withDefaults() Options {
	o.Out = cmp.Or[io.Writer](o.Out, io.Discard)
	o.Err = cmp.Or(o.Err, o.Out)
	o.Width = cmp.Or(o.Width, 78)
	if o.Carry == nil {
		o.Carry = strings.Clone
	}
	return o
}

// View shows the events it is handed. Use [New] to make one.
type View struct {
	opts Options
	style
	run run
}

// run holds the facts of one stream that have to be remembered.
type run struct {
	command    string
	with       []string        // flags of the line that goes on
	wait       time.Duration   // how long it waits for people at Kira
	planned    []event.Planned // until they are shown
	outputs    []event.Node    // until the run ends
	errors     int             // diagnostics
	partial    bool            // the plan is of a selection
	refreshing bool
	shown      map[string]*like  // diagnostics, by their likeness
	likes      []*like           // the same, in their order
	gates      map[string]string // the gate that a resource waits for
	old        map[string]string // id of the object that was there before, by address
	adopted    map[string]bool
	tally
}

// New returns a View that has seen nothing yet.
func New(o Options) *View {
	o = o.withDefaults()
	v := &View{opts: o, style: style{o.Color}}
	v.start(event.Start{})
	return v
}

// Handle shows e. It is an [event.Sink], and panics on a type of event it does
// not know. A failure to write is not reported: a view that went away must not
// end a run.
func (v *View) Handle(e event.Event) {
	switch e.(type) {
	case event.Start, event.PlanEnd, event.Finish:
		v.Flush()
	}
	switch e := e.(type) {
	case event.Start:
		v.start(e)
	case event.Diagnostic:
		v.diagnostic(e)
	case event.Planned:
		v.run.planned = append(v.run.planned, e)
		v.run.old[e.Addr] = e.ID
	case event.PlanEnd:
		if v.run.command == "refresh" {
			v.write(v.refreshed(e))
			return
		}
		v.write(v.plan(e))
	case event.Refresh, event.Note, event.Retry, event.Gate, event.Still:
		v.progress(v.passing(e))
	case event.Begin, event.Adopted, event.End, event.Skip, event.Deferred, event.Unready:
		v.milestone(e)
	case event.Outputs:
		v.run.outputs = e.Nodes
	case event.Finish:
		v.finish(e)
	default:
		panic(fmt.Sprintf("text: no way to show a %T", e))
	}
}

func (v *View) start(e event.Start) {
	v.run = run{command: e.Command, with: e.With, wait: e.Wait, shown: map[string]*like{}, gates: map[string]string{}, old: map[string]string{}, adopted: map[string]bool{}}
	v.write(v.heading(e))
}

// heading says where the run is at work. Commands that print something to be
// read by a program have none.
func (v *View) heading(e event.Start) string {
	where := inline(e.Place.String())
	if where == "" || !slices.Contains([]string{"plan", "apply", "destroy", "refresh", "drift", "readiness"}, e.Command) {
		return ""
	}
	if e.Production {
		where = v.paint(where, bold, red)
	}
	heading := "On " + where + ".\n"
	if len(e.TurnedDown) > 0 {
		heading += "Rules turned down: " + inline(strings.Join(e.TurnedDown, ", ")) + ".\n"
	}
	if len(e.Extra) > 0 {
		heading += "Unknown attributes that are sent: " + inline(strings.Join(e.Extra, ", ")) + ".\n" + event.Unknown + "\n"
	}
	return heading
}

func (v *View) diagnostic(e event.Diagnostic) {
	if e.Severity != warning {
		v.run.errors++
	}
	v.run.partial = v.run.partial || e.Code == "partial-plan"
	key := likeness(e)
	if l := v.run.shown[key]; l != nil {
		l.add(e)
		return
	}
	l := &like{first: e}
	v.run.shown[key], v.run.likes = l, append(v.run.likes, l)
	if v.opts.Compact && e.Severity == warning {
		v.compact(e)
		return
	}
	diagnosticText(v.opts.Err, e, v.opts)
}

// compact shows the title of a warning, and where it holds, on one line.
func (v *View) compact(e event.Diagnostic) {
	at := inline(e.Addr)
	if at == "" && e.Source != nil {
		at = fmt.Sprintf("%s line %d", inline(e.Source.File), e.Source.Line)
	}
	if at != "" {
		at = " (" + at + ")"
	}
	_, _ = io.WriteString(v.opts.Err, words.Fit(fmt.Sprintf("%s %s%s\n", v.paint("Warning:", bold, yellow), inline(e.Summary), at), v.opts.Screen))
}

// finish shows the rest that was kept back. Of the plan, that is something only
// when planning ended early.
func (v *View) finish(e event.Finish) {
	if actions := v.actions(); actions != "" && !v.opts.Brief {
		v.write("\n" + actions)
	}
	v.write(v.summary(e))
	v.outputs(v.run.outputs)
	v.run.outputs = nil
}

func (v *View) progress(s string) {
	if !v.opts.Quiet {
		v.write(s)
	}
}

func (v *View) write(s string) {
	if s != "" {
		_, _ = io.WriteString(v.opts.Out, words.Fit(s, v.opts.Screen))
	}
}
