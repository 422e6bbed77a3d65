// Package file keeps a state in one JSON file, with a journal, a lock and the last
// generations beside it.
//
// Start at [Store]. It is an implementation of [state.Store], [state.Historian] and
// [state.Warden].
package file

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync/atomic"

	"kiraform/internal/disk"
	"kiraform/internal/ui/words"
	"kiraform/state"
)

// Store is a [state.Store] in one JSON file, of which a reader sees the old content or
// the new, and never half of either.
//
// Beside it live, while they are needed: its ".journal", the records of a run
// since the file was written; its ".lock", of which the ".lock.info" says who
// holds it; and in .kiraform/history the last generations of it, see
// [Store.History].
type Store struct {
	Path    string
	Version string // the version of kiraform, for people who read the file; may be ""

	// Identity opens a state that is encrypted: a secret key of age, or the path
	// of a file with some; "" for none. To whom it is encrypted when it is
	// saved, the state itself says: see [state.State.Recipients].
	Identity string

	TookOver func(dead state.Holder) // told of a run that died while it held the lock which is taken now; may be nil

	disk *disk.Disk
}

// Load implements [state.Store].
func (f Store) Load(context.Context) (*state.State, error) {
	var s *state.State
	d, err := f.look(func(snapshot []byte) (h state.Head, err error) {
		if s, err = state.Decode(snapshot); err == nil {
			h = state.Head{Lineage: s.Lineage, Serial: s.Serial}
		}
		return h, err
	})
	if err != nil {
		return nil, fmt.Errorf("load state: %w", err)
	}
	if s == nil {
		return nil, nil
	}
	for i, line := range d.records {
		r, err := state.DecodeRecord(line)
		if err != nil {
			return nil, fmt.Errorf("load state: %w", &state.DamagedError{Path: f.journalPath(), Line: i + 2,
				What: err.Error(), Advice: "a newer kiraform may have written it"})
		}
		s.Apply(r)
	}
	s.Serial = d.serial
	s.Origin = newTally(len(d.records))
	return s, nil
}

// Save implements [state.Store]. The new content is durable before the journal goes,
// and a journal that belongs to an older serial is known to be in it already:
// wherever Save is cut off, Load finds the old state or the new.
func (f Store) Save(_ context.Context, s *state.State) error {
	d, err := f.look(state.DecodeHead)
	if err == nil && !d.isBase(s) {
		err = state.ErrStale
	}
	if err != nil {
		return fmt.Errorf("save state: %w", err)
	}
	next := *s
	next.Serial++
	data, err := state.Encode(&next, f.Version)
	if err != nil {
		return fmt.Errorf("save state: %w", err)
	}
	if err := f.remember(&next, data); err != nil {
		return fmt.Errorf("save state: keep a generation: %w", err)
	}
	if data, err = f.encrypt(data, s.Recipients); err != nil {
		return fmt.Errorf("save state: %w", err)
	}
	if err := f.disk.Replace(f.path(), data); err != nil {
		return fmt.Errorf("save state: %w", err)
	}
	tallyOf(s).folded.Store(true)
	s.Serial, s.Origin = next.Serial, newTally(0)
	f.disk.Begin("remove the journal")
	if err := f.disk.Remove(f.journalPath()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("save state: %w", err)
	}
	f.prune(s)
	return nil
}

// path is where the file really is, or will be.
func (f Store) path() string { return disk.Real(f.Path) }

func (f Store) journalPath() string { return f.path() + ".journal" }

// place tells an error of Decode which file it is about, and how to go on.
func (f Store) place(err error) error {
	if e, ok := errors.AsType[*state.NewerError](err); ok {
		e.Path = f.Path
	}
	if e, ok := errors.AsType[*state.DamagedError](err); ok {
		e.Path = f.Path
		e.Advice = f.wayBack("put a copy of your own back in its place")
	}
	return err
}

// wayBack is how to go on where the state file cannot be used: with the newest
// generation that is kept, or else otherwise.
func (f Store) wayBack(otherwise string) string {
	all, err := f.generations()
	i := slices.IndexFunc(all, func(g generation) bool { return g.Damaged == nil })
	if err != nil || i < 0 {
		return otherwise
	}
	return fmt.Sprintf("what was saved last is kept as generation %d (saved %s, resources: %d): bring it back with "+
		"\"kiraform state restore %[1]d\", which takes in what a run left in the journal as well",
		all[i].Serial, words.Moment(all[i].At), all[i].Resources)
}

// tally is the knowledge of a state, and of all clones of it, about the journal
// beside it. A Store never drops records that the state it saves does not know
// of.
type tally struct {
	records atomic.Int64
	folded  atomic.Bool // the journal is in the state file now, and is no more
}

// tallyOf returns the tally of s, which gets one if it has none.
func tallyOf(s *state.State) *tally {
	if t, ok := s.Origin.(*tally); ok {
		return t
	}
	t := newTally(0)
	s.Origin = t
	return t
}

func newTally(records int) *tally {
	t := new(tally)
	t.records.Store(int64(records))
	return t
}

// Leave removes the state, which is kept elsewhere from now on. Its generations stay.
// The lock has to be held.
func (f Store) Leave(context.Context, string) error {
	for _, path := range []string{f.journalPath(), f.path()} { // the journal of no state is in the way
		if err := f.disk.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("leave the state: %w", err)
		}
	}
	return nil
}
