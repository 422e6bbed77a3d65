package kiratest

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"time"

	"kiraform/internal/engine"
	"kiraform/internal/eval"
	"kiraform/internal/simulator"
	"kiraform/state"
	"kiraform/state/memory"
)

// world is a Kira that begins empty, and the states of those who work with it.
type world struct {
	sim    *simulator.Server
	clock  *clock
	key    state.Key
	states map[string]state.Store // by the folder of the module
}

func newWorld() *world {
	secret := make([]byte, 32)
	rand.Read(secret) // never fails
	key, err := state.NewKey(secret)
	if err != nil {
		panic(err) // it is long enough
	}
	w := &world{clock: new(clock), key: key, states: make(map[string]state.Store)}
	w.sim = &simulator.Server{Now: w.clock.now, Deliver: simulator.Discard}
	return w
}

// store returns the state of a module in the world.
func (w *world) store(module string) state.Store {
	if w.states[module] == nil {
		w.states[module] = memory.New()
	}
	return w.states[module]
}

// reasons returns why a user was rejected, and when.
func (w *world) reasons(id string) (at time.Time, reasons []string) {
	for _, u := range w.sim.Users() {
		if u["id"] != id {
			continue
		}
		all, _ := u["reasons"].([]any)
		for _, r := range all {
			reasons = append(reasons, fmt.Sprint(r))
		}
		updated, _ := u["updated_at"].(string)
		at, _ = time.Parse(time.RFC3339, updated) // zero for a time that the simulator would not write
	}
	return at, reasons
}

// connect returns how a project talks to the world, whatever its provider block says.
func (w *world) connect(client func(*simulator.Server, eval.Provider) (engine.Connection, error)) func(context.Context, eval.Provider) (engine.Connection, error) {
	return func(_ context.Context, p eval.Provider) (engine.Connection, error) {
		if p.Environment == "" { // a module that is called has no provider block
			p.Environment = "simulator"
		}
		w.sim.Environment, p.Rate = "", 0
		if p.Environment == "production" {
			w.sim.Environment = p.Environment
		}
		w.sim.VerifyAfter, w.sim.ActivateAfter, w.sim.PayoutAfter = p.VerifyAfter, p.ActivateAfter, p.PayoutAfter
		conn, err := client(w.sim, p)
		if err != nil {
			return conn, err
		}
		id, err := w.sim.Begin()
		conn.Place = state.Place{Environment: p.Environment, World: id}
		return conn, err
	}
}

// clock tells the time of a world: ours, and as much more as tests have moved it on. No
// clock of a world goes slower than ours, so that it shows in the order of things.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}
