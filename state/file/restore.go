package file

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"kiraform/state"
)

// Restore implements [state.Historian]. The records that a run left in the journal
// still hold, and of a state file that cannot be read a copy is kept.
func (f Store) Restore(ctx context.Context, serial uint64, admit func(*state.State) error) (state.Restored, error) {
	now, err := f.Load(ctx)
	_, unreadable := errors.AsType[*state.DamagedError](err)
	if err != nil && !unreadable {
		return state.Restored{}, err
	}
	g, err := f.generation(serial, now)
	if err != nil {
		return state.Restored{}, err
	}
	if now == nil {
		return f.putBack(ctx, g, admit)
	}
	s, err := state.Decode(g.data)
	if err != nil {
		return state.Restored{}, fmt.Errorf("restore %d: %w", serial, err)
	}
	if s.Elsewhere(now) {
		return state.Restored{}, &state.OtherPlaceError{Serial: serial, Of: s.Place, Now: now.Place}
	}
	left := s.Over(now)
	if err := admit(s); err != nil {
		return state.Restored{}, err
	}
	if err := f.Save(ctx, s); err != nil {
		return state.Restored{}, err
	}
	return state.Restored{Serial: s.Serial, Left: left}, nil
}

// generation finds the generation with that serial, of the lineage of the
// state if there is one that can be read, and else of the latest.
func (f Store) generation(serial uint64, now *state.State) (generation, error) {
	all, err := f.generations()
	if err != nil {
		return generation{}, err
	}
	var kept []uint64
	for _, g := range all {
		if g.Damaged != nil || now != nil && g.Lineage != now.Lineage {
			continue
		}
		if g.Serial == serial {
			return g, nil
		}
		kept = append(kept, g.Serial)
	}
	return generation{}, state.NotKept(serial, kept)
}

// putBack writes g in the place of a state file that is gone or cannot be read.
// The journal has its usual meaning then: see look.
func (f Store) putBack(ctx context.Context, g generation, admit func(*state.State) error) (r state.Restored, err error) {
	damaged, err := f.disk.Read(f.path())
	if err == nil {
		r.Damaged = f.path() + ".damaged"
		err = f.disk.Replace(r.Damaged, damaged)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return state.Restored{}, fmt.Errorf("restore %d: %w", g.Serial, err)
	}
	s, err := state.Decode(g.data)
	if err == nil {
		err = admit(s)
	}
	if err == nil {
		g.data, err = state.Encode(s, f.Version)
	}
	if err == nil {
		g.data, err = f.encrypt(g.data, s.Recipients)
	}
	if err == nil {
		err = f.disk.Replace(f.path(), g.data)
	}
	if err != nil {
		return r, fmt.Errorf("restore %d: %w", g.Serial, err)
	}
	s, err = f.Load(ctx)
	if err != nil {
		return r, err
	}
	r.Serial, r.Replayed = s.Serial, int(tallyOf(s).records.Load())
	return r, nil
}
