package state

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kiraform/internal/ui/words"
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
	Holder Holder    // zero if the run has not said yet who it is
	Until  time.Time // when the lock ends unless that run still works; zero if it ends with its process
}

func (e *LockedError) Error() string {
	h := e.Holder
	if h == (Holder{}) {
		return "the state is locked by a run that has not said yet who it is; try again in a moment"
	}
	wait := "wait until that run has ended"
	if !e.Until.IsZero() {
		wait += "; if it died, its lock ends by itself at " + words.Clock(e.Until)
	}
	return fmt.Sprintf("the state is locked by %s; %s. Only if it is gone for certain: kiraform force-unlock %s", h, wait, h.ID)
}

// A Warden is a Store that can be asked about its lock, and be made to let go of it.
type Warden interface {
	// LockStatus looks at the lock without taking it away from anybody.
	LockStatus(ctx context.Context) (LockStatus, error)

	// ForceUnlock takes the lock away from the run called id, even if it still
	// runs. It fails if another run holds the lock, or none does.
	ForceUnlock(ctx context.Context, id string) error
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

// LockStatus is how it stands with a lock.
type LockStatus struct {
	Held   bool
	Holder Holder    // who holds it or, if nobody does, who died with it; zero if that is not said
	Until  time.Time // when it ends unless the holder still works; zero if it ends with the process
}

// String is a holder in words: who, with which command, and since when.
func (h Holder) String() string {
	if h == (Holder{}) {
		return "a run that has not said who it is"
	}
	return fmt.Sprintf("%s (%s, process %d) since %s", h.Who, h.Command, h.PID, words.Moment(h.Since))
}
