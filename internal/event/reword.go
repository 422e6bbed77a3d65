package event

import "slices"

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
	case PlanEnd:
		e.Ended = ended(e.Ended)
		return e
	case Finish:
		e.Ended = ended(e.Ended)
		return e
	}
	return e
}
