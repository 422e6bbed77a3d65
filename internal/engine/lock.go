package engine

import (
	"context"
	"errors"
	"fmt"

	"kiraform/internal/event"
	"kiraform/state"
)

// Lock keeps other runs away from the state until the returned function is
// called. If another run is at work, it says which, and waits as long as
// LockWait allows.
func (p *Project) Lock(ctx context.Context) (unlock func() error, err error) {
	if p.NoLock {
		return func() error { return nil }, nil
	}
	unlock, err = p.Store.Lock(ctx, p.Holder)
	if held, ok := errors.AsType[*state.LockedError](err); ok && p.LockWait > 0 {
		p.Emit(event.Diagnostic{Severity: "warning", Code: "waiting-for-lock", Summary: "Waiting for another run",
			Detail: fmt.Sprintf("The state is locked by %s. This run goes on when that one has ended, and gives up after %v.", held.Holder, p.LockWait)})
		unlock, err = state.LockWithin(ctx, p.Store, p.Holder, p.LockWait)
	}
	if err != nil {
		return nil, err
	}
	return unlock, nil
}

// whileLocked returns ctx, ended before the lock of the state may be another run's.
func (p *Project) whileLocked(ctx context.Context) (context.Context, context.CancelFunc) {
	if leased, ok := p.Store.(state.Leased); ok {
		return leased.While(ctx)
	}
	return context.WithCancel(ctx)
}

// stopWith returns a channel that is closed when stop is, or when ctx ends: a run whose
// lock was lost waits for nothing more.
func stopWith(ctx context.Context, stop <-chan struct{}) (_ <-chan struct{}, done func()) {
	both, end := make(chan struct{}), make(chan struct{})
	go func() {
		select {
		case <-stop:
			close(both)
		case <-ctx.Done():
			close(both)
		case <-end:
		}
	}()
	return both, func() { close(end) }
}

// isClosed returns a function that reports whether stop is closed.
func isClosed(stop <-chan struct{}) func() bool {
	return func() bool {
		select {
		case <-stop:
			return true
		default:
			return false
		}
	}
}

// TookOver is the event that tells of a lock which a dead run left behind.
func TookOver(dead state.Holder) event.Event {
	return event.Diagnostic{Severity: "warning", Code: "lock-taken-over", Summary: "The last run died",
		Detail: fmt.Sprintf("The lock was left behind by %s. It is taken over, and the requests of that run are taken up from the journal.", dead)}
}
