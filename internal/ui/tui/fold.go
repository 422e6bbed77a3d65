package tui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// run is everything that a stream has said so far.
type run struct {
	command string
	place   event.Place
	wait    time.Duration // how long it waits for Kira at most; 0 if it does not

	resources []*resource // in the order in which they were named
	at        map[string]*resource
	wholes    map[string][]*resource // by the addresses that stand for several
	looked    event.Refresh
	counts    map[string]int // planned, by action
	sent      int64          // requests to Kira so far
	outputs   []event.Node   // those that change
	dead      []event.Ended  // the resources that have ended at Kira
	problems  []event.Diagnostic
	likes     []*like          // the same, those together that are alike
	likeAt    map[string]*like // by their key
	early     map[string]int   // failures that no diagnostic was about yet: their places in problems, by address
	stale     map[int]bool     // places in problems of those that one was about since
	said      int              // grows with every change of problems
	planEnd   event.PlanEnd

	planned bool                // the plan is complete
	acting  bool                // the plan is being carried out
	closed  bool                // nothing more will come
	finish  *event.Finish       // nil while the run goes on
	latest  *resource           // where something happened last, for the eye to follow
	began   time.Time           // of acting
	now     time.Time           // of the last event or tick
	leaves  choice              // the resources that a person left out
	carry   func(string) string // see [Options]
	version int                 // grows with everything that happens
	shape   int                 // grows with everything that may change the order of the tree
}

// resource is one resource, and how far it has come.
type resource struct {
	event.Planned
	nth    int    // in the tree, from 1
	search string // the text that a filter looks through
	label  string // below its kind, and how wide that is
	cells  int
	whole  int      // how wide the address is
	parts  []string // of its identity

	phase  phase
	text   string // the news of the phase
	since  time.Time
	until  time.Time // when the run waits no longer for it; zero if that is not known
	took   time.Duration
	made   bool // the work on it has ended, though it may not be ready for use
	adopts bool
	log    []string // the events, oldest first

	version int // grows with every event
}

func newRun() *run {
	return &run{at: map[string]*resource{}, wholes: map[string][]*resource{}, likeAt: map[string]*like{}, early: map[string]int{}, stale: map[int]bool{}, carry: strings.Clone}
}

// fold takes in an event and its time. It panics on a type of event it does not
// know.
func (r *run) fold(at time.Time, e event.Event) {
	r.now, r.version = at, r.version+1
	switch e := e.(type) {
	case event.Start:
		version, shape, carry := r.version, r.shape, r.carry
		*r = *newRun()
		r.carry = carry
		r.command, r.place, r.wait, r.now = e.Command, e.Place, e.Wait, at
		r.version, r.shape = version, shape+1
		if len(e.TurnedDown) > 0 {
			r.problem(event.Diagnostic{Severity: warning, Summary: "Rules turned down",
				Detail: "The configuration turns down " + strings.Join(e.TurnedDown, ", ") + "."})
		}
		if len(e.Extra) > 0 {
			r.problem(event.Diagnostic{Severity: warning, Summary: "Unknown attributes are sent",
				Detail: strings.Join(e.Extra, ", ") + ". " + event.Unknown})
		}
	case event.Diagnostic:
		r.settle(e)
		r.problem(e)
	case event.Refresh:
		r.looked = e
	case event.Planned:
		r.plan(e)
	case event.PlanEnd:
		r.planned, r.counts, r.outputs, r.dead, r.planEnd = true, e.Counts, e.Outputs, e.Ended, e
		r.shape++
	case event.Begin, event.Note, event.Retry, event.Gate, event.Still, event.Adopted, event.End, event.Skip, event.Deferred, event.Unready:
		r.act()
		r.work(e)
	case event.Outputs: // shown when the view has left the screen
	case event.Finish:
		r.finish, r.dead = &e, e.Ended
		r.leftOver()
		r.shape++
	default:
		panic(fmt.Sprintf("tui: no way to show a %T", e))
	}
}

