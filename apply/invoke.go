package apply

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"kiraform/internal/event"
	"kiraform/internal/runs"
	"kiraform/internal/ui/words"
	"kiraform/state"
)

// An Actor does the parts of carrying out an action that need Kira.
type Actor interface {
	// Look returns the payments that the action might repeat, as Kira shows
	// them now.
	Look(ctx context.Context) ([]runs.Payment, error)

	// Send has it done, under a key. Its errors are as those of
	// [Provider.Create].
	Send(ctx context.Context, key string) (Outcome, error)

	// Date is Kira's own time before a request, or zero if it is not known.
	Date(ctx context.Context) time.Time
}

// Outcome is Kira's answer to an action.
type Outcome struct{ ID, Status, Text string }

// Invocation is one action to be carried out. All fields but Asked, Kept, Book,
// Ready and Stop must be set.
type Invocation struct {
	Want    runs.Want
	Written func(state.Run) bool // see [runs.World]
	Asked   func(state.Run) bool // see [runs.World]; may be nil
	Kept    func(state.Run) bool // see [runs.World]; may be nil
	Book    *runs.Book           // of the state; nil means that one is made
	Actor   Actor
	Journal state.Journal
	NewKey  func() string
	Now     func() time.Time
	Emit    event.Sink
	// Ready checks a further condition, right before anything is sent. It
	// reports whether that took a request; nil means that nothing has to.
	Ready func(context.Context, runs.Verdict) (asked bool, err error)
	Stop  <-chan struct{} // closed: send nothing more; nil means never
}

// Invoke carries out an action, unless it was carried out already, and leaves
// the run in st as it then is, whatever the outcome. Whether it is due is
// decided right before the request leaves, by the payments that Kira shows then;
// that decision is returned. The run is durable before the request is sent, and
// so is its answer before anything else happens.
func Invoke(ctx context.Context, in Invocation, st *state.State) (runs.Verdict, error) {
	i := &invoker{Invocation: in, ctx: ctx, st: st}
	if i.Book == nil {
		i.Book = runs.NewBook(st, in.Written)
	}
	v, before, err := i.judge()
	if err != nil {
		return v, err
	}
	if i.Ready != nil && sends(v) {
		asked, err := i.Ready(ctx, v)
		if err != nil {
			return v, fmt.Errorf("%w. Nothing was sent", err)
		}
		if asked { // others may have paid meanwhile
			if v, before, err = i.judge(); err != nil {
				return v, err
			}
		}
	}
	if !sends(v) {
		return v, nil
	}
	if i.stopped() {
		return v, ErrStopped
	}
	if v.Step == runs.Resend { // of several that it may have made it has made one
		before = runs.Others(v.Run, i.world(before))
	}
	v.Run, err = i.send(v)
	if err == nil && i.Want.Action.Pays {
		v.Beside, v.Unlooked = i.beside(before)
	}
	return v, err
}

func sends(v runs.Verdict) bool { return v.Step == runs.Send || v.Step == runs.Resend }

// beside looks once more, for payouts that were not there before and that this run
// did not make: of two copies that pay at once, at least the later one sees both.
func (i *invoker) beside(before []runs.Payment) ([]runs.Payment, error) {
	now, err := i.Actor.Look(context.WithoutCancel(i.ctx))
	if err != nil {
		return nil, err
	}
	return runs.Beside(i.Want, i.world(now), before), nil
}

// ErrStopped is the end of an action that was not sent, because of a wish to stop.
var ErrStopped = errors.New("interrupted before anything was sent")

type invoker struct {
	Invocation
	ctx context.Context
	st  *state.State
}

// judge decides by the payouts that Kira shows now, which it returns as well, and
// writes down which earlier runs are known to be done by them.
func (i *invoker) judge() (runs.Verdict, []runs.Payment, error) {
	shown, err := i.Actor.Look(i.ctx)
	if err != nil {
		return runs.Verdict{}, nil, fmt.Errorf("look for earlier payouts: %w. Nothing was sent", err)
	}
	v := runs.Judge(i.Want, i.world(shown))
	for _, r := range v.Found {
		if err := i.log(state.Record{Run: &r}); err != nil {
			return v, nil, err
		}
	}
	return v, shown, nil
}

func (i *invoker) world(shown []runs.Payment) runs.World {
	return runs.World{State: i.st, Book: i.Book, Shown: shown, Now: i.Now(), Written: i.Written, Asked: i.Asked, Kept: i.Kept}
}

func (i *invoker) stopped() bool {
	select {
	case <-i.Stop:
		return true
	default:
		return i.ctx.Err() != nil
	}
}

// log makes a record durable, and then true.
func (i *invoker) log(rec state.Record) error {
	rec.Addr = i.Want.Addr
	if rec.Run != nil {
		rec.Addr = rec.Run.Addr
	}
	if err := i.Journal.Append(rec); err != nil {
		return err
	}
	i.Book.Apply(rec)
	return nil
}

