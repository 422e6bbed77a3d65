// Package memory keeps a state in memory, for runs that leave nothing behind.
//
// Like a file, it refuses to keep secrets and unknown values, and a state that it
// loads was encoded and decoded again.
package memory

import (
	"context"
	"errors"
	"sync"

	"kiraform/state"
)

// New returns a Store that keeps its state in memory.
func New() state.Store { return new(memory) }

type memory struct {
	mu      sync.Mutex
	holder  *state.Holder
	stored  *state.State
	encoded []byte         // stored
	records []state.Record // journalled since stored was saved
}

func (m *memory) Lock(ctx context.Context, who state.Holder) (func() error, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.holder != nil {
		return nil, &state.LockedError{Holder: *m.holder}
	}
	m.holder = &who
	return sync.OnceValue(func() error {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.holder = nil
		return nil
	}), nil
}

func (m *memory) Load(context.Context) (*state.State, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stored == nil {
		return nil, nil
	}
	s, err := state.Decode(m.encoded)
	if err != nil {
		return nil, err
	}
	s.Origin = m
	for _, r := range m.records {
		s.Apply(r)
	}
	return s, nil
}

func (m *memory) Save(_ context.Context, s *state.State) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.isBase(s) {
		return state.ErrStale
	}
	next := s.Clone()
	next.Serial++
	data, err := state.Encode(next, "")
	if err != nil {
		return err
	}
	m.stored, m.encoded, m.records, s.Serial, s.Origin = next, data, nil, next.Serial, m
	return nil
}

func (m *memory) isBase(s *state.State) bool {
	if m.stored == nil {
		return s.Serial == 0 || s.Origin == nil
	}
	return m.stored.Lineage == s.Lineage && m.stored.Serial == s.Serial
}

func (m *memory) Journal(_ context.Context, s *state.State) (state.Journal, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stored == nil || !m.isBase(s) {
		return nil, state.ErrStale
	}
	return &memoryJournal{memory: m, serial: s.Serial}, nil
}

type memoryJournal struct {
	*memory
	serial uint64 // of the state that it belongs to
	closed bool
}

func (j *memoryJournal) Append(r state.Record) error {
	alone := state.New("record")
	alone.Apply(r)
	if _, err := state.Encode(alone, ""); err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed || j.stored.Serial != j.serial {
		return errors.New("the journal is closed, or the state was saved since it was opened")
	}
	j.records = append(j.records, r)
	return nil
}

func (j *memoryJournal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.closed = true
	return nil
}
