package apply

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"kiraform/internal/sched"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// request sends the request of op, with its intent made durable before and its
// result after. It runs on a worker, and gives its slot away once Kira is asked no
// more. It returns the records that are durable.
func (r *run) request(slot *sched.Slot, j *job, op Op) (res Result, done []state.Record, err error) {
	stop := r.heartbeat(slot.Post, j)
	defer stop()
	w := &writer{run: r, job: j, op: op, open: op.open}
	if j.intent != nil {
		res, err = w.create(*j.intent)
	} else {
		res, err = w.update(op)
	}
	if err == nil {
		err = w.owns(res)
	}
	if err == nil && j.Action == plan.Replace && res.ID == j.Prior.ID {
		err = same(op, res)
	}
	if err == nil {
		err = identify(res.ID, res.Seen)
	}
	if err != nil {
		return res, w.done, errors.Join(err, w.close(err))
	}
	res, kept, err := w.settled(res)
	if err != nil {
		return res, w.done, errors.Join(err, w.close(err))
	}
	slot.Free()
	otherwise := w.say(slot.Post, kept.kept)
	rec := state.Record{Addr: j.Addr, Object: r.object(j, op, res, w.salt, w.before), Ends: w.answered(res)}
	rec.Object.Stored = kept.remember(rec.Object.Seen)
	if !w.began.IsZero() {
		rec.Object.Written = w.began
	}
	rec.Object.Unproven = w.unproven(res, rec.Object.Salt)
	if j.Action == plan.Replace && !w.left {
		rec.Left = r.leaves(j, state.Replaced).Left
	}
	if err := w.log(rec); err != nil {
		return res, w.done, err
	}
	return res, w.done, otherwise
}

// unproven names the attributes of the written object that nobody has compared.
func (w *writer) unproven(res Result, salt state.Salt) []string {
	made := creates(w.job)
	if made && !res.Adopted {
		return nil // all of it was sent
	}
	before := plan.Unproven(w.op.Kind, w.Key, w.op.Prior, w.op.Want)
	return plan.StillUnproven(w.op.Kind, w.Key, salt, w.op.Want, before, made || w.job.Action == plan.Adopt, w.op.Change)
}

// writer carries one change out, and writes down each step of it.
type writer struct {
	*run
	job  *job
	op   Op
	open []state.Intent // of the object, or of its kind where Kira shows no objects of it
	done []state.Record // that are durable
	key  string         // of the request that is under way; "" if there is none
	sent state.Intent   // the create that was sent last
	sure bool           // no earlier exchange of that key may have been received
	left bool           // the object that is replaced was entered in the ledger

	began  time.Time    // when the last request was sent; zero if none was
	salt   state.Salt   // of the object that is written
	before state.Sealed // the body of an earlier request, if it made the object
}

func (w *writer) log(rec state.Record) error {
	if err := w.Journal.Append(rec); err != nil {
		return &journalError{err, rec}
	}
	w.done = append(w.done, rec)
	return nil
}

// close writes down how the request under way has failed. One of which it is
// not known stays open.
func (w *writer) close(err error) error {
	if w.key == "" {
		return nil
	}
	rec := state.Record{Addr: w.job.Addr}
	switch {
	case notDone(err):
		rec.Unsent = w.key
	case refused(err) && (w.sure || isSame(err)):
		rec.Ends = []string{w.key}
	default:
		return nil
	}
	w.key = ""
	return w.log(rec)
}

func refused(err error) bool {
	e, ok := errors.AsType[interface {
		error
		Refused() bool
	}](err)
	return ok && e.Refused()
}

// spent reports whether Kira had the key of a request already: something
// between has sent the request twice, and the first may have been carried out.
func spent(err error) bool {
	e, ok := errors.AsType[interface {
		error
		KeySpent() bool
	}](err)
	return ok && e.KeySpent()
}

// same is the error of a replacement that came to the object it was to replace: nothing
// was made if Kira allows one such object, and nobody knows otherwise.
func same(op Op, res Result) error {
	if res.Adopted || op.Kind.Single != nil {
		return &sameError{res.ID}
	}
	return &undecidedError{fmt.Errorf("the answer is about %s, which is to be replaced: Kira has taken the request for the same object, or has made another one", res.ID)}
}

// sameError is a replacement that came to the object it was to replace.
type sameError struct{ id string }

func (e *sameError) Error() string {
	return e.id + " cannot be replaced: Kira allows one such object, and it is this one"
}

// Refused tells that nothing was made.
func (e *sameError) Refused() bool { return true }

func isSame(err error) bool {
	_, ok := errors.AsType[*sameError](err)
	return ok
}

func notDone(err error) bool {
	e, ok := errors.AsType[interface {
		error
		NotDone() bool
	}](err)
	return ok && e.NotDone()
}

// answered returns the keys of the requests whose outcome is known by an
// answer: its own, those of earlier updates of the object that carried no more,
// and of an object that Kira never shows, of which the last request counts, all.
func (w *writer) answered(res Result) (keys []string) {
	if w.key != "" {
		keys = append(keys, w.key)
	}
	var carried []string
	for _, p := range w.op.Change {
		carried = append(carried, schema.PathString(p[:1]))
	}
	for _, in := range w.open {
		switch unread := !w.op.Kind.Verbs.Has(schema.CanRead); {
		case in.Key == w.key:
		case unread, !in.Creates() && in.ID == res.ID && w.covers(carried, in):
			keys = append(keys, in.Key)
		}
	}
	return keys
}

// covers reports whether a request carried all that an earlier one did, as far
// as it is still written.
func (w *writer) covers(carried []string, in state.Intent) bool {
	return !slices.ContainsFunc(in.Carries, func(name string) bool {
		return !slices.Contains(carried, name) && !schema.IsNull(schema.Member(w.op.Want, name))
	})
}

// update sends an update. Its intent is durable once the object has been
// looked at.
func (w *writer) update(op Op) (Result, error) {
	w.salt = op.Prior.Salted()
	in := state.Intent{Key: w.NewKey(), Addr: w.job.Addr, Action: string(plan.Update), ID: op.Prior.ID,
		Digest: w.digest(op), Salt: w.salt, Sent: op.sealed(w.salt), At: time.Now().UTC()}
	for _, p := range op.Change {
		if name := schema.PathString(p[:1]); !slices.Contains(in.Carries, name) {
			in.Carries = append(in.Carries, name)
		}
	}
	w.op.Change = op.Change
	op.Sending = func() error {
		in.After = w.Provider.Date(w.ctx)
		in.Last = in.After
		w.key, w.sure, w.began = in.Key, true, in.At
		return w.log(state.Record{Addr: w.job.Addr, Intent: &in})
	}
	res, err := w.Provider.Update(w.ctx, op)
	if err == nil && w.key == "" {
		panic("apply: an update was sent without its intent")
	}
	if err != nil && notDone(err) && w.key != "" {
		key := w.key
		w.key = "" // nothing of it is to be remembered
		return res, errors.Join(err, w.log(state.Record{Addr: w.job.Addr, Ends: []string{key}}))
	}
	return res, err
}
