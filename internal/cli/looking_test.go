package cli_test

import (
	"os"
	"testing"
	"time"

	"kiraform/internal/simulator"
)

// The first interrupt ends a command that only looks at Kira.
func TestLooksAreInterrupted(t *testing.T) {
	for name, args := range map[string][]string{
		"import -discover":            {"import", "-discover"},
		"import of one object":        {"import", "kira_user.other", "51000000-0000-4000-8000-000000000001"},
		"drift":                       {"drift"},
		"drift, for those who review": {"drift", "-format=markdown"},
	} {
		t.Run(name, func(t *testing.T) {
			f, sim := served(t, driftConfig)
			f.must(0, "apply", "-auto-approve")
			before := f.read("kiraform.state.json")
			sim.SetFaults(simulator.Faults{Rules: []simulator.Fault{{Kind: simulator.Slow, Delay: simulator.Duration(300 * time.Millisecond)}}})
			f.interrupts = make(chan os.Signal, 1)
			f.interrupts <- os.Interrupt
			says(t, f.must(1, args...), "interrupted, and nothing was changed")
			if f.read("kiraform.state.json") != before {
				t.Error("the state was changed")
			}
		})
	}
}
