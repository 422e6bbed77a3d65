package state

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// Holder says which run holds a lock.
type Holder struct {
	ID      string    `json:"id"`  // made for this run
	Who     string    `json:"who"` // user@host
	PID     int       `json:"pid"`
	Command string    `json:"command"`
	Since   time.Time `json:"since"`
}

// LockedError reports that another run holds the lock.
type LockedError struct {
	Holder Holder // zero if the run has not said yet who it is
}

func (e *LockedError) Error() string {
	h := e.Holder
	if h == (Holder{}) {
		return "the state is locked by a run that has not said yet who it is; try again in a moment"
	}
	return fmt.Sprintf("the state is locked by %s; wait until that run has ended. "+
		"Only if it is gone for certain: kiraform force-unlock %s", h, h.ID)
}

// LockWithin locks s, and tries again for as long as another run holds the
// lock and d has not passed.
func LockWithin(ctx context.Context, s Store, who Holder, d time.Duration) (unlock func() error, err error) {
	const pause = 250 * time.Millisecond
	var held error
	for end := time.Now().Add(d); ; {
		unlock, err := s.Lock(ctx, who)
		if _, locked := errors.AsType[*LockedError](err); !locked {
			if err != nil {
				err = errors.Join(err, held)
			}
			return unlock, err
		}
		held = err
		left := time.Until(end)
		if left <= 0 {
			return nil, held
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), held)
		case <-time.After(min(left, pause)):
		}
	}
}

// Lock implements [Store]. The lock is the operating system's, which lets go
// of it when its holder dies: what a dead run leaves behind locks nobody out,
// and f.TookOver is told of it.
func (f File) Lock(ctx context.Context, who Holder) (unlock func() error, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	lock, err := f.takeLock()
	if err != nil {
		return nil, err
	}
	if dead, err := f.holder(); err == nil && f.TookOver != nil {
		f.TookOver(dead)
	}
	info, err := json.Marshal(who)
	if err == nil {
		err = f.disk.Replace(f.infoPath(), append(info, '\n'))
	}
	if err != nil {
		return nil, fmt.Errorf("lock state: %w", errors.Join(err, lock.Unlock()))
	}
	return sync.OnceValue(func() error {
		var err error
		if h, readErr := f.holder(); readErr == nil && h.ID == who.ID { // not one that came after force-unlock
			err = os.Remove(f.infoPath())
		}
		return errors.Join(err, lock.Unlock())
	}), nil
}

// takeLock returns the lock, held. A file that force-unlock took away while it
// was being locked locks nothing, so that it is checked to be there still.
func (f File) takeLock() (*flock.Flock, error) {
	for {
		lock := flock.New(f.lockPath(), flock.SetPermissions(0o600))
		ok, err := lock.TryLock()
		if err != nil {
			return nil, fmt.Errorf("lock state: %w", err)
		}
		if !ok {
			h, _ := f.holder()
			return nil, &LockedError{Holder: h}
		}
		mine, mineErr := lock.Stat()
		now, nowErr := os.Stat(f.lockPath())
		if mineErr == nil && nowErr == nil && os.SameFile(mine, now) {
			return lock, nil
		}
		if errors.Is(nowErr, fs.ErrNotExist) {
			nowErr = nil
		}
		if err := errors.Join(mineErr, nowErr, lock.Unlock()); err != nil {
			return nil, fmt.Errorf("lock state: %w", err)
		}
	}
}

// ForceUnlock takes the lock of the state at path away from the run called id,
// even if it still runs. It fails if another run holds the lock, or none does.
func ForceUnlock(path, id string) error {
	f := File{Path: path}
	h, err := f.holder()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("force-unlock: the state is not locked")
	case err != nil:
		return fmt.Errorf("force-unlock: %w", err)
	case h.ID != id:
		return fmt.Errorf("force-unlock: the lock is held by run %s, not %s", h.ID, id)
	}
	for _, p := range []string{f.lockPath(), f.infoPath()} {
		if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("force-unlock: %w", err)
		}
	}
	return nil
}

// holder reads who took the lock last.
func (f File) holder() (h Holder, err error) {
	data, err := os.ReadFile(f.infoPath())
	if err != nil {
		return Holder{}, err
	}
	if err := json.Unmarshal(data, &h); err != nil {
		return Holder{}, fmt.Errorf("%s: %w", strings.TrimPrefix(f.infoPath(), "./"), err)
	}
	return h, nil
}

func (f File) lockPath() string { return f.path() + ".lock" }
func (f File) infoPath() string { return f.path() + ".lock.info" }
