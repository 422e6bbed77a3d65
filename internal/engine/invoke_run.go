package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"kiraform/apply"
	"kiraform/internal/actions"
	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/internal/runs"
	"kiraform/state"
)

// InvokeSummary is how the runs of an action went.
type InvokeSummary struct {
	event.Invocations
	Unready int // sent, and not at their end when the time to wait was up, or somebody ended the run
	Stopped bool
}

// OK reports whether nothing is wrong.
func (s InvokeSummary) OK() bool { return s.Failed == 0 && !s.Stopped }

// Invoke carries out the instances that [Project.PlanInvoke] has shown, one after
// the other, and saves the state as it then is. It ends with the first whose
// outcome is not known.
func (p *Project) Invoke(ctx context.Context, iv *Invoked, o ApplyOptions) (sum InvokeSummary, err error) {
	r := &invokeRun{Project: p, iv: iv, options: o, fates: make(fates)}
	defer func() { sum = InvokeSummary{Invocations: r.fates.count(), Unready: r.late, Stopped: r.stopped} }()
	for _, in := range iv.All {
		if in.Due() {
			r.fates[in.Addr] = apply.Undone
		}
	}
	st := iv.was.Clone()
	st.Place = iv.State.Place
	if moved := p.moveRuns(st); p.encryptFor(st) || moved || st.Serial == 0 || iv.bound || o.Saved != "" {
		if o.Saved != "" {
			st.Carry(o.Saved, p.now())
		}
		if err := p.save(ctx, st); err != nil {
			return sum, err
		}
	}
	journal, err := p.Store.Journal(ctx, st)
	if err != nil {
		return sum, fmt.Errorf("open the journal: %w", err)
	}
	iv.Needed.Known.Until(isClosed(o.Stop))
	r.st, r.journal, r.book = st, journal, runs.NewBook(st, iv.written.Has)
	if err = iv.kira.LookAtOthers(ctx, iv.All); err != nil {
		err = fmt.Errorf("look for earlier payouts: %w. Nothing was sent", err)
	}
	for _, in := range iv.All {
		if err != nil {
			break
		}
		if !in.Due() && len(in.Verdict.Found) == 0 {
			r.follow(in, in.Verdict.Run)
			continue
		}
		if broken := r.one(ctx, in); broken != nil {
			err = broken
			break
		}
	}
	if err == nil && o.Wait > 0 {
		err = r.await(ctx)
	}
	var said error
	if errors.Is(err, ErrReported) || errors.Is(err, errStopped) {
		said, err = ErrReported, nil
	}
	err = p.keep(context.WithoutCancel(ctx), st, nil, errors.Join(err, journal.Close()))
	return sum, p.secrets.Error(cmp.Or(err, said))
}

type invokeRun struct {
	*Project
	iv      *Invoked
	st      *state.State
	book    *runs.Book // of st
	journal state.Journal
	options ApplyOptions
	fates   fates
	ended   addr.Resource // the last action whose failure was said as it happened
	late    int           // payouts that are not at their end
	stopped bool
	holders holders // made once it is needed
	after   []followed
	until   time.Time // when payouts are followed no more
}

// fail counts an instance as failed, and says so where nothing has said it yet.
func (r *invokeRun) fail(in *actions.Instance) {
	r.fates[in.Addr] = apply.Failed
	if r.ended != in.Addr {
		r.ended = in.Addr
		r.Emit(event.End{Addr: in.Addr.String(), Action: event.Invoke, Err: event.Foreign(r.iv.why)})
	}
}

// watch notes which failures are said.
func (r *invokeRun) watch(in *actions.Instance, to event.Sink) event.Sink {
	return func(e event.Event) {
		if end, ok := e.(event.End); ok && end.Err != "" {
			r.ended = in.Addr
		}
		to(e)
	}
}

// one carries out one instance. Its error ends the whole.
func (r *invokeRun) one(ctx context.Context, in *actions.Instance) error {
	v, err := apply.Invoke(ctx, apply.Invocation{
		Want: in.Want, Written: r.iv.written.Has, Asked: r.iv.written.Elsewhere, Kept: r.iv.written.Keeps, Book: r.book, Actor: in, Journal: r.journal, NewKey: uuid.NewString,
		Now: r.iv.kira.Time, Emit: r.watch(in, r.iv.counting(r.Emit)), Stop: r.options.Stop, Ready: r.ready(in),
	}, r.st)
	if err == nil && v.Step == runs.Stop {
		in.Verdict = v
		r.iv.stop(in)
		r.fail(in)
		return nil
	}
	if errors.Is(err, apply.ErrStopped) {
		r.stopped = true
		r.fates[in.Addr] = apply.Undone
		return errStopped
	}
	if errors.Is(err, ErrReported) {
		r.fail(in)
		return err
	}
	if err != nil {
		err = r.tell(in, v.Run, err)
		r.fail(in)
		return err
	}
	if sends(v) {
		r.fates[in.Addr] = apply.Done
	} else if r.fates[in.Addr] != apply.Done { // it was done before this run
		delete(r.fates, in.Addr)
	}
	r.follow(in, v.Run)
	return r.beside(in, v)
}