// send writes the request down, sends it, and writes the outcome down.
func (i *invoker) send(v runs.Verdict) (state.Run, error) {
	for _, r := range v.Foreign {
		if err := i.log(state.Record{Run: &r}); err != nil {
			return v.Run, err
		}
	}
	run := v.Run
	run.Last = i.Actor.Date(i.ctx)
	switch {
	case run.Key == "":
		run.Key, run.At, run.After = i.NewKey(), i.Now(), run.Last
	case v.Step == runs.Send: // the key never left
		run.After = run.Last
	}
	run.Unsure, run.Unsent = v.Step == runs.Resend, false
	for _, key := range v.Drop {
		if err := i.log(state.Record{Undone: key}); err != nil {
			return run, err
		}
	}
	if err := i.log(state.Record{Run: &run}); err != nil {
		return run, fmt.Errorf("%w. Nothing was sent", err)
	}
	began := time.Now()
	i.Emit(event.Begin{Addr: run.Addr.String(), Action: invokeAction})
	out, err := i.Actor.Send(i.ctx, run.Key)
	if err == nil {
		err = i.strange(run, out)
	}
	if err != nil {
		return i.failed(run, err, began)
	}
	return i.done(run, out, began)
}

// invokeAction is the word of events for carrying out an action.
const invokeAction = event.Invoke

func (i *invoker) done(run state.Run, out Outcome, began time.Time) (state.Run, error) {
	run = runs.Finish(run, out.ID, out.Status, i.Now())
	if err := i.log(state.Record{Run: &run}); err != nil {
		i.Book.Apply(state.Record{Addr: run.Addr, Run: &run}) // the state is saved even so
		return run, fmt.Errorf("%s was carried out as %s, which could not be written down: %w", run.Addr, out.ID, err)
	}
	if out.Text != "" {
		i.Emit(event.Note{Addr: run.Addr.String(), Text: event.Foreign(out.Text)})
	}
	i.Emit(event.End{Addr: run.Addr.String(), Action: invokeAction, ID: out.ID, Took: time.Since(began)})
	return run, nil
}

// strange reports an answer that cannot be the one to this request: it is about
// another run's payment.
func (i *invoker) strange(run state.Run, out Outcome) error {
	for _, other := range i.Book.Made(out.ID) {
		if other.Key != run.Key && other.OwnRun() {
			return &undecidedError{fmt.Errorf("the answer is about %s, which the run of %s at %s has done: it is not the answer to this request", out.ID,
				other.Addr, words.Moment(other.At))}
		}
	}
	return nil
}

// failed writes down the consequence of a failure: that the run never left, that
// it is off, or nothing, so that it stays open.
func (i *invoker) failed(run state.Run, err error, began time.Time) (state.Run, error) {
	var written error
	switch {
	case notDone(err):
		run.Unsent = true
		written = i.log(state.Record{Run: &run})
	case refused(err) && !run.Unsure && !spent(err):
		out, made, unknown := i.madeAllTheSame(run)
		if made {
			return i.done(run, out, began)
		}
		if unknown != nil {
			err = &undecidedError{fmt.Errorf("%w. %w", err, unknown)}
			break
		}
		written = i.log(state.Record{Undone: run.Key})
	default:
		// An earlier sending under this key may have been carried out, and the
		// refusal be about that: its payment is looked for.
		if out, ok := i.find(run, err); ok {
			return i.done(run, out, began)
		}
		err = &undecidedError{err}
	}
	i.Emit(event.End{Addr: run.Addr.String(), Action: invokeAction, Took: time.Since(began), Err: event.Foreign(err.Error())})
	return run, errors.Join(err, written)
}

// afterRefusal are the pauses between looks at Kira after a refusal: its lists are late at
// times.
var afterRefusal = []time.Duration{0, time.Second, 3 * time.Second}

// madeAllTheSame looks for the payout of a run that was refused: something on the way
// may have sent it twice, and the second time the money was gone. Its error says that
// nobody knows.
func (i *invoker) madeAllTheSame(run state.Run) (out Outcome, made bool, err error) {
	if !i.Want.Action.Pays {
		return out, false, nil
	}
	for _, pause := range afterRefusal {
		select {
		case <-time.After(pause):
		case <-i.ctx.Done():
			return out, false, i.ctx.Err()
		}
		shown, err := i.Actor.Look(i.ctx)
		if err != nil {
			return out, false, fmt.Errorf("whether it was carried out before it was refused could not be looked at: %w", err)
		}
		if p, ok := runs.Find(run, i.world(shown)); ok {
			return Outcome{ID: p.ID, Status: strings.ToUpper(p.Status)}, true, nil
		}
		if runs.May(run, i.world(shown)) {
			return out, false, errors.New("kira shows payouts that it may have made before it was refused")
		}
	}
	return out, false, nil
}

// find looks for the payment of a run whose key Kira refused.
func (i *invoker) find(run state.Run, err error) (Outcome, bool) {
	if !refused(err) && !spent(err) {
		return Outcome{}, false
	}
	shown, lost := i.Actor.Look(i.ctx)
	if lost != nil {
		return Outcome{}, false
	}
	p, ok := runs.Find(run, i.world(shown))
	return Outcome{ID: p.ID, Status: strings.ToUpper(p.Status)}, ok
}
