package apply

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"kiraform/internal/addr"
	"kiraform/internal/ui/words"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// create makes an object, unless an earlier request is found to have made it.
// Where two resources are alike, one that looks may have found the object of
// the other's request, when that was lost or still on its way. The other then
// makes one under another key.
func (w *writer) create(in intention) (Result, error) {
	have, _, err := w.seek(in.lost)
	if err != nil {
		return Result{}, err
	}
	if have != nil {
		if res, done, err := w.takeOver(have); done || err != nil {
			return res, err
		}
	}
	w.op.Ours = in.Unsure || len(in.lost) > 0
	if w.ended(in.Key) {
		in.Intent = w.anew(in.Intent)
	}
	res, err := w.send(in.Intent, in.unsent)
	if refused(err) && in.Unsure || spent(err) {
		// The key may have been carried out, and the refusal be about the key.
		asked := in.Intent
		if !in.Unsure {
			asked = w.sent
		}
		have, open, lost := w.seek([]state.Intent{asked})
		if open || lost != nil {
			return res, &undecidedError{errors.Join(err, lost)}
		}
		if have != nil {
			if res, done, err := w.takeOver(have); done || err != nil {
				return res, err
			}
		}
		return w.send(w.anew(in.Intent), nil)
	}
	if err != nil || res.Adopted || !w.op.Kind.Verbs.Has(schema.CanRead) {
		return res, err
	}
	if _, ok := errors.AsType[*ownedError](w.owner.take(w.job.Addr, res.ID)); ok && (in.Unsure || w.owner.wasFound(w.job.Addr.Kind, res.ID)) {
		return w.send(w.anew(in.Intent), []string{in.Key})
	}
	return res, nil
}

// ended reports whether a request was ended by an object that was found, or by
// finding none.
func (w *writer) ended(key string) bool {
	return slices.ContainsFunc(w.done, func(rec state.Record) bool { return slices.Contains(rec.Ends, key) })
}

// strange reports whether an open request asked for another object than is
// wanted now, though another request asked for just that.
func (w *writer) strange(in state.Intent) bool {
	just := w.job.intent.just
	return just != "" && in.Key != just && !in.Sent.IsZero() && !plan.SameKey(w.op.Kind, w.Key, w.op.Want, in)
}

// owns gives the object of an answer to the resource. If Kira refused to make a
// second one, another address may have the one that was found. An answer that
// says that it was made, when it was there, is not about this request, whose
// outcome is not known then.
func (w *writer) owns(res Result) error {
	err := w.owner.take(w.job.Addr, res.ID)
	if owned, ok := errors.AsType[*ownedError](err); ok && w.key != "" && !res.Adopted && w.op.Kind.Verbs.Has(schema.CanRead) {
		return &undecidedError{fmt.Errorf("the answer is about %s, which is managed as %s: it is not the answer to this request, which may have made another object", owned.id, owned.by)}
	}
	return err
}

// anew is a request for the same under another key.
func (w *writer) anew(in state.Intent) state.Intent {
	in.Key, in.At, in.After, in.Unsure, in.Unsent = w.NewKey(), time.Now().UTC(), time.Time{}, false, false
	return in
}

// send sends a create with its intent, which takes the place of others.
func (w *writer) send(in state.Intent, insteadOf []string) (Result, error) {
	in.Addr, in.Unsent, in.Last = w.job.Addr, false, w.Provider.Date(w.ctx)
	if !in.Unsure {
		in.After = in.Last
	}
	if err := w.log(state.Record{Addr: w.job.Addr, Intent: &in, Ends: insteadOf}); err != nil {
		return Result{}, err
	}
	w.key, w.sure, w.sent, w.op.Key, w.salt, w.began = in.Key, !in.Unsure, in, in.Key, in.Salt, time.Now().UTC()
	return w.Provider.Create(w.ctx, w.op)
}

