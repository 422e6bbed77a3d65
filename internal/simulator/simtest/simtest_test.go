package simtest

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"kiraform/internal/simulator"
)

func TestComplaints(t *testing.T) {
	const patch, lost = simulator.Patch, simulator.LimitOver100
	for _, test := range []struct {
		name              string
		patches           int
		provoked, allowed []simulator.MisbehaviourKind
		want              string // how each complaint begins
	}{
		{name: "nothing was done"},
		{name: "nobody meant it", patches: 2, want: "misbehaviour, misbehaviour"},
		{name: "it was meant", patches: 2, provoked: []simulator.MisbehaviourKind{patch, patch}},
		{name: "it was meant once", patches: 2, provoked: []simulator.MisbehaviourKind{patch}, want: "misbehaviour"},
		{name: "it was meant oftener", patches: 1, provoked: []simulator.MisbehaviourKind{patch, patch}, want: "the"},
		{name: "something else was meant", patches: 1, provoked: []simulator.MisbehaviourKind{lost}, want: "misbehaviour, the"},
		{name: "it was allowed", patches: 2, allowed: []simulator.MisbehaviourKind{patch, lost}},
		{name: "the list was full", patches: 101, allowed: []simulator.MisbehaviourKind{patch}, want: "and"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			s := &simulator.Server{World: filepath.Join(dir, ".kiraform", "simulator.json")}
			for range test.patches {
				r, err := http.NewRequestWithContext(t.Context(), http.MethodPatch, "http://kira.test/v1/users", nil)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := s.RoundTrip(r); err != nil {
					t.Fatal(err)
				}
			}
			here, below := new(Watch), new(Watch)
			here.Look(s)
			below.LookBelow(t, dir)
			for _, w := range []*Watch{here, below} {
				w.Provokes(test.provoked...)
				w.Allows(test.allowed...)
				var begin []string
				for _, c := range w.complaints() {
					begin = append(begin, strings.Fields(c)[0])
				}
				if got := strings.Join(begin, ", "); got != test.want {
					t.Errorf("complaints are %q, want %q", w.complaints(), test.want)
				}
			}
		})
	}
}
