package cli_test

import (
	"regexp"
	"testing"
	"time"

	"kiraform/internal/simulator"
)

// The requests of a run are counted with the time in which they were sent: the look
// before the question belongs to it.
func TestTheTimeOfARunHasItsLook(t *testing.T) {
	f, sim := served(t, driftConfig)
	f.must(0, "apply", "-auto-approve")
	slow := 400 * time.Millisecond
	sim.SetFaults(simulator.Faults{Rules: []simulator.Fault{{Kind: simulator.Slow, Method: "GET", Delay: simulator.Duration(slow)}}})
	f.stdin = "yes\n"
	said := f.must(0, "destroy")
	m := regexp.MustCompile(`requests? to Kira in (\S+)\. `).FindStringSubmatch(said)
	if m == nil {
		t.Fatalf("nothing says how long the requests took:\n%s", said)
	}
	if took, err := time.ParseDuration(m[1]); err != nil || took < slow {
		t.Errorf("requests in %s, though one of them took %v: %v", m[1], slow, err)
	}
}
