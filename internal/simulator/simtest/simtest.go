// Package simtest holds tests to the good behaviour of the code that they test:
// a simulator's list of misbehaviour is empty at the end, save the entries that
// a test means to provoke.
package simtest

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"testing"

	"kiraform/internal/simulator"
)

// A Watch knows which misbehaviour a test means to provoke. Its zero value
// means that there is none.
type Watch struct {
	provoked, allowed []simulator.MisbehaviourKind
	seen              []simulator.Misbehaviour
	more              int
}

// Behave makes t fail in the end if a client of s did anything wrong that the
// test does not provoke, or did not do wrong as it provokes.
func Behave(t testing.TB, s *simulator.Server) *Watch {
	w := new(Watch)
	t.Cleanup(func() {
		w.Look(s)
		w.Judge(t)
	})
	return w
}

// Provokes says that the test means to provoke one entry of each kind, which
// has to be there in the end. A kind that is named twice stands for two.
func (w *Watch) Provokes(kinds ...simulator.MisbehaviourKind) {
	w.provoked = append(w.provoked, kinds...)
}

// Allows says that there may be entries of these kinds, any number of them: for
// tests that break off a client at random, so that it cannot know Kira's
// objects.
func (w *Watch) Allows(kinds ...simulator.MisbehaviourKind) {
	w.allowed = append(w.allowed, kinds...)
}

// Look takes up the misbehaviour of clients of s, for a test that loses s or
// its world before the end.
func (w *Watch) Look(s *simulator.Server) {
	list, more := s.Misbehaviour()
	w.seen = append(w.seen, list...)
	w.more += more
}

// LookBelow takes up the misbehaviour in the world files of embedded simulators
// below a folder.
func (w *Watch) LookBelow(t testing.TB, dir string) {
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && d.Name() == "simulator.json" {
			w.Look(&simulator.Server{World: path})
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// Judge makes t fail for each entry that it does not provoke, and for each that
// did not come.
func (w *Watch) Judge(t testing.TB) {
	for _, complaint := range w.complaints() {
		t.Error(complaint)
	}
}

func (w *Watch) complaints() (all []string) {
	open := slices.Clone(w.provoked)
	for _, m := range w.seen {
		if i := slices.Index(open, m.Kind); i >= 0 {
			open = slices.Delete(open, i, i+1)
		} else if !slices.Contains(w.allowed, m.Kind) {
			all = append(all, fmt.Sprintf("misbehaviour of a client of Kira: %s: %s %s: %s", m.Kind, m.Method, m.Path, m.Detail))
		}
	}
	if w.more > 0 {
		all = append(all, fmt.Sprintf("and %d more than the list holds", w.more))
	}
	for _, kind := range open {
		all = append(all, fmt.Sprintf("the test means to provoke %s, which did not occur", kind))
	}
	return all
}

// Serve serves s on loopback until the test ends, and tells its clients apart.
// If through is not nil, requests go to it, which has to bring them to s.
func Serve(t testing.TB, s *simulator.Server, through http.Handler) *httptest.Server {
	srv := Start(s, through)
	t.Cleanup(srv.Close)
	return srv
}

// Start does the same for a test that ends the serving itself.
func Start(s *simulator.Server, through http.Handler) *httptest.Server {
	if through == nil {
		through = s
	}
	srv := httptest.NewUnstartedServer(through)
	srv.Config.ConnContext = s.ConnContext
	srv.Start()
	return srv
}
