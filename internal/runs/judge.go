package runs

import (
	"maps"
	"slices"
	"time"

	"kiraform/schema"
	"kiraform/state"
)

// Judge decides about want.
func Judge(want Want, w World) Verdict {
	j := judgeOf(want, w)
	if v, stop := j.open(); stop {
		return j.with(v)
	}
	if v, stop := j.finished(); stop {
		return j.with(v)
	}
	if v, stop := j.elsewhere(); stop {
		return j.with(v)
	}
	return j.with(j.fresh())
}

type judge struct {
	Want
	World
	book   *Book
	done   map[string]bool // ids of payouts that are accounted for by found
	found  []state.Run
	unsent *state.Run // a run of the action that never left, whose key is still good
	drop   []string   // keys of the others that never left
}

func judgeOf(want Want, w World) *judge {
	return &judge{Want: want, World: w, book: w.book(), done: make(map[string]bool)}
}

// counts reports whether a run accounts for a payout.
func (j *judge) counts(id string) bool { return j.done[id] || len(j.book.Made(id)) > 0 }

func (j *judge) with(v Verdict) Verdict {
	v.Found = j.found
	return v
}

func (j *judge) same(r state.Run) bool { return Same(j.of(r), j.Of) }

// of returns the attributes that tell a run from others. A recipient with the same
// account is the same one: it was made again.
func (j *judge) of(r state.Run) map[string]string {
	if !slices.Contains(j.Alike, r.Of[schema.PaysTo]) {
		return r.Of
	}
	of := maps.Clone(r.Of)
	of[schema.PaysTo] = j.Of[schema.PaysTo]
	return of
}

// open looks at the runs of the action whose outcome is not known.
func (j *judge) open() (Verdict, bool) {
	var again *state.Run
	for _, r := range j.book.At(j.Addr) {
		if r.Done {
			continue
		}
		switch {
		case !r.Unanswered():
			if j.unsent == nil && j.same(r) && r.Digest == j.Digest && j.young(r) {
				j.unsent = &r
			} else {
				j.drop = append(j.drop, r.Key)
			}
		case j.Again && (j.same(r) || !j.shows(r)): // another request that Kira shows is done
			return Verdict{Step: Stop, Why: AgainWhileOpen, Runs: []state.Run{r}}, true
		case j.same(r) && r.Digest == j.Digest && j.young(r) && again == nil && !j.shows(r):
			again = &r
		default:
			if v, stop := j.seek(r); stop {
				return v, true
			}
		}
	}
	if again == nil {
		return Verdict{}, false
	}
	if odd := j.unremembered(*again); len(odd) > 0 {
		return j.foreign(odd, Verdict{Step: Resend, Run: *again}), true
	}
	return Verdict{Step: Resend, Run: *again}, true
}

// shows reports whether Kira shows the payment of a run for certain: then
// nothing has to go out again, not even under the same key.
func (j *judge) shows(r state.Run) bool {
	return j.Action.Pays && j.certain(r, j.candidates(r))
}

// young reports whether the key of a run may still go out. A clock that was moved far
// knows no ages.
func (j *judge) young(r state.Run) bool {
	age := j.Now.Sub(r.At)
	return j.Action.KeyLife > 0 && age >= -skew && age <= j.Action.KeyLife
}

// seek looks for the payment of a run without an answer. One payout that fits
// is it; with none, or with several, only a person can tell.
func (j *judge) seek(r state.Run) (Verdict, bool) {
	fits := j.candidates(r)
	if !j.certain(r, fits) || !j.Action.Pays {
		return Verdict{Step: Stop, Why: Unanswered, Runs: []state.Run{r}, Seen: fits}, true
	}
	j.found = append(j.found, Finish(r, fits[0].ID, fits[0].Status, j.Now))
	j.done[fits[0].ID] = true
	return Verdict{}, false
}

// Find returns the one payout that a run without an answer can have made, if
// there is just one.
func Find(r state.Run, w World) (Payment, bool) {
	j := judgeOf(Want{}, w)
	fits := j.candidates(r)
	if !j.certain(r, fits) {
		return Payment{}, false
	}
	return fits[0], true
}

// May reports whether a run without an answer can have made any of the payouts.
func May(r state.Run, w World) bool { return len(judgeOf(Want{}, w).candidates(r)) > 0 }

// certain reports whether the payouts that fit a run are one, which no other run
// without an answer can have made.
func (j *judge) certain(r state.Run, fits []Payment) bool {
	if len(fits) != 1 || r.After.IsZero() {
		return false
	}
	for _, other := range j.book.open {
		if other.Key != r.Key && len(j.among(other, fits)) > 0 {
			return false
		}
	}
	return true
}

// Finish is a run that was carried out.
func Finish(r state.Run, id, status string, at time.Time) state.Run {
	r.Done, r.ID, r.Status, r.Ended = true, id, status, at
	return r
}

// candidates are the payouts that a run may have made: those like it that no run
// accounts for. Time only rules out those that were there before.
func (j *judge) candidates(r state.Run) []Payment { return j.among(r, j.Shown) }

func (j *judge) among(r state.Run, shown []Payment) (fits []Payment) {
	for _, p := range shown {
		before := !r.After.IsZero() && !p.Created.IsZero() && p.Created.Before(r.After.Add(-skew))
		if !j.counts(p.ID) && !before && Like(p.Payment, r.Of) {
			fits = append(fits, p)
		}
	}
	return fits
}

