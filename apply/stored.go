package apply

import (
	"cmp"
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
// does not show the written values: Kira answers late.
var late = [...]time.Duration{time.Second, 3 * time.Second, 9 * time.Second}

// settled compares the object that Kira shows after a write with the written
// one, for as long as Kira may still be late. It returns the object as it was
// seen last, and how Kira keeps the values that differ; an error if the answer
// was about another object.
func (w *writer) settled(res Result) (Result, outcome, error) {
	o := outcome{write: plan.Write{Kind: w.op.Kind, Key: w.Key, Salt: w.salt, Ignore: w.op.ignore, Want: w.op.Want}}
	if w.op.Prior.ID == res.ID {
		o.write.Before, o.write.Change = w.op.Prior, w.op.Change
	}
	if res.Adopted && o.write.Before.ID == "" || !w.op.Kind.Verbs.Has(schema.CanRead) {
		return res, outcome{}, nil // it was not written, or is never shown
	}
	o.kept = o.write.Kept(res.Seen)
	wrote, found := time.Now(), false
	for _, after := range late {
		if !slices.ContainsFunc(o.kept, func(k plan.Kept) bool { return k.Stays || k.As != plan.Spelled }) {
			break
		}
		select {
		case <-time.After(after - time.Since(wrote)):
		case <-w.ctx.Done():
		}
		op := w.op
		op.Prior = state.Object{ID: res.ID, Salt: w.salt, Seen: w.Key.Seal(op.Kind, w.salt, res.Seen)}
		if again, err := w.Provider.Read(w.ctx, op); err == nil && identify(res.ID, again.Seen) == nil {
			res.Seen, o.kept, found = again.Seen, o.write.Kept(again.Seen), true
		}
	}
	return res, o, w.about(res, o.kept, found)
}

// about returns an error if the object that a create was answered with is not the
// one that was asked for: its natural key is another one, and more of its identity
// too, or a part of either, and it cannot be looked at. The object of the request
// is not known then.
func (w *writer) about(res Result, kept []plan.Kept, found bool) error {
	id := w.op.Kind.Identity
	if w.key == "" || !creates(w.job) || res.Adopted || id == nil {
		return nil
	}
	var named, who string
	for _, k := range kept {
		switch path := schema.PathString(k.Path); {
		case k.As != plan.Changed:
		case slices.Contains(id.Natural, path):
			named = cmp.Or(named, path)
		case slices.Contains(id.Who, path):
			who = cmp.Or(who, path)
		}
	}
	if found && (named == "" || who == "") || named == "" && who == "" {
		return nil
	}
	way := ""
	if w.job.Action == plan.Create {
		way = fmt.Sprintf(". If it is the one that was asked for, run: kiraform import %s %s", w.job.Addr.Shell(), res.ID)
	}
	return &undecidedError{fmt.Errorf("the answer is about %s, of which %s differs from the request: it is not the answer to this request, which may have made another object%s", res.ID, cmp.Or(named, who), way)}
}

// outcome is how Kira keeps the written values.
type outcome struct {
	write plan.Write
	kept  []plan.Kept
}

// remember returns that in the form in which a sealed object remembers it.
func (o outcome) remember(seen state.Sealed) []state.Stored {
	if o.write.Kind == nil {
		return nil
	}
	return o.write.Remember(o.kept, seen)
}

// say tells how Kira keeps the values that it does not show as they were written.
// It returns an error for one that must not be stored otherwise.
func (w *writer) say(post func(func()), kept []plan.Kept) error {
	var wrong []error
	for _, k := range kept {
		path := schema.PathString(k.Path)
		switch {
		case k.Money && k.As != plan.Spelled:
			wrong = append(wrong, fmt.Errorf("%s says where money goes, and Kira does not show it as it was sent: do not pay to this object before it is cleared up with Kira", path))
		case k.As == plan.Before && k.Again:
			wrong = append(wrong, fmt.Errorf("%s was taken for the second time, by Kira's answer, and is still shown as it was before: ask your Kira contact, or name it in ignore_changes", path))
		}
	}
	for as, d := range [...]event.Diagnostic{
		plan.Spelled: {Severity: "warning", Code: "stored-otherwise", Summary: "Kira writes it otherwise",
			Detail: "Kira has taken %s of %s, and shows it in another spelling. Both count as right from now on, and it is not sent again."},
		plan.Before: {Severity: "warning", Code: "not-taken", Summary: "Not taken by Kira",
			Detail: "Kira answered that it took %s of %s, and does not show it: it shows the value of before, or none. The next plan has it again."},
		plan.Changed: {Severity: "warning", Code: "stored-otherwise", Summary: "Kira has stored another value",
			Detail: "Kira has taken %s of %s, and shows another value. It is not sent again. Write the value that Kira shows, or name it in ignore_changes."},
	} {
		var names []string
		for _, k := range kept {
			if int(k.As) == as && !(k.Money && k.As != plan.Spelled) && !k.Again {
				names = append(names, schema.PathString(k.Path))
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
