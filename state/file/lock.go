package file

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"kiraform/state"

	"github.com/gofrs/flock"
)

// Lock implements [state.Store]. The lock is the operating system's, which lets go
// of it when its holder dies: the files of a dead run lock nobody out, and
// f.TookOver is told of it.
func (f Store) Lock(ctx context.Context, who state.Holder) (unlock func() error, err error) {
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
func (f Store) takeLock() (*flock.Flock, error) {
	for {
		lock := flock.New(f.lockPath(), flock.SetPermissions(0o600))
		ok, err := lock.TryLock()
		if err != nil {
			return nil, fmt.Errorf("lock state: %w", refused(f.lockPath(), err))
		}
		if !ok {
			h, _ := f.holder()
			return nil, &state.LockedError{Holder: h}
		}
		f.disk.Begin("look whether the lock is there")
		mine, mineErr := lock.Stat()
		now, nowErr := os.Stat(f.lockPath())
		if os.SameFile(mine, now) { // never true of a file that cannot be looked at
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

// refused is err, or that nothing can be written in the folder of a lock that could
// not be made.
func refused(path string, err error) error {
	if _, none := os.Stat(path); !errors.Is(err, fs.ErrPermission) || !errors.Is(none, fs.ErrNotExist) {
		return err
	}
	folder := filepath.Dir(path)
	if folder == "." {
		folder = "this folder"
	}
	return fmt.Errorf("you may not write in %s, where the state is to be kept", folder)
}

// ForceUnlock implements [state.Warden].
func (f Store) ForceUnlock(_ context.Context, id string) error {
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
func (f Store) holder() (h state.Holder, err error) {
	data, err := os.ReadFile(f.infoPath())
	if err != nil {
		return state.Holder{}, err
	}
	if err := json.Unmarshal(data, &h); err != nil {
		return state.Holder{}, fmt.Errorf("%s: %w", strings.TrimPrefix(f.infoPath(), "./"), err)
	}
	return h, nil
}

func (f Store) lockPath() string { return f.path() + ".lock" }
func (f Store) infoPath() string { return f.path() + ".lock.info" }

// LockStatus implements [state.Warden].
func (f Store) LockStatus(context.Context) (state.LockStatus, error) {
	if _, err := os.Stat(f.lockPath()); errors.Is(err, fs.ErrNotExist) {
		return state.LockStatus{}, nil
	}
	lock, err := f.takeLock()
	if held, ok := errors.AsType[*state.LockedError](err); ok {
		return state.LockStatus{Held: true, Holder: held.Holder}, nil
	}
	if err != nil {
		return state.LockStatus{}, err
	}
	h, err := f.holder()
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return state.LockStatus{Holder: h}, errors.Join(err, lock.Unlock())
}
