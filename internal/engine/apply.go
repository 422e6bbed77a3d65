package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"kiraform/apply"
	"kiraform/internal/event"
	"kiraform/internal/live"
	"kiraform/internal/provider"
	"kiraform/plan"
)

// ApplyOptions says how to carry out a plan.
type ApplyOptions struct {
	Workers int           // at most this many requests at once; 0 means 10
	Wait    time.Duration // how long each resource may be held up; 0 means not at all
	Stop    <-chan struct{}
	Allow   []plan.Action // nil means everything; an object that turns out to exist is adopted only if that is in it
	Saved   string        // the id of the saved plan that is carried out; "" for none
}

// Apply carries out pl and saves the state as it then is. The error is for
// failures outside the plan; the summary says how each resource fared.
func (p *Project) Apply(ctx context.Context, pl *Proposal, o ApplyOptions) (sum apply.Summary, err error) {
	due := pl.dueRuns()
	if err := p.mustBeBound(pl.Session); err != nil {
		return pl.untouched(due), err
	}
	st := pl.State
	// The journal belongs to a state that is on disk, encrypted as it is, that says
	// where its objects live, and that has every object at the address that the
	// records will have for it. An object that is made again must not take the
	// place of one that no ledger has. A run that is killed must not forget the
	// consents.
	entered := pl.enterGone(p.now())
	entered = pl.enterConsents() || entered
	if o.Saved != "" {
		st.Carry(o.Saved, p.now())
	}
	if p.encryptFor(st) || o.Saved != "" || st.Serial == 0 || pl.bound || len(pl.Moves) > 0 || entered {
		if err := p.save(ctx, st); err != nil {
			return pl.untouched(due), err
		}
	}
	journal, err := p.Store.Journal(ctx, st)
	if err != nil {
		return pl.untouched(due), fmt.Errorf("open the journal: %w", err)
	}
	checked := p.checksBefore(pl)
	p.program.Run(pl.Known, p.moment())
	running, ended := p.whileLocked(ctx)
	defer ended()
	stop, stopped := stopWith(running, o.Stop)
	defer stopped()
	pl.Known.Until(isClosed(stop))
	watch := live.NewWatch(pl.conn.call(""))
	quiet := func() {}
	if o.Wait > 0 {
		if quiet, err = p.listen(ctx, watch); err != nil {
			return pl.untouched(due), errors.Join(err, journal.Close())
		}
	}
	var failed failures
	sum, err = apply.Run(running, pl.Plan, st, apply.Options{
		Program: p.program, Kinds: p.schemas, Key: pl.key,
		Provider: provider.New(st, provider.Options{
			Call: pl.conn.call(""), Watch: watch, Key: pl.key, Clock: pl.conn.Date, Marks: p.program.Provider().OwnershipMarks, Wait: o.Wait > 0, Scoped: p.program.Scoped,
			KeepOff: o.Allow != nil && !slices.Contains(o.Allow, plan.Adopt)}),
		Journal: journal, NewKey: uuid.NewString, Emit: event.Tee(pl.counting(p.Emit), failed.watch),
		Judge:   pl.judgeLate,
		Workers: o.Workers, Wait: o.Wait, Whole: p.program.Conditional(), Stop: stop,
	})
	quiet()
	failed.tell(p, sum)
	pl.warnEnded(sum)
	pl.failUnread()
	pl.warnPartial()
	var wrong error
	if err = errors.Join(err, journal.Close()); err == nil {
		wrong = errors.Join(p.lookForOutputs(ctx, pl), p.settleOutputs(pl, sum))
		p.failedChecks(pl, checked)
	}
	if err = p.keep(context.WithoutCancel(ctx), st, sum.Unwritten, err); err == nil {
		err = errors.Join(wrong, p.trigger(ctx, pl, due, o, &sum))
	} else {
		fates{}.settle(p, pl, due, "", &sum)
	}
	return sum, p.secrets.Error(err)
}

// untouched is the summary of a run that ended before anything was done.
func (pl *Proposal) untouched(due []dueRun) apply.Summary {
	sum := apply.Untouched(pl.Plan)
	fates{}.settle(pl.project, pl, due, "", &sum)
	return sum
}

// Finish emits the end of a run that began then and had no plan.
func (s *Session) Finish(command string, began time.Time) {
	s.finish(event.Finish{Command: command, Done: map[string]int{}, Ended: endedEvents(s.endings())}, began)
}

func (s *Session) finish(e event.Finish, began time.Time) {
	e.Requests, e.Took = s.Requests(), s.project.now().Sub(began)
	s.project.Emit(e)
}

// Finish emits the end of a run that began then.
func (pl *Proposal) Finish(command string, sum apply.Summary, began time.Time) {
	done := make(map[string]int, len(sum.Done))
	for a, n := range sum.Done {
		done[string(a)] = n
	}
	if n := pl.movesOn(); n > 0 && command != "plan" {
		done[event.Move] = n
	}
	if n := sum.Actions.Run; n > 0 {
		done[event.Invoke] = n
	}
	endings := pl.endings()
	pl.finish(event.Finish{Command: command, Done: done, Failed: sum.Failed, Skipped: sum.Skipped, Deferred: sum.Deferred, Held: pl.held(sum, endings),
		Undone: sum.Undone, Actions: sum.Actions, Unready: sum.Unready, Ended: endedEvents(endings), Stopped: sum.Stopped}, began)
}
