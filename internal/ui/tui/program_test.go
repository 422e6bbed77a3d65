package tui

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"kiraform/internal/event"
)

func TestEventsAreFoldedThirtyTimesASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := queue{ready: make(chan struct{}, 1)}
		var batches, events int
		var last tea.Msg
		done := make(chan struct{})
		go func() {
			defer close(done)
			q.pump(func(msg tea.Msg) {
				if b, ok := msg.(batch); ok {
					batches++
					events += len(b.events)
				}
				last = msg
			}, nil, time.Now)
		}()
		for range 1000 {
			q.add(event.Note{})
			time.Sleep(time.Millisecond)
		}
		q.close()
		<-done
		if events != 1000 || batches > 31 || batches < 25 {
			t.Errorf("%d events in %d batches, want 1000 in about 30", events, batches)
		}
		if last != (ended{}) {
			t.Errorf("the last message is %v", last)
		}
	})
}

func TestPumpEndsWithTheView(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, waiting := range []bool{true, false} {
			q := queue{ready: make(chan struct{}, 1)}
			gone := make(chan struct{})
			go q.pump(func(tea.Msg) {}, gone, time.Now)
			if !waiting {
				q.add(event.Note{})
			}
			synctest.Wait()
			close(gone)
			synctest.Wait() // synctest fails if the pump is left behind
		}
	})
}

// stuck is a terminal that takes nothing until it is let go.
type stuck struct{ free chan struct{} }

func (s stuck) Write(p []byte) (int, error) {
	<-s.free
	return len(p), nil
}

func TestAStuckTerminalHoldsUpNothing(t *testing.T) {
	term := stuck{make(chan struct{})}
	v := Start(Options{Input: &bytes.Buffer{}, Output: term})
	planned, applied := many(1000)
	for _, e := range append(planned, applied...) {
		v.Handle(e) // never returns if it waits for the terminal
	}
	v.Handle(event.Finish{Command: "apply", Done: map[string]int{"create": 1000}})
	close(term.free)
	if err := v.Wait(); err != nil {
		t.Error(err)
	}
	v.Handle(event.Note{}) // nobody is there any more
}

// The view reads clicks, leaves signals to the command line, and ends with its run.
func TestViewClosesWhenTheRunIsClosed(t *testing.T) {
	var out bytes.Buffer
	v := Start(Options{Input: &bytes.Buffer{}, Output: &out})
	v.Handle(event.Start{Command: "plan"})
	v.Close()
	if err := v.Wait(); err != nil {
		t.Error(err)
	}
	for what, code := range map[string]string{"the screen": "\x1b[?1049h", "clicks": "\x1b[?1002h", "their places": "\x1b[?1006h"} {
		if !strings.Contains(out.String(), code) {
			t.Errorf("%s is not asked for: %q", what, out.String())
		}
	}
	if !strings.Contains(out.String(), "\x1b[?1049l") {
		t.Errorf("the screen is not given back: %q", out.String())
	}
}

// A person who leaves is told of at once, over a real input.
func TestKeysOfARealInput(t *testing.T) {
	in, keyboard := io.Pipe()
	decided := make(chan event.Decision, 1)
	v := Start(Options{Input: in, Output: io.Discard, Decide: func(d event.Decision) { decided <- d }})
	v.program.Send(batch{time.Now(), plan()}) // returns when the view is about to take it, before any key
	if _, err := io.WriteString(keyboard, "q"); err != nil {
		t.Fatal(err)
	}
	if d := <-decided; d != (event.Leave{}) {
		t.Errorf("decided %v", d)
	}
	_ = keyboard.Close()
	if err := v.Wait(); err != nil {
		t.Error(err)
	}
}

// The program ends the view whose terminal is closed, and says so: nobody is left to
// press a key.
func TestAClosedTerminalEndsTheView(t *testing.T) {
	in, keyboard, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	var out bytes.Buffer
	v := Start(Options{Input: in, Output: &out})
	v.Handle(event.Start{Command: "plan"})
	select {
	case <-v.Lost():
		t.Fatal("the terminal is there")
	case <-time.After(50 * time.Millisecond):
	}
	if err := keyboard.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-v.Lost():
	case <-time.After(time.Minute):
		t.Fatal("nobody is told that the terminal is closed")
	}
	if err := v.Wait(); !errors.Is(err, errGone) {
		t.Errorf("the view ends with %v", err)
	}
}
