package engine_test

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"kiraform/internal/engine"
	"kiraform/internal/eval"
	"kiraform/internal/event"
	"kiraform/internal/kira"
	"kiraform/internal/simulator"
	"kiraform/internal/simulator/simtest"
	"kiraform/state"
	"kiraform/state/file"
	"kiraform/state/memory"
)

// failer has the methods that testing.T and rapid.T have in common.
type failer interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// world is a simulated Kira, and a folder to work in.
type world struct {
	sim     *simulator.Server
	watch   *simtest.Watch
	url     string
	home    string // its first url
	dir     string
	events  []event.Event // of the last run
	program string        // the configuration that the program finds; "" means thirty
	client  func(*kira.Client)
	close   func()                 // stops serving
	onDisk  bool                   // the state is in a file: the program is at work here, or the file is the subject
	stores  map[string]state.Store // by folder, where it is not
	unpaid  uint64                 // the generation before anything was paid; 0 means the second
}

// newWorld returns a world in which Kira's people act at once.
func newWorld(t *testing.T) *world { return worldOf(t, t.TempDir()) }

func worldOf(t testing.TB, dir string) *world {
	w := &world{sim: &simulator.Server{VerifyAfter: -1, ActivateAfter: -1}, dir: dir}
	w.watch = simtest.Behave(t, w.sim)
	srv := simtest.Serve(t, w.sim, nil)
	w.url, w.home, w.close = srv.URL, srv.URL, srv.Close
	return w
}

// through puts a handler between the client and the simulator.
func (w *world) through(t testing.TB, wrap func(http.Handler) http.Handler) {
	w.url = simtest.Serve(t, w.sim, wrap(w.sim)).URL
}

// store is where the folder keeps its state.
func (w *world) store() state.Store {
	if w.onDisk {
		return w.file()
	}
	if w.stores[w.dir] == nil {
		if w.stores == nil {
			w.stores = make(map[string]state.Store)
		}
		w.stores[w.dir] = memory.New()
	}
	return w.stores[w.dir]
}

func (w *world) file() file.Store {
	return file.Store{Path: filepath.Join(w.dir, "kiraform.state.json")}
}

func (w *world) options(src string) engine.Options {
	w.events = nil
	if strings.Contains(src, alike) {
		w.watch.Allows(simulator.SecondObject)
	}
	return engine.Options{
		Version: "0.1.0",
		FS:      fstest.MapFS{"main.kira.hcl": {Data: []byte(src)}},
		Store:   w.store(),
		Emit:    func(e event.Event) { w.events = append(w.events, e) },
		Key:     state.Keys{Paths: []string{filepath.Join(w.dir, "key")}}.Find,
		Connect: w.connect,
	}
}

func (w *world) connect(_ context.Context, p eval.Provider) (engine.Connection, error) {
	c := &kira.Client{BaseURL: w.url + "/sandbox", APIKey: "k", ClientID: "51000000-0000-4000-8000-000000000000", Password: "p"}
	if w.client != nil {
		w.client(c)
	}
	return engine.Connection{API: c, ClientID: c.ClientID, Place: w.place(p), Requests: c.Requests, Date: c.Date,
		Close: func() error { return nil }}, nil
}

// place is where w is, as the program would see it: a server in between may
// have another address.
func (w *world) place(p eval.Provider) state.Place {
	return state.Place{Environment: p.Environment, Address: w.home + "/sandbox", Account: state.Account("51000000-0000-4000-8000-000000000000")}
}

// run plans src and, if apply says so, applies it.
func (w *world) run(t failer, src string, o engine.PlanOptions, apply bool) *engine.Proposal {
	t.Helper()
	p, err := engine.Open(w.options(src))
	if err != nil {
		t.Fatalf("open: %v\n%s\n%s", err, w.said(), src)
	}
	o.Same = append(o.Same, changeable...)
	pl, err := p.Plan(context.Background(), o)
	if err != nil {
		t.Fatalf("plan: %v\n%s\n%s", err, w.said(), src)
	}
	if apply {
		sum, err := p.Apply(context.Background(), pl, engine.ApplyOptions{})
		if err != nil || !sum.OK() {
			t.Fatalf("apply: %+v, %v\n%s\n%s", sum, err, w.said(), src)
		}
	}
	return pl
}

func (w *world) said() (out string) {
	for _, e := range w.events {
		switch e := e.(type) {
		case event.Diagnostic:
			out += fmt.Sprintf("%s %s: %s %s\n", e.Severity, e.Code, e.Summary, e.Detail)
			if e.Source != nil {
				out += fmt.Sprintf("   at %s:%d,%d\n", e.Source.File, e.Source.Line, e.Source.Column)
			}
		case event.Planned, event.End, event.Skip, event.Deferred:
			out += fmt.Sprintf("%T %+v\n", e, e)
		}
	}
	return out
}
