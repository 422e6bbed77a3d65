package cli

import (
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// A signal goes to the part of a command that waits for it, and ends the process where
// nothing does. A closed terminal does not.
func TestPassOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		signals, to, ended := make(chan os.Signal, 3), make(chan os.Signal), 0
		go passOn(signals, to, time.Second, func() { ended++ })
		defer close(signals)
		signals <- os.Interrupt
		if s := <-to; s != os.Interrupt || ended != 0 {
			t.Errorf("got %v, and the process was ended %d times", s, ended)
		}
		signals <- syscall.SIGHUP
		time.Sleep(2 * time.Second)
		if synctest.Wait(); ended != 0 {
			t.Error("a closed terminal ended the process")
		}
		signals <- syscall.SIGTERM
		time.Sleep(2 * time.Second)
		if synctest.Wait(); ended != 1 {
			t.Errorf("a signal that nobody waits for ended the process %d times, want 1", ended)
		}
	})
}
