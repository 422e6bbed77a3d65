package cli

import (
	"os"
	"syscall"
	"time"
)

// passOn passes signals on to the part of a command that waits for them. One that
// nobody takes within the time of patience ends the process: a command that changes
// nothing waits for none, and a run that was told to stop twice may be in an
// expression that takes for ever. Every intent is on disk before its request leaves,
// so that nothing is lost. A terminal that is closed ends nothing in this way, since
// that is said more than once.
func passOn(signals <-chan os.Signal, to chan<- os.Signal, patience time.Duration, end func()) {
	for s := range signals {
		select {
		case to <- s:
		case <-time.After(patience):
			if s != syscall.SIGHUP {
				end()
			}
		}
	}
}