func (r *run) plan(e event.Planned) {
	res := r.resource(e.Addr)
	res.Planned = e
	if e.Action == event.NoOp && e.From != "" {
		res.Action = event.Move
	}
	res.search = searchable(e)
	res.name()
	res.version++
	r.shape++
}

// name works out how a resource is called below its kind.
func (res *resource) name() {
	name := strings.TrimPrefix(res.Addr, res.Module+".")
	name = strings.TrimPrefix(name, "data.")
	res.label = inline(strings.TrimPrefix(name, res.Kind+"."))
	res.cells, res.whole = words.Cells(res.label), words.Cells(inline(res.Addr))
	res.parts = nil
	for _, part := range res.Known {
		res.parts = append(res.parts, inline(part))
	}
}

// act marks the plan as being carried out.
func (r *run) act() {
	if !r.acting {
		r.acting, r.began = true, r.now
	}
}

// resource finds a resource. One that was never planned is entered as it is:
// a recording may be a part of a run.
func (r *run) resource(addr string) *resource {
	res, ok := r.at[addr]
	if !ok {
		res = &resource{Planned: event.Planned{Addr: addr}, search: bareText(addr)}
		if r.planned && !event.IsAction(addr) {
			res.Action = event.NoOp // the plan has named all that change
		}
		res.name()
		r.at[addr] = res
		for _, whole := range event.Wholes(addr) {
			r.wholes[whole] = append(r.wholes[whole], res)
		}
		r.resources = append(r.resources, res)
		r.shape++
	}
	return res
}

// stage decides the things that a person can do now.
type stage int

const (
	planning  stage = iota // the plan is being made
	reviewing              // the plan is complete, and nothing is done yet
	applying               // it is being carried out
	over                   // nothing more will happen
)

func (r *run) stage() stage {
	switch {
	case r.ended() && (r.acting || !r.planned || r.carriesOut()):
		return over
	case r.acting:
		return applying
	case r.planned:
		return reviewing
	default:
		return planning
	}
}

// carriesOut reports whether the run was to carry out its plan, so that its end
// leaves nothing to decide.
func (r *run) carriesOut() bool {
	if r.finish != nil && r.finish.Command != "" {
		return r.finish.Command != "plan"
	}
	return r.command != "plan"
}

// ended reports whether whoever sends the events is done.
func (r *run) ended() bool { return r.finish != nil || r.closed }

// unchanged counts the resources that stay as they are. Not all of them need
// have been planned one by one.
func (r *run) unchanged() int {
	n := 0
	for _, res := range r.resources {
		if res.Action == event.NoOp {
			n++
		}
	}
	return max(n, r.counts[event.NoOp])
}

// matching says that nothing is planned, if that is known. A plan of a selection says
// nothing of the rest.
func (r *run) matching() string {
	if !r.planned && r.finish == nil {
		return "Nobody knows the changes: the run ended before its plan was made."
	}
	if slices.ContainsFunc(r.problems, func(d event.Diagnostic) bool { return d.Code == "partial-plan" }) {
		return "No changes in the selected part."
	}
	if len(r.resources) == 0 && r.counts[event.NoOp] == 0 {
		return "No changes: n" + words.NothingManaged[1:]
	}
	return "No changes: Kira matches the configuration."
}

// errors counts the diagnostics that are no warnings.
func (r *run) errors() int {
	n := 0
	for _, d := range r.problems {
		if d.Severity != warning {
			n++
		}
	}
	return n
}

// clean reports whether a run that ended left nothing for a person to look at.
func (r *run) clean() bool {
	if r.errors() > 0 {
		return false
	}
	if f := r.finish; f != nil {
		return f.Failed == 0 && f.Skipped == 0 && f.Deferred == 0 && f.Unready == 0 && f.Undone == 0 && f.Actions.Unfinished() == 0 && len(f.Ended) == 0 && !f.Stopped
	}
	return true
}
