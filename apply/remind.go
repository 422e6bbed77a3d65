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
	since, waited := j.held, max(j.remind, 10*time.Second)
	still := event.Still{Addr: j.Addr.String(), Action: string(j.Action), ID: j.Prior.ID}
	go func() {
		defer close(gone)
		for ; ; waited *= 2 {
			select {
			case <-time.After(waited - time.Since(since)):
			case <-ctx.Done():
				return
			}
			still.Elapsed = waited
			now := still
			post(func() {
				r.Emit(now)
				j.remind = 2 * now.Elapsed
			})
		}
	}()
	return func() { cancel(); <-gone }
}
