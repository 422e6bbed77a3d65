package apply

import (
	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/plan"
)

// Fate is how a run went for one resource.
type Fate int

// The fates.
const (
	Undone   Fate = iota // the run ended before it came to the change, or there was none to make
	Done                 // the change was made
	Failed               // it was not, or the object is of no use
	Skipped              // something that it needs failed
	Deferred             // it has to wait
)

// Summary is how a run went. Each planned change is counted once, and a resource that
// was not to change only if it failed.
type Summary struct {
	Done     map[plan.Action]int
	Failed   int
	Skipped  int
	Deferred int
	Undone   int // changes that the run ended before it came to
	Stopped  bool

	// Unready counts the objects that exist and cannot be used yet, though the run
	// has waited its time for them, whatever was done to them.
	Unready int

	// Actions counts the actions that were due, which Run leaves to its caller.
	Actions event.Invocations

	// Unmet has the diagnostics of postconditions by the objects for which they
	// do not hold. These are counted as failed, whatever was done to them.
	Unmet map[addr.Resource]hcl.Diagnostics

	// Dead are objects that came to an end state while the run waited for them.
	// They are counted as failed, whatever was done to them.
	Dead map[addr.Resource]bool

	// Unwritten are new objects that the journal could not take down, sorted.
	// The state that Run leaves has them.
	Unwritten []addr.Resource

	jobs map[addr.Resource]*job
}

// OK reports whether everything was done or, for a stated reason, put off.
func (s Summary) OK() bool {
	return s.Failed == 0 && s.Skipped == 0 && !s.Stopped && s.Actions.Failed == 0 && s.Actions.Skipped == 0
}

// Waits reports whether something has to wait for Kira, or for another run.
func (s Summary) Waits() bool { return s.Deferred > 0 || s.Unready > 0 || s.Actions.Deferred > 0 }

// Fate returns how the run went for a resource of the plan.
func (s Summary) Fate(a addr.Resource) Fate {
	if j := s.jobs[a]; j != nil {
		return j.fate
	}
	return Undone
}

// Untouched is the summary of a run of p that ended before anything was done.
func Untouched(p *plan.Plan) Summary {
	s := Summary{Stopped: true, Done: make(map[plan.Action]int), jobs: jobsOf(p)}
	s.count()
	return s
}

// count adds up the fates of all jobs.
func (s *Summary) count() {
	for _, j := range s.jobs {
		switch j.fate {
		case Done:
			if j.Action != plan.NoOp {
				s.Done[j.Action]++
			}
		case Failed:
			s.Failed++
		case Skipped:
			s.Skipped++
		case Deferred:
			s.Deferred++
		case Undone:
			switch j.Action {
			case plan.NoOp:
			case plan.Defer:
				s.Deferred++
			default:
				s.Undone++
			}
		}
		if j.late {
			s.Unready++
		}
	}
}
