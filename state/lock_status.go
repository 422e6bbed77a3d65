package state

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// LockStatus is how it stands with a lock.
type LockStatus struct {
	Held   bool
	Holder Holder // who holds it or, if nobody does, who died with it; zero if that is not said
}

// LockStatus looks at the lock without taking it away from anybody.
func (f File) LockStatus() (LockStatus, error) {
	if _, err := os.Stat(f.lockPath()); errors.Is(err, fs.ErrNotExist) {
		return LockStatus{}, nil
	}
	lock, err := f.takeLock()
	if held, ok := errors.AsType[*LockedError](err); ok {
		return LockStatus{Held: true, Holder: held.Holder}, nil
	}
	if err != nil {
		return LockStatus{}, err
	}
	h, err := f.holder()
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return LockStatus{Holder: h}, errors.Join(err, lock.Unlock())
}

// String is a holder in words: who, with what, and since when.
func (h Holder) String() string {
	if h == (Holder{}) {
		return "a run that has not said who it is"
	}
	return fmt.Sprintf("%s (%s, process %d) since %s", h.Who, h.Command, h.PID, h.Since.UTC().Format("2006-01-02 15:04:05 UTC"))
}
