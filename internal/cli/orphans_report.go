package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"time"

	"kiraform/internal/tell"
	"kiraform/internal/ui/words"
	"kiraform/state"
)

// orphansReport lists the objects that live on at Kira and nobody manages, and
// below them those that requests without an answer may have made or changed.
type orphansReport struct {
	all []orphan
	at  string // the place of the state
}

type orphan struct {
	Addr    string    `json:"address"`
	ID      string    `json:"id"`
	Why     string    `json:"why"`
	Since   time.Time `json:"since"`
	Created bool      `json:"created_here"`    // false for an object that lived already and was adopted
	Place   string    `json:"place,omitempty"` // if it is another one than that of the state

	open bool // a request without an answer, and no object that is known
}

// The possible effects of a request without an answer.
const (
	mayBeDone  = "may have been done"
	mayExist   = "may exist"
	mayChanged = "may have been changed"
)

func reportOrphans(s *state.State) orphansReport {
	r := orphansReport{all: []orphan{}, at: tell.Place(s.Place).String()}
	for _, l := range s.Orphans() {
		r.all = append(r.all, orphan{Addr: l.Addr.String(), ID: l.ID, Why: l.Why, Since: l.At.UTC(), Created: !l.Adopted, Place: tell.Place(l.Place).String()})
	}
	for _, in := range s.Open() {
		if !in.Unanswered() {
			continue
		}
		o := orphan{Addr: in.Addr.String(), ID: in.ID, Why: mayChanged, Since: in.At.UTC(), Created: in.Creates(), open: true}
		if in.Creates() {
			o.ID, o.Why = "", mayExist
		}
		r.all = append(r.all, o)
	}
	for _, run := range s.AllRuns() {
		if run.Unanswered() {
			r.all = append(r.all, orphan{Addr: run.Addr.String(), Why: mayBeDone, Since: run.At.UTC(), Created: true, open: true})
		}
	}
	return r
}

func (r orphansReport) json() any { return r.all }

func (r orphansReport) text(w io.Writer) error {
	if r.at != "" {
		fmt.Fprintf(w, "Of %s.\n\n", r.at)
	}
	if err := r.ledger(w); err != nil {
		return err
	}
	return r.doubts(w)
}

func (r orphansReport) ledger(to io.Writer) error {
	left := slices.DeleteFunc(slices.Clone(r.all), func(o orphan) bool { return o.open })
	if len(left) == 0 {
		_, err := fmt.Fprintln(to, "Nothing was left behind.")
		return err
	}
	away := slices.ContainsFunc(left, func(o orphan) bool { return o.Place != "" })
	all := table{{"ADDRESS", "ID", "WHY", "SINCE"}}
	if away {
		all[0] = append(all[0], "PLACE")
	}
	for _, o := range left {
		why := o.Why
		if !o.Created {
			why += ", had been adopted"
		}
		row := []any{o.Addr, o.ID, why, words.Moment(o.Since)}
		if away {
			row = append(row, cmp.Or(o.Place, "that of the state"))
		}
		all.row(row...)
	}
	return all.write(to)
}

// doubts lists the possible effects of requests without an answer.
func (r orphansReport) doubts(to io.Writer) error {
	for _, of := range []struct{ why, title string }{{mayExist, "May exist"}, {mayChanged, "May have been changed"}, {mayBeDone, "May have been done"}} {
		var all table
		for _, o := range r.all {
			if !o.open || o.Why != of.why {
				continue
			}
			if all == nil {
				fmt.Fprintf(to, "\n%s, since a request got no answer:\n", of.title)
			}
			all.row(o.Addr, cmp.Or(o.ID, "no id is known"), words.Moment(o.Since))
		}
		if err := all.write(to); err != nil {
			return err
		}
	}
	return nil
}
