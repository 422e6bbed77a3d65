package state

import (
	"context"
	"errors"
)

// A Leased is a Store whose lock ends by itself when its holder is not heard of,
// and may be another run's then. Who holds such a lock sends nothing once it may
// have ended. All of it holds as well while no lock was taken, or the lock of a
// Store that ends with the process: then there is nothing to lose.
type Leased interface {
	// Held fails unless the lock is held for certain. It is asked right before
	// each request is sent.
	Held(ctx context.Context) error

	// While returns ctx, ended early enough before the lock may be another run's
	// that a request which is under way then is given up before.
	While(ctx context.Context) (context.Context, context.CancelFunc)
}

// ErrLost is returned, and is the cause of a context that ended, where the lock of a
// run has ended or was taken away: nothing more is written, and nothing more sent.
var ErrLost = errors.New("the lock of the state was lost, and another run may be at work")
