package event

import "slices"

// Reworded returns r with its sentences for people as change makes them, as [Reworded]
// does. It does not change r.
func (r Review) Reworded(change func(string) string) Review {
	r.Diagnostics, r.Changes = slices.Clone(r.Diagnostics), slices.Clone(r.Changes)
	for i := range r.Diagnostics {
		r.Diagnostics[i] = Reworded(r.Diagnostics[i], change).(Diagnostic)
	}
	for i := range r.Changes {
		r.Changes[i].Planned = Reworded(r.Changes[i].Planned, change).(Planned)
	}
	r.End = Reworded(r.End, change).(PlanEnd)
	return r
}

// Reworded returns e with its sentences for people as change makes them. Addresses,
// ids, values and the words for actions stay as they are. It does not change e.
func Reworded(e Event, change func(string) string) Event {
	foreign := func(f Foreign) Foreign { return Foreign(change(string(f))) }
	ended := func(all []Ended) []Ended {
		all = slices.Clone(all)
		for i := range all {
			all[i].Said = change(all[i].Said)
		}
		return all
	}
	switch e := e.(type) {
	case Diagnostic:
		e.Detail = change(e.Detail)
		return e
	case Note:
		e.Text = foreign(e.Text)
		return e
	case Retry:
		e.Text = foreign(e.Text)
		return e
	case Gate:
		e.Text = foreign(e.Text)
		return e
	case Deferred:
		e.Reason = foreign(e.Reason)
		return e
	case Unready:
		e.Reason = foreign(e.Reason)
		return e
	case End:
		e.Err = foreign(e.Err)
		return e
	case Planned:
		e.Why, e.After = change(e.Why), change(e.After)
		return e
	case PlanEnd:
		e.Ended, e.NoDigest = ended(e.Ended), change(e.NoDigest)
		return e
	case Finish:
		e.Ended = ended(e.Ended)
		return e
	}
	return e
}