// Like reports whether a payout may be of a run: nothing that Kira shows of it is
// another.
func Like(p schema.Payment, of map[string]string) bool {
	fits := func(shown, sent string) bool { return shown == "" || sent == "" || shown == sent }
	return fits(schema.Amount(p.Amount), of[schema.PaysAmount]) && fits(p.Currency, of[schema.PaysCurrency]) &&
		fits(p.Recipient, of[schema.PaysTo]) && fits(p.Account, of[schema.PaysFrom])
}

// finished looks for a run of the action that has done just this.
func (j *judge) finished() (Verdict, bool) {
	if j.Again {
		return Verdict{}, false
	}
	for _, r := range slices.Backward(j.own()) {
		if r.OwnRun() && j.same(r) {
			return Verdict{Step: Done, Run: r}, true
		}
	}
	return j.paidFor()
}

// own are the runs of the action, those that were found just now after the others.
func (j *judge) own() []state.Run { return slices.Concat(j.book.At(j.Addr), j.found) }

// elsewhere looks for runs of actions that are not written any more: the action
// may just have been renamed.
func (j *judge) elsewhere() (Verdict, bool) {
	var paid, besides, open []state.Run
	for _, r := range j.book.Strays() {
		if r.Addr == j.Addr || r.Addr.Kind != j.Addr.Kind {
			continue
		}
		switch {
		case r.OwnRun() && j.same(r) && !j.Again:
			paid = append(paid, r)
		case r.OwnRun() && !j.Again && j.besides(r):
			besides = append(besides, r)
		case r.Unanswered() && (j.alike(r) || j.besides(r)):
			open = append(open, r)
		}
	}
	switch {
	case len(open) > 0:
		return Verdict{Step: Stop, Why: UnansweredElsewhere, Runs: open}, true
	case len(paid) > 0:
		return Verdict{Step: Stop, Why: PaidAlready, Runs: paid}, true
	case len(besides) > 0:
		return Verdict{Step: Stop, Why: PeriodPaid, Runs: besides}, true
	}
	return Verdict{}, false
}

// alike reports whether a run without an answer may have made the payment that
// is asked for, whatever period it was for.
func (j *judge) alike(r state.Run) bool {
	return equalBesides(j.of(r), j.Of)
}

// fresh lets a request out that was not sent before, unless a payout that nobody
// remembers is like it.
func (j *judge) fresh() Verdict {
	v := Verdict{Step: Send, Run: state.Run{Addr: j.Addr, Of: j.Of, Digest: j.Digest, At: j.Now}}
	if j.unsent != nil {
		v.Run = *j.unsent
	}
	v.Drop = j.drop
	return j.foreign(j.unremembered(state.Run{}), v)
}

// unremembered are the payouts that stop one like them: those of the last 35
// days to the recipient, of the amount, that no run accounts for and that the
// run which goes out again cannot have made.
func (j *judge) unremembered(again state.Run) (odd []Payment) {
	if !j.Action.Pays {
		return nil
	}
	var own []Payment
	if again.Key != "" {
		own = j.candidates(again)
	}
	for _, p := range j.Shown {
		old := !p.Created.IsZero() && j.Now.Sub(p.Created) > Memory
		mine := slices.ContainsFunc(own, func(o Payment) bool { return o.ID == p.ID })
		if !j.counts(p.ID) && !old && !mine && j.resembles(p) {
			odd = append(odd, p)
		}
	}
	return odd
}

// resembles reports whether a payout is to the recipient, or to another one with the
// same account, and of the amount that are asked for, whichever user made it. Without
// a recipient, as from a crypto account, that of the account and the amount counts.
func (j *judge) resembles(p Payment) bool {
	if p.Amount != "" && schema.Amount(p.Amount) != j.Of[schema.PaysAmount] {
		return false
	}
	if p.Alike || p.Other != "" {
		return p.Alike
	}
	if to := j.Of[schema.PaysTo]; to != "" {
		return p.Recipient == "" || p.Recipient == to || slices.Contains(j.Alike, p.Recipient) || slices.Contains(j.Maybe, p.Recipient)
	}
	return p.Account == "" || p.Account == j.Of[schema.PaysFrom]
}

// foreign lets v pass if a person has said of each payout in its way that it is
// somebody else's.
func (j *judge) foreign(odd []Payment, v Verdict) Verdict {
	var left []Payment
	for _, p := range odd {
		if !slices.Contains(j.Known, p.ID) {
			left = append(left, p)
			continue
		}
		v.Foreign = append(v.Foreign, state.Run{Key: "known " + p.ID, Addr: j.Addr, Of: j.Of, Done: true, Foreign: true,
			ID: p.ID, Status: p.Status, At: j.Now, Ended: j.Now})
	}
	for _, id := range j.Known {
		if !j.counts(id) && !slices.ContainsFunc(odd, func(p Payment) bool { return p.ID == id }) {
			return Verdict{Step: Stop, Why: NotKnown, Seen: []Payment{{Payment: schema.Payment{ID: id}}}}
		}
	}
	if len(left) > 0 {
		return Verdict{Step: Stop, Why: Unremembered, Seen: left}
	}
	return v
}