// seek looks for the objects that lost requests made. The first that is found is
// returned, and is at the address from then on; others, and those that are none of
// the address's, are entered in the ledger. With open, the outcome of some is not
// known. That is an error for objects of which another one must not be made.
func (w *writer) seek(lost []state.Intent) (have *found, open bool, err error) {
	for _, in := range lost {
		f, err := w.look(in)
		if err != nil {
			return nil, true, &undecidedError{fmt.Errorf("look for the object of an earlier request: %w", err)}
		}
		rec := state.Record{Addr: w.job.Addr, Ends: []string{in.Key}}
		switch {
		case f.Found != nil && (have != nil || w.strange(in)):
			rec.Left = &state.LeftBehind{Addr: in.Addr, ID: f.Found.ID, Why: state.Replaced, At: time.Now().UTC()}
		case f.Found != nil:
			if err := identify(f.Found.ID, f.Found.Seen); err != nil {
				return nil, false, err
			}
			have = &found{*f.Found, state.Object{ID: f.Found.ID, Salt: in.Salt, Sent: in.Sent, Needs: w.job.Needs, Due: w.op.due, Written: in.At}}
			have.object.Seen = w.Key.Seal(w.op.Kind, in.Salt, f.Found.Seen, in.Sent)
			rec.Object = &have.object
			if w.job.Action == plan.Replace {
				rec.Left, w.left = w.leaves(w.job, state.Replaced).Left, true
			}
		case f.None:
		case f.Free:
			open = true
			continue
		default:
			return nil, true, &undecidedError{unresolved(in, w.job.Addr, f.May)}
		}
		if err := w.log(rec); err != nil {
			return nil, open, err
		}
	}
	return have, open, nil
}

// look looks for the object that a lost request made. Several workers may find
// the same one; one of them gets it.
func (w *writer) look(in state.Intent) (Finding, error) {
	for {
		f, err := w.Provider.Find(w.ctx, w.op, in, w.job.intent.same[in.Digest])
		if err != nil || f.Found == nil || w.owner.claim(w.job.Addr, f.Found.ID) {
			return f, err
		}
	}
}

// found is the object that a lost request made.
type found struct {
	Result
	object state.Object // as the state has it from then on
}

// unresolved says how a person can end a request that kiraform cannot judge. Its
// object is imported to the address that asks for it now.
func unresolved(in state.Intent, to addr.Resource, may []string) error {
	lines := []string{fmt.Sprintf("  kiraform state rm -unanswered %s", in.Addr.Shell())}
	for _, id := range may {
		lines = append([]string{fmt.Sprintf("  kiraform import %s %s", to.Shell(), id)}, lines...)
	}
	return fmt.Errorf("a request of %s got no answer, and may have made an object that cannot be told for certain; another one is not made. "+
		"Import the one that it made, or end the request:\n%s", words.Moment(in.At), strings.Join(lines, "\n"))
}

// takeOver updates the object that a lost request made to match the
// configuration. It reports false if that is not possible, and the object was
// left behind.
func (w *writer) takeOver(have *found) (Result, bool, error) {
	res, object := have.Result, have.object
	w.salt, w.before, w.began = object.Salted(), object.Sent, object.Written
	change, fixed := plan.Differences(w.op.Kind, w.Key, w.op.Want, object)
	switch {
	case len(fixed) > 0 && w.op.Kind.Replace == schema.ReplaceFreely:
		left := &state.LeftBehind{Addr: w.job.Addr, ID: have.ID, Why: state.Replaced, At: time.Now().UTC()}
		return res, false, w.log(state.Record{Addr: w.job.Addr, Left: left})
	case len(fixed) > 0 || plan.AnotherPerson(w.op.Kind, w.Key, w.op.Want, object):
		return res, true, fmt.Errorf("an earlier request made %s, and its %s is another one. It is in the state now: plan again",
			have.ID, schema.PathString(append(fixed, change...)[0]))
	case len(change) == 0:
		return res, true, nil
	}
	op := w.op
	op.Prior, op.Change = object, change
	res, err := w.update(op)
	return res, true, err
}

// undecidedError is a failure that leaves the outcome of an earlier request
// open, however clearly Kira refused this one.
type undecidedError struct{ error }

// Refused keeps the intent of the earlier request.
func (e *undecidedError) Refused() bool { return false }

// NotDone is false for the same reason.
func (e *undecidedError) NotDone() bool { return false }

// Unwrap returns the failure itself.
func (e *undecidedError) Unwrap() error { return e.error }
