package apply

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"kiraform/internal/event"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// late are the times after a write at which an object is looked at again while it
// does not show what was written: Kira answers late.
var late = [...]time.Duration{time.Second, 3 * time.Second, 9 * time.Second}

// settled compares what Kira shows after a write with what was written, for as
// long as Kira may still be late, and says how it keeps what differs. It returns
// the object as it was seen last, what is to be remembered of it once it is
// sealed, and an error for what must not be stored otherwise.
func (w *writer) settled(post func(func()), res Result) (Result, func(state.Sealed) []state.Stored, error) {
	write := plan.Write{Kind: w.op.Kind, Key: w.Key, Salt: w.salt, Ignore: w.op.ignore, Want: w.op.Want}
	if w.op.Prior.ID == res.ID {
		write.Before, write.Change = w.op.Prior, w.op.Change
	}
	if res.Adopted && write.Before.ID == "" || !w.op.Kind.Verbs.Has(schema.CanRead) {
		return res, func(state.Sealed) []state.Stored { return nil }, nil // it was not written, or is never shown
	}
	kept, wrote := write.Kept(res.Seen), time.Now()
	for _, after := range late {
		if !slices.ContainsFunc(kept, func(k plan.Kept) bool { return k.Stays || k.As != plan.Spelled }) {
			break
		}
		select {
		case <-time.After(after - time.Since(wrote)):
		case <-w.ctx.Done():
		}
		op := w.op
		op.Prior = state.Object{ID: res.ID, Salt: w.salt, Seen: w.Key.Seal(op.Kind, w.salt, res.Seen)}
		if again, err := w.Provider.Read(w.ctx, op); err == nil && identify(res.ID, again.Seen) == nil {
			res.Seen, kept = again.Seen, write.Kept(again.Seen)
		}
	}
	remember := func(seen state.Sealed) []state.Stored { return write.Remember(kept, seen) }
	return res, remember, w.say(post, kept)
}

// say tells how Kira keeps what it does not show as it was written.
func (w *writer) say(post func(func()), kept []plan.Kept) error {
	var wrong []error
	for _, k := range kept {
		path := plan.PathString(k.Path)
		switch {
		case k.Money && k.As != plan.Spelled:
			wrong = append(wrong, fmt.Errorf("%s says where money goes, and Kira does not show it as it was sent: do not pay to this object before it is cleared up with Kira", path))
		case k.As == plan.Before && k.Again:
			wrong = append(wrong, fmt.Errorf("%s was taken for the second time, by what Kira answered, and is still shown as it was before: ask your Kira contact, or name it in ignore_changes", path))
		}
	}
	for as, d := range [...]event.Diagnostic{
		plan.Spelled: {Severity: "warning", Code: "stored-otherwise", Summary: "Kira writes it otherwise",
			Detail: "Kira has taken %s of %s, and shows it in another spelling. Both count as right from now on, and it is not sent again."},
		plan.Before: {Severity: "warning", Code: "not-taken", Summary: "Not taken by Kira",
			Detail: "Kira answered that it took %s of %s, and does not show it: it shows what it showed before, or nothing. The next plan has it again."},
		plan.Changed: {Severity: "warning", Code: "stored-otherwise", Summary: "Kira has stored another value",
			Detail: "Kira has taken %s of %s, and shows another value. It is not sent again. Write what Kira shows, or name it in ignore_changes."},
	} {
		var names []string
		for _, k := range kept {
			if int(k.As) == as && !(k.Money && k.As != plan.Spelled) && !k.Again {
				names = append(names, plan.PathString(k.Path))
			}
		}
		if len(names) > 0 {
			d.Addr = w.job.Addr.String()
			d.Detail = fmt.Sprintf(d.Detail, strings.Join(names, ", "), d.Addr)
			post(func() { w.Emit(d) })
		}
	}
	return errors.Join(wrong...)
}
