package cli

import (
	"testing"

	"kiraform/internal/event"
)

// A wish to leave stops a run that asks nobody, whether it comes before the run
// begins to change something or after; the answer to a question stays one.
func TestAWishToLeaveIsNeverLost(t *testing.T) {
	for _, tt := range []struct {
		name             string
		do               func(*desk)
		stops, decisions int
	}{
		{"a question", func(k *desk) { k.decide(event.Leave{}) }, 0, 1},
		{"before", func(k *desk) { k.decide(event.Leave{}); k.unasked() }, 1, 0},
		{"after", func(k *desk) { k.unasked(); k.decide(event.Leave{}) }, 1, 0},
		{"a stop", func(k *desk) { k.unasked(); k.decide(event.Stop{}); k.decide(event.Cancel{}) }, 2, 0},
		{"another run", func(k *desk) { k.unasked(); k.decide(event.Again{}) }, 0, 1},
		{"a question after a run", func(k *desk) { k.unasked(); k.asks(); k.decide(event.Leave{}) }, 0, 1},
		{"taken", func(k *desk) { k.decide(event.Leave{}); <-k.decisions; k.unasked() }, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := newDesk()
			tt.do(k)
			if s, d := len(k.stops), len(k.decisions); s != tt.stops || d != tt.decisions {
				t.Errorf("%d wishes to stop and %d decisions, want %d and %d", s, d, tt.stops, tt.decisions)
			}
		})
	}
}
