package engine_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"kiraform/internal/kiratest/terminal"
	"kiraform/state"
)

// viewed is the program in a terminal.
type viewed struct {
	*exec.Cmd
	screen *os.File
	ended  chan error

	mu   sync.Mutex
	seen strings.Builder
}

// view starts the program in a terminal that answers the questions of a
// program. If controls says so, the terminal is the one that its session hangs
// on.
func (b binary) view(t *testing.T, w *world, controls bool, args ...string) *viewed {
	t.Helper()
	if err := w.settle(); err != nil {
		t.Fatal(err)
	}
	screen, tty, err := terminal.Open()
	if err != nil {
		t.Fatal(err)
	}
	v := &viewed{Cmd: b.command(context.Background(), w, args...), screen: screen, ended: make(chan error, 1)}
	v.Env = append(v.Env, "TERM=xterm-256color", "CI=", "NO_COLOR=")
	v.Stdin, v.Stdout, v.Stderr = tty, tty, tty
	v.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: controls}
	if err := v.Start(); err != nil {
		t.Fatal(err)
	}
	_ = tty.Close()
	go func() { v.ended <- v.Wait() }()
	go func() {
		asked := "" // the end of the output, which may have the beginning of a question
		for buf := make([]byte, 4096); ; {
			n, err := screen.Read(buf)
			v.mu.Lock()
			v.seen.Write(buf[:n])
			v.mu.Unlock()
			asked += string(buf[:n])
			for question, answer := range map[string]string{"\x1b]11;?": "\x1b]11;rgb:0000/0000/0000\x1b\\", "\x1b[6n": "\x1b[1;1R"} {
				if before, after, is := strings.Cut(asked, question); is {
					asked = before + after
					_, _ = screen.WriteString(answer)
				}
			}
			asked = asked[max(0, len(asked)-len("\x1b]11;")):]
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() { _ = v.Process.Kill(); _ = screen.Close() })
	return v
}

// shows waits until something was on the screen.
func (v *viewed) shows(t *testing.T, text string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		v.mu.Lock()
		seen := v.seen.String()
		v.mu.Unlock()
		if strings.Contains(seen, text) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%q was never shown:\n%q", text, seen)
		}
	}
}

// ends waits for the end of the program, with an exit code.
func (v *viewed) ends(t *testing.T, w *world, code int) {
	t.Helper()
	select {
	case err := <-v.ended:
		got := 0
		if e, ok := errors.AsType[*exec.ExitError](err); ok {
			got = e.ExitCode()
		}
		if got != code {
			v.mu.Lock()
			t.Errorf("it ended with %v, want exit code %d\n%q", err, code, v.seen.String())
			v.mu.Unlock()
		}
	case <-time.After(time.Minute):
		t.Fatal("it lives on")
	}
	if s, err := w.file().LockStatus(t.Context()); err != nil || s.Held {
		t.Errorf("the lock is held: %+v, %v", s, err)
	}
}

// leavings are the ways in which a terminal view is told to end.
var leavings = map[string]struct {
	controls bool
	do       func(*viewed)
}{
	"terminate":                              {true, func(v *viewed) { _ = v.Process.Signal(syscall.SIGTERM) }},
	"hang up":                                {true, func(v *viewed) { _ = v.Process.Signal(syscall.SIGHUP) }},
	"interrupt":                              {true, func(v *viewed) { _ = v.Process.Signal(syscall.SIGINT) }},
	"a closed terminal":                      {true, func(v *viewed) { _ = v.screen.Close() }},
	"a closed terminal that signals nothing": {false, func(v *viewed) { _ = v.screen.Close() }},
}

// A view that waits for a decision ends when it is told to, and changes nothing.
func TestAViewThatAsksEnds(t *testing.T) {
	b := build(t)
	for name, how := range leavings {
		for _, command := range []string{"plan", "apply"} {
			t.Run(command+"/"+name, func(t *testing.T) {
				w := newWorld(t)
				v := b.view(t, w, how.controls, command)
				v.shows(t, "to add")
				v.shows(t, "review")
				how.do(v)
				v.ends(t, w, 1)
				if n := len(w.sim.Users()); n != 0 {
					t.Errorf("%d users were made", n)
				}
			})
		}
	}
}

// A view of an apply ends with it: running operations are waited for, and
// nothing more is started.
func TestAViewThatAppliesEnds(t *testing.T) {
	b := build(t)
	for name, how := range leavings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			stopped := make(chan struct{})
			begun := posts(w, 10, stopped) // all ten users
			v := b.view(t, w, how.controls, "apply", "-auto-approve")
			<-begun
			how.do(v)
			if strings.HasPrefix(name, "a closed") {
				time.Sleep(5 * time.Second) // nothing says any more that it stops
			} else {
				v.shows(t, "stopping")
			}
			close(stopped)
			v.ends(t, w, 1)
			st, err := w.store().Load(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if users := len(w.sim.Users()); users != 10 || len(st.Resources) != 10 || len(st.Intents) != 0 {
				t.Errorf("%d users at Kira, %d objects in the state, %d requests without an answer", users, len(st.Resources), len(st.Intents))
			}
		})
	}
}

