package engine_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"kiraform/internal/engine"
	"kiraform/internal/simulator"
)

// Whoever stops reading what an apply says does not end it.
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

// A signal ends an apply so that its state is true: what was started is
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
			w := newWorld(t)
			slow := 200 * time.Millisecond
			if tt.cancels {
				slow = 10 * time.Second
			}
			w.sim.SetFaults(simulator.Faults{Rules: []simulator.Fault{{Kind: simulator.Slow, Method: "POST", Path: "/v1/*", Delay: simulator.Duration(slow)}}})
			begun := firstRequest(w)
			out, err := b.apply(w, func(p *os.Process) {
				<-begun
				time.Sleep(100 * time.Millisecond) // so that users are on their way
				for _, s := range tt.signals {
					_ = p.Signal(s)
					time.Sleep(50 * time.Millisecond) // else two become one
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
			if _, err := os.Stat(w.store().Path + ".journal"); err == nil {
				t.Error("the journal was not taken in")
			}
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

// firstPost returns a channel that is closed when w is first asked to make
// something.
func firstPost(w *world) chan struct{} {
	begun := make(chan struct{})
	first := sync.OnceFunc(func() { close(begun) })
	w.sim.Log = func(r *http.Request) {
		if r.Method == "POST" && strings.Contains(r.URL.Path, "/v1/") {
			first()
		}
	}
	return begun
}
