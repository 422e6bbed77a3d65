package cli_test

import (
	"os"
	"strings"
	"sync"
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
		"plan":                        {"plan", "-progress=plain"},
		"plan -out":                   {"plan", "-progress=plain", "-out=p.plan"},
		"plan -refresh-only":          {"plan", "-progress=plain", "-refresh-only"},
		"refresh":                     {"refresh", "-auto-approve"},
		"the look of an apply":        {"apply", "-auto-approve"},
		"the look of a destroy":       {"destroy", "-auto-approve"},
		"the look of a rebind":        {"state", "rebind", "-auto-approve"},
		"drift, for those who review": {"drift", "-format=markdown"},
	} {
		t.Run(name, func(t *testing.T) {
			f, sim := served(t, driftConfig)
			f.must(0, "apply", "-auto-approve")
			before := f.read("kiraform.state.json")
			sim.SetFaults(simulator.Faults{Rules: []simulator.Fault{{Kind: simulator.Slow, Delay: simulator.Duration(300 * time.Millisecond)}}})
			f.interrupts = make(chan os.Signal, 1)
			f.interrupts <- os.Interrupt
			said := f.must(1, args...)
			says(t, said, "interrupted, and nothing was changed")
			if strings.Contains(said, "operations") || !strings.Contains(said, "Interrupted: nothing more is looked at, and nothing is changed.") {
				t.Errorf("it says of a look:\n%s", said)
			}
			if f.read("kiraform.state.json") != before {
				t.Error("the state was changed")
			}
		})
	}
}

// An interrupt while something is changed says that it is waited for.
func TestWorkIsWaitedFor(t *testing.T) {
	f, sim := served(t, driftConfig)
	sim.SetFaults(simulator.Faults{Rules: []simulator.Fault{{Kind: simulator.Slow, Delay: simulator.Duration(300 * time.Millisecond)}}})
	f.interrupts = make(chan os.Signal, 1)
	var once sync.Once
	f.hears = func(said string) {
		if strings.Contains(said, "Creating...") {
			once.Do(func() { f.interrupts <- os.Interrupt })
		}
	}
	says(t, f.must(1, "apply", "-auto-approve"), "Interrupted: nothing more is started, and running operations are waited for.", "Apply stopped early.")
}
