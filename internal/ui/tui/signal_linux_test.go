package tui

import (
	"bytes"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"
)

// A signal is for the command line, which tells the run to stop: the view stays, to show
// how it stops.
func TestASignalDoesNotEndTheView(t *testing.T) {
	heard := make(chan os.Signal, 1)
	signal.Notify(heard, os.Interrupt)
	defer signal.Stop(heard)
	var out bytes.Buffer
	v := Start(Options{Input: &bytes.Buffer{}, Output: &out})
	v.program.Send(batch{time.Now(), plan()}) // returns when the view is there
	if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	<-heard
	select {
	case <-v.done:
		t.Error("the view is gone")
	case <-time.After(100 * time.Millisecond):
	}
	v.program.Send(leave{})
	if err := v.Wait(); err != nil {
		t.Errorf("the view ends with %v", err)
	}
}