// A second interrupt cancels running operations, by signal or by key.
func TestAViewIsCancelled(t *testing.T) {
	b := build(t)
	for name, press := range map[string]func(*viewed){
		"by signal": func(v *viewed) { _ = v.Process.Signal(syscall.SIGINT) },
		"by key":    func(v *viewed) { _, _ = v.screen.WriteString("\x03") },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.sim.SetFaults(slow)
			made := make(chan struct{})
			close(made)
			begun := posts(w, 10, made)
			v := b.view(t, w, true, "apply", "-auto-approve")
			<-begun
			press(v)
			v.shows(t, "stopping")
			press(v)
			v.ends(t, w, 1)
		})
	}
}

// Whoever stops a run in the view may go on from there. What was made is not made again,
// and the rest is asked for once more.
func TestAViewGoesOnAfterAStop(t *testing.T) {
	b := build(t)
	w := newWorld(t)
	stopped := make(chan struct{})
	begun := posts(w, 3, stopped)
	v := b.view(t, w, true, "apply", "-parallelism=3")
	press := func(shown, keys string) {
		t.Helper()
		v.shows(t, shown)
		_, _ = v.screen.WriteString(keys)
	}
	press("review", "a")
	press("never be deleted", "y")
	<-begun
	press("applying", "\x03")
	v.shows(t, "stopping")
	close(stopped)
	v.shows(t, "plan the rest")
	if n := len(w.sim.Users()); n != 3 {
		t.Errorf("%d users were made before the stop, want 3", n)
	}
	w.sim.SetLog(nil)
	v.mu.Lock()
	v.seen.Reset()
	v.mu.Unlock()
	_, _ = v.screen.WriteString("r")
	press("review", "a")
	press("never be deleted", "y")
	v.ends(t, w, 0)
	if n := len(w.sim.Users()); n != 10 {
		t.Errorf("%d users were made, want 10", n)
	}
	v.shows(t, "27 added")
}

// A run that is over, and is only looked at, ends by a signal and with its
// terminal: the lock is free already.
func TestAViewThatIsLookedAtEnds(t *testing.T) {
	b := build(t)
	for name, how := range leavings {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.sim.VerifyAfter = time.Hour
			v := b.view(t, w, how.controls, "apply", "-auto-approve")
			v.shows(t, "wait here") // which is offered once it is over
			how.do(v)
			code := 0
			if strings.HasPrefix(name, "a closed") {
				code = 1
			}
			v.ends(t, w, code)
		})
	}
}

// A run that waits for Kira's people ends when it is told to.
func TestAViewThatWaitsEnds(t *testing.T) {
	b := build(t)
	for name, how := range leavings {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.sim.VerifyAfter = time.Hour
			v := b.view(t, w, how.controls, "apply", "-auto-approve", "-wait=10m")
			v.shows(t, "waiting for")
			how.do(v)
			v.ends(t, w, 1)
		})
	}
}

// Whoever is asked in text, or waited for, is not waited for after that either.
func TestAQuestionEnds(t *testing.T) {
	b := build(t)
	for _, tt := range []struct {
		args  []string
		shows string
		held  bool // another run holds the lock
		asks  bool // it reads an answer from the terminal
	}{
		{[]string{"apply", "-progress=plain"}, "Enter a value", false, true},
		{[]string{"refresh", "-progress=plain", "-lock-timeout=1h"}, "Waiting for another run", true, false},
		{[]string{"force-unlock", "other"}, "Enter a value", true, true},
	} {
		for name, how := range leavings {
			if !tt.asks && !how.controls {
				continue // nothing is read from the terminal meanwhile
			}
			t.Run(tt.args[0]+"/"+name, func(t *testing.T) {
				w := newWorld(t)
				free := func() error { return nil }
				if tt.held {
					var err error
					if free, err = w.file().Lock(context.Background(), state.Holder{ID: "other", Who: "somebody"}); err != nil {
						t.Fatal(err)
					}
				}
				v := b.view(t, w, how.controls, tt.args...)
				v.shows(t, tt.shows)
				how.do(v)
				select {
				case err := <-v.ended:
					if err == nil || err.Error() != "exit status 1" {
						t.Errorf("it ended with %v", err)
					}
				case <-time.After(time.Minute):
					t.Error("it lives on")
				}
				if err := free(); err != nil {
					t.Error(err)
				}
			})
		}
	}
}
