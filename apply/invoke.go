package apply

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"kiraform/internal/event"
	"kiraform/internal/runs"
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

// Invocation is one action to be carried out. All fields but Ready and Stop must
// be set.
type Invocation struct {
	Want    runs.Want
	Written func(state.Run) bool // see [runs.World]
	Actor   Actor
	Journal state.Journal
	NewKey  func() string
	Now     func() time.Time
	Emit    event.Sink
	Ready   func(context.Context, runs.Verdict) error // a further condition, judged right before anything is sent; nil means nothing
	Stop    <-chan struct{}                           // closed: send nothing more; nil means never
}

// Invoke carries out an action, unless it was carried out already, and leaves
// the run in st as it then is, whatever the outcome. Whether it is due is
// decided right before the request leaves, by the payments that Kira shows then;
// that decision is returned. The run is durable before the request is sent, and
// so is its answer before anything else happens.
func Invoke(ctx context.Context, in Invocation, st *state.State) (runs.Verdict, error) {
	i := &invoker{Invocation: in, ctx: ctx, st: st}
	v, err := i.judge()
	if err != nil {
		return v, err
	}
	for _, r := range v.Found {
		if err := i.log(state.Record{Run: &r}); err != nil {
			return v, err
		}
	}
	if v.Step != runs.Send && v.Step != runs.Resend {
		return v, nil
	}
	if i.Ready != nil {
		if err := i.Ready(ctx, v); err != nil {
			return v, fmt.Errorf("%w. Nothing was sent", err)
		}
	}
	if i.stopped() {
		return v, ErrStopped
	}
	v.Run, err = i.send(v)
	return v, err
}

// ErrStopped is the end of an action that was not sent, because of a wish to stop.
var ErrStopped = errors.New("interrupted before anything was sent")

type invoker struct {
	Invocation
	ctx context.Context
	st  *state.State
}

func (i *invoker) judge() (runs.Verdict, error) {
	shown, err := i.Actor.Look(i.ctx)
	if err != nil {
		return runs.Verdict{}, fmt.Errorf("look for earlier payouts: %w. Nothing was sent", err)
	}
	return runs.Judge(i.Want, i.world(shown)), nil
}

func (i *invoker) world(shown []runs.Payment) runs.World {
	return runs.World{State: i.st, Shown: shown, Now: i.Now(), Written: i.Written}
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
	i.st.Apply(rec)
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
const invokeAction = "invoke"

func (i *invoker) done(run state.Run, out Outcome, began time.Time) (state.Run, error) {
	run = runs.Finish(run, out.ID, out.Status, i.Now())
	if err := i.log(state.Record{Run: &run}); err != nil {
		i.st.Apply(state.Record{Addr: run.Addr, Run: &run}) // the state is saved even so
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
	for _, other := range i.st.AllRuns() {
		if other.Key != run.Key && other.OwnRun() && out.ID != "" && other.ID == out.ID {
			return &undecidedError{fmt.Errorf("the answer is about %s, which the run of %s at %s has done: it is not the answer to this request", out.ID,
				other.Addr, other.At.UTC().Format("2006-01-02 15:04:05 UTC"))}
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