func sends(v runs.Verdict) bool { return v.Step == runs.Send || v.Step == runs.Resend }

// beside says that somebody else paid the same at the same moment, which ends the
// whole: another copy of the configuration may be at work.
func (r *invokeRun) beside(in *actions.Instance, v runs.Verdict) error {
	if v.Unlooked != nil {
		r.Emit(event.Diagnostic{Severity: "warning", Code: "payout-unlooked", Addr: in.Addr.String(), Summary: "Not looked at again",
			Detail: fmt.Sprintf("%s was carried out as %s. Whether somebody else paid the same at that moment could not be looked at: %v. See for yourself:\n  kiraform payouts list",
				in.Addr, v.Run.ID, r.secrets.Error(v.Unlooked))})
	}
	if len(v.Beside) == 0 {
		return nil
	}
	var lines []string
	ids := []string{v.Run.ID}
	for _, p := range v.Beside {
		lines, ids = append(lines, "  "+p.String()), append(ids, p.ID)
	}
	slices.Sort(ids) // so that each copy names the same one to be kept
	r.iv.refuse(in, "paid-twice", "Somebody else paid the same at the same moment", fmt.Sprintf("%s was carried out as %s. Right before, Kira did not show the following, which this "+
		"state did not make either, and now it does:\n%s\nProbably another copy of this configuration was run at the same time, and the payee is paid twice. No request of Kira's stops a "+
		"payout: write to your contact at Kira at once, for example:\n  Please cancel payout %s. It was made twice by mistake; payout %s is the one that is meant.\n"+
		"See how far it is:\n  kiraform payouts show %s\nNothing more was paid by this run.", in.Addr, v.Run.ID, strings.Join(lines, "\n"), strings.Join(ids[1:], " and payout "), ids[0], v.Beside[0].ID))
	return ErrReported
}

// errStopped ends a run early; it was said.
var errStopped = errors.New("interrupted")

// tell reports the failure of a run. Only a definite refusal lets others go on.
func (r *invokeRun) tell(in *actions.Instance, run state.Run, err error) error {
	left, open := r.st.Runs[run.Key]
	refused, answered := errors.AsType[interface {
		error
		Refused() bool
	}](err)
	switch {
	case open && left.Done:
		return err // it was done, but could not be written down
	case open && left.Unanswered():
		r.iv.refuse(in, "unanswered", "Nobody knows whether it was carried out", err.Error()+"\nRun it again as it is, and the same request goes out with the same key: "+
			"it is not carried out twice.")
	case open:
		r.iv.refuse(in, "not-done", "Not sent", err.Error()+"\nNothing reached Kira. Run it again.")
	case answered && refused.Refused():
		r.iv.refuse(in, "not-done", "Refused by Kira", err.Error())
		return nil
	default:
		r.iv.refuse(in, "not-done", "Not sent", err.Error())
	}
	return ErrReported
}

// ready checks max_payout once more, by the look at Kira that was just made, and asks
// for the cost of a payout again if that was a while ago: nobody has approved of a
// higher one.
func (r *invokeRun) ready(in *actions.Instance) func(context.Context, runs.Verdict) (bool, error) {
	return func(ctx context.Context, v runs.Verdict) (bool, error) {
		if v.Step == runs.Send {
			if err := r.iv.withinNow(r.st); err != nil {
				return false, err
			}
		}
		if in.Kind.Preview == nil || v.Step != runs.Send || actions.Since(r.iv.kira.Looked) < 30*time.Second {
			return false, nil
		}
		return true, in.NoDearer(ctx)
	}
}

// FinishInvoke emits the end of a run that began then.
func (p *Project) FinishInvoke(command string, sum InvokeSummary, iv *Invoked, began time.Time) {
	done := map[string]int{}
	if sum.Run > 0 {
		done[event.Invoke] = sum.Run
	}
	p.Emit(event.Finish{Command: command, Done: done, Actions: sum.Invocations, Unready: sum.Unready, Stopped: sum.Stopped,
		Requests: iv.Requests(), Took: p.now().Sub(began)})
}
