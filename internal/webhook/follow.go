package webhook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A Follower reads the deliveries that are added to a store, by whichever
// process, without reading again the ones before.
type Follower struct {
	store Store
	stamp string
	files map[string]*reading
	seen  map[string]bool // the identities of valid events
}

// Follow returns a follower that begins with the next delivery.
func (s Store) Follow() (*Follower, error) {
	f := &Follower{store: s, files: make(map[string]*reading), seen: make(map[string]bool)}
	_, err := f.Next()
	return f, err
}

// Next returns the valid events that have come since the last call, each event
// once for as long as the store has it: neither forged ones nor those that could
// not be verified, nor one that came before.
func (f *Follower) Next() (fresh []Delivery, err error) {
	now := f.store.Stamp()
	if now == f.stamp {
		return nil, nil
	}
	f.stamp = now
	entries, err := os.ReadDir(f.store.Dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read events: %w", err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), suffix) || strings.HasSuffix(e.Name(), forgedSuffix) {
			continue
		}
		added, err := f.more(e.Name())
		if err != nil {
			return fresh, fmt.Errorf("read events: %w", err)
		}
		for _, d := range added {
			if d.Verdict == Valid && d.Valid && !f.seen[d.identity()] {
				f.seen[d.identity()] = true
				fresh = append(fresh, d)
			}
		}
	}
	return fresh, nil
}

// more reads on where it stopped in a file.
func (f *Follower) more(name string) ([]Delivery, error) {
	r := f.files[name]
	if r == nil {
		r = f.store.reading(filepath.Join(f.store.Dir, name), &Log{})
		f.files[name] = r
	}
	file, err := os.Open(r.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // somebody has just deleted it
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if _, err := file.Seek(r.bytes, io.SeekStart); err != nil {
		return nil, err
	}
	r.lines(file)
	added := r.log.Deliveries
	r.log = &Log{}
	return added, nil
}

// Each tells do of each event that Next returns, until ctx is done.
func (f *Follower) Each(ctx context.Context, do func(Delivery)) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		fresh, _ := f.Next() // a file that cannot be read now may be the next time
		for _, d := range fresh {
			do(d)
		}
	}
}
