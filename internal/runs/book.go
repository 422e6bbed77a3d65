package runs

import (
	"cmp"
	"maps"
	"slices"

	"kiraform/internal/addr"
	"kiraform/state"
)

// Book has the runs of a state by the questions that decisions ask, so that each of n
// actions is decided about without a look at the runs of all the others. It stays true
// as long as every change of a run goes through [Book.Apply].
type Book struct {
	of      *state.State
	written func(state.Run) bool // see [World.Written]

	at    map[addr.Resource][]state.Run // in the order of [state.State.AllRuns]
	by    map[string][]state.Run        // by id, without those that have none
	open  map[string]state.Run          // by key, those without an answer
	stray map[string]state.Run          // by key, those whose action is not written
}

// NewBook returns the book of a state. Written may be nil where no [Judge] reads it.
func NewBook(st *state.State, written func(state.Run) bool) *Book {
	b := &Book{of: st, written: written, at: make(map[addr.Resource][]state.Run), by: make(map[string][]state.Run),
		open: make(map[string]state.Run), stray: make(map[string]state.Run)}
	for _, r := range st.AllRuns() {
		b.enter(r)
	}
	return b
}

// Apply changes the state to that after a record, and the book with it.
func (b *Book) Apply(rec state.Record) {
	keys := []string{rec.Undone}
	if rec.Run != nil {
		keys = append(keys, rec.Run.Key)
		for _, r := range b.by[rec.Run.ID] {
			keys = append(keys, r.Key) // one of somebody else gives way
		}
	}
	for _, key := range keys {
		if r, there := b.of.Runs[key]; there {
			b.leave(r)
		}
	}
	b.of.Apply(rec)
	slices.Sort(keys)
	for _, key := range slices.Compact(keys) {
		if r, there := b.of.Runs[key]; there {
			b.enter(r)
		}
	}
}

func (b *Book) enter(r state.Run) {
	i, _ := slices.BinarySearchFunc(b.at[r.Addr], r, func(a, b state.Run) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Key, b.Key))
	})
	b.at[r.Addr] = slices.Insert(b.at[r.Addr], i, r)
	if r.ID != "" {
		b.by[r.ID] = append(b.by[r.ID], r)
	}
	if r.Unanswered() {
		b.open[r.Key] = r
	}
	if b.written != nil && !b.written(r) {
		b.stray[r.Key] = r
	}
}

func (b *Book) leave(r state.Run) {
	is := func(o state.Run) bool { return o.Key == r.Key }
	b.at[r.Addr] = slices.DeleteFunc(b.at[r.Addr], is)
	b.by[r.ID] = slices.DeleteFunc(b.by[r.ID], is)
	delete(b.open, r.Key)
	delete(b.stray, r.Key)
}

// At returns the runs of one action, the oldest first. They must not be changed.
func (b *Book) At(a addr.Resource) []state.Run { return b.at[a] }

// Made returns the runs that have made the payout called id, or that name it as
// somebody else's.
func (b *Book) Made(id string) []state.Run { return b.by[id] }

// Strays returns the runs of actions that are not written any more, or that ask for
// something else by now, in the order of [state.State.AllRuns].
func (b *Book) Strays() []state.Run {
	return slices.SortedFunc(maps.Values(b.stray), func(a, b state.Run) int {
		return cmp.Or(a.Addr.Compare(b.Addr), a.At.Compare(b.At), cmp.Compare(a.Key, b.Key))
	})
}

// book returns the book of the world's state.
func (w *World) book() *Book {
	if w.Book == nil || w.Book.of != w.State {
		return NewBook(w.State, w.Written)
	}
	return w.Book
}
