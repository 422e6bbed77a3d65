package state

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"kiraform/internal/addr"
)

// Run is one carrying out of an action. It is durable before its request
// leaves, and stays once it is done, so that nothing is done twice. It is known
// by its key alone: its address may change.
type Run struct {
	Key    string            // the Idempotency-Key; of a run by somebody else, a name of its own
	Addr   addr.Resource     // of the action
	Of     map[string]string // the attributes that tell it from other runs of the action; amounts in one form
	Digest string            // of the body that was to be sent; "" if that cannot be told any more

	At time.Time // when the key was made
	// After and Last are Kira's own time before the first and the latest
	// exchange; zero if it was not known.
	After, Last time.Time

	// Unsent tells that the last exchange certainly did not reach Kira, and
	// Unsure that an earlier one with this key may have. An exchange of which
	// nothing is known may have.
	Unsent, Unsure bool

	Done    bool      // it was carried out: the rest says how
	ID      string    // Kira's name for it, such as the id of the payout; "" if it has no name
	Status  string    // Kira's last word on it, in capitals
	Ended   time.Time // when its outcome became known here
	Foreign bool      // somebody else did it, as a person said: it counts for nobody
}

// Unanswered reports whether the run may have been carried out, though there was
// no answer.
func (r Run) Unanswered() bool { return !r.Done && (r.Unsure || !r.Unsent) }

// OwnRun reports whether r is one that an action of this state carried out.
func (r Run) OwnRun() bool { return r.Done && !r.Foreign }

// AllRuns returns every run, by address and the oldest first.
func (s *State) AllRuns() []Run {
	return slices.SortedFunc(maps.Values(s.Runs), func(a, b Run) int {
		return cmp.Or(a.Addr.Compare(b.Addr), a.At.Compare(b.At), cmp.Compare(a.Key, b.Key))
	})
}

// RunOf returns the run that Kira knows by this id.
func (s *State) RunOf(id string) (Run, bool) {
	for _, r := range s.Runs {
		if id != "" && r.ID == id {
			return r, true
		}
	}
	return Run{}, false
}

// enter takes up a run. A run that was done once stays done, and one that
// somebody else was said to have done gives way to the run that did it.
func (s *State) enter(r Run) {
	if old, ok := s.Runs[r.Key]; ok && old.Done && !r.Done {
		return
	}
	if r.ID != "" && !r.Foreign {
		s.yield(r.ID)
	}
	s.Runs[r.Key] = r
	if s.foreign != nil && r.Foreign {
		s.foreign[r.ID] = append(s.foreign[r.ID], r.Key)
	}
}

// yield takes away the runs that somebody else was said to have done, of the payout
// called id.
func (s *State) yield(id string) {
	if s.foreign == nil {
		s.foreign = make(map[string][]string)
		for key, r := range s.Runs {
			if r.Foreign {
				s.foreign[r.ID] = append(s.foreign[r.ID], key)
			}
		}
	}
	for _, key := range s.foreign[id] {
		if r := s.Runs[key]; r.Foreign && r.ID == id {
			delete(s.Runs, key)
		}
	}
	delete(s.foreign, id)
}

// strike takes an action off those that the object at a has to trigger. The first of
// them costs nothing, however many are left.
func (s *State) strike(a, action addr.Resource) {
	o, there := s.Resources[a]
	switch i := slices.Index(o.Due, action); {
	case !there || i < 0:
		return
	case i == 0:
		o.Due = o.Due[1:]
	default:
		o.Due = slices.Concat(o.Due[:i], o.Due[i+1:])
	}
	s.Resources[a] = o
}

// MoveRuns gives runs, and actions that are due, the addresses that their actions
// have now. Several may come to one.
func (s *State) MoveRuns(to map[addr.Resource]addr.Resource) (moved bool) {
	for key, r := range s.Runs {
		if at, ok := to[r.Addr]; ok {
			r.Addr = at
			s.Runs[key], moved = r, true
		}
	}
	for a, o := range s.Resources {
		if due := movedDue(o.Due, to); due != nil {
			o.Due = due
			s.Resources[a], moved = o, true
		}
	}
	return moved
}

// movedDue returns actions as they are called after a move; nil if none has moved.
func movedDue(due []addr.Resource, to map[addr.Resource]addr.Resource) []addr.Resource {
	out, any := slices.Clone(due), false
	for i, a := range out {
		if at, ok := to[a]; ok {
			out[i], any = at, true
		}
	}
	if !any {
		return nil
	}
	return out
}

// inheritRuns makes the runs of s, an older generation of now, those of now: a
// run that was begun, done or ended since stays so.
func (s *State) inheritRuns(now *State) {
	was := s.Runs
	s.Runs, s.foreign = maps.Clone(now.Runs), nil
	for _, key := range slices.Sorted(maps.Keys(was)) {
		if r := was[key]; r.Done {
			if _, known := s.Runs[key]; !known {
				s.Runs[key] = r
			}
		}
	}
}

// runDoc is a run as it stands in a file.
type runDoc struct {
	Addr    addr.Resource     `json:"address"`
	Key     string            `json:"key"`
	Of      map[string]string `json:"of"`
	Digest  string            `json:"digest,omitempty"`
	At      time.Time         `json:"at"`
	After   time.Time         `json:"after,omitzero"`
	Last    time.Time         `json:"last,omitzero"`
	Unsent  bool              `json:"unsent,omitempty"`
	Unsure  bool              `json:"unsure,omitempty"`
	Done    bool              `json:"done,omitempty"`
	ID      string            `json:"id,omitempty"`
	Status  string            `json:"status,omitempty"`
	Ended   time.Time         `json:"ended,omitzero"`
	Foreign bool              `json:"foreign,omitempty"`
}

func encodeRun(r Run) runDoc {
	r.At, r.After, r.Last, r.Ended = r.At.UTC(), r.After.UTC(), r.Last.UTC(), r.Ended.UTC()
	return runDoc{Addr: r.Addr, Key: r.Key, Of: r.Of, Digest: r.Digest, At: r.At, After: r.After, Last: r.Last, Unsent: r.Unsent,
		Unsure: r.Unsure, Done: r.Done, ID: r.ID, Status: r.Status, Ended: r.Ended, Foreign: r.Foreign}
}

func (d runDoc) run() Run {
	return Run{Addr: d.Addr, Key: d.Key, Of: d.Of, Digest: d.Digest, At: d.At, After: d.After, Last: d.Last, Unsent: d.Unsent,
		Unsure: d.Unsure, Done: d.Done, ID: d.ID, Status: d.Status, Ended: d.Ended, Foreign: d.Foreign}
}
