package engine_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"kiraform/internal/engine"
	"kiraform/internal/simulator"
)

// Whoever stops reading the output of an apply does not end it.
func TestNobodyReads(t *testing.T) {
	b, w := build(t), newWorld(t)
	if err := w.settle(); err != nil {
		t.Fatal(err)
	}
	r, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	c := b.command(t.Context(), w, "apply", "-auto-approve")
	c.Stdout, c.Stderr = out, out
	if err := errors.Join(r.Close(), c.Run(), out.Close()); err != nil || len(w.sim.VirtualAccounts()) != 10 {
		t.Errorf("%v; %d accounts, want 10", err, len(w.sim.VirtualAccounts()))
	}
}

// A signal ends an apply so that its state is true: started operations are
// finished, nothing more is started, and the exit code says that it was not
// all.
func TestSignals(t *testing.T) {
	b := build(t)
	for _, tt := range []struct {
		name    string
		signals []os.Signal
		says    string
		cancels bool
	}{
		{"interrupt", []os.Signal{syscall.SIGINT}, "nothing more is started", false},
		{"terminate", []os.Signal{syscall.SIGTERM}, "nothing more is started", false},
		{"hang up", []os.Signal{syscall.SIGHUP}, "nothing more is started", false},
		{"interrupt, and once more", []os.Signal{syscall.SIGINT, syscall.SIGINT}, "Cancelled", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			said, stopped := new(spoken), make(chan struct{})
			if tt.cancels {
				w.sim.SetFaults(slow)
				close(stopped)
			}
			begun := posts(w, 10, stopped)
			out, err := b.say(w, said, func(p *os.Process) {
				<-begun
				for range tt.signals[1:] { // else two become one
					_ = p.Signal(tt.signals[0])
					said.wait("nothing more is started")
				}
				_ = p.Signal(tt.signals[len(tt.signals)-1])
				if !tt.cancels {
					said.wait(tt.says)
					close(stopped)
				}
			})
			if err == nil || died(err) || err.Error() != "exit status 1" || !strings.Contains(string(out), tt.says) {
				t.Errorf("the apply: %v\n%s", err, out)
			}
			st, err := w.store().Load(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			live := len(w.sim.Users()) + len(w.sim.VirtualAccounts()) + len(w.sim.Recipients())
			if live != len(st.Resources) || live == 30 || !tt.cancels && len(st.Intents) > 0 {
				t.Errorf("%d objects at Kira, %d in the state, %d requests without an answer\n%s", live, len(st.Resources), len(st.Intents), out)
			}
			if _, err := os.Stat(w.file().Path + ".journal"); err == nil {
				t.Error("the journal was not taken in")
			}
			w.sim.SetLog(nil)
			w.sim.SetFaults(simulator.Faults{})
			b.finish(t, w)
			if pl := w.run(t, thirty, engine.PlanOptions{}, false); !pl.Empty() || len(w.sim.Users()) != 10 {
				t.Errorf("the next apply left something\n%s", w.said())
			}
			if !t.Failed() {
				t.Attr("fault", fmt.Sprintf("a signal (%s): %d of 30 resources done, and the state says so", tt.name, live))
			}
		})
	}
}

// slow has nothing made for as long as a test may last.
var slow = simulator.Faults{Rules: []simulator.Fault{{Kind: simulator.Slow, Method: "POST", Path: "/v1/*", Delay: simulator.Duration(time.Hour)}}}

// posts returns a channel that is closed when w is asked to make the nth thing. Nothing
// is made before hold is closed; where a test failed before, minutes later.
func posts(w *world, n int64, hold <-chan struct{}) chan struct{} {
	begun := make(chan struct{})
	var posted atomic.Int64
	w.sim.SetLog(func(r *http.Request) {
		if r.Method != "POST" || !strings.Contains(r.URL.Path, "/v1/") {
			return
		}
		if posted.Add(1) == n {
			close(begun)
		}
		select {
		case <-hold:
		case <-time.After(3 * time.Minute):
		}
	})
	return begun
}

// spoken is all that a program says.
type spoken struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *spoken) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *spoken) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// wait returns once the program has said text, or after a minute.
func (s *spoken) wait(text string) {
	for deadline := time.Now().Add(time.Minute); !strings.Contains(s.String(), text) && time.Now().Before(deadline); {
		time.Sleep(5 * time.Millisecond)
	}
}
