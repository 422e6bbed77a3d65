package apply

import (
	"context"
	"time"

	"kiraform/internal/event"
)

// remind emits a Still for as long as j waits, ever less often: once it has
// waited for ten seconds, and then each time for twice as long as before.
func (r *run) remind(post func(func()), j *job) (stop func()) {
	ctx, cancel := context.WithCancel(r.ctx)
	gone := make(chan struct{})
	since, still := j.held, event.Still{Addr: j.Addr.String(), Action: string(j.Action), ID: j.Prior.ID}
	go func() {
		defer close(gone)
		for waited := 10 * time.Second; ; waited *= 2 {
			left := waited - time.Since(since)
			if left <= 0 {
				continue // said before it was last looked at
			}
			select {
			case <-time.After(left):
				still.Elapsed = waited
				now := still
				post(func() { r.Emit(now) })
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() { cancel(); <-gone }
}
