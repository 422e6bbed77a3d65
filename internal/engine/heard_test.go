package engine

import (
	"testing"
	"time"

	"kiraform/internal/webhook"
	"kiraform/state"
)

// An event is out of date once something was sent to its object after it came,
// or after it was made.
func TestCurrent(t *testing.T) {
	noon := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name                 string
		came                 time.Duration // after noon
		made                 time.Duration // after noon; 0 for an event that does not say
		written, asked, want bool          // at noon
	}{
		{"nothing was ever sent", 0, 0, false, false, true},
		{"it came after the update", time.Second, 0, true, false, true},
		{"it came before the update", -time.Second, 0, true, false, false},
		{"it came after the verification was asked for", time.Second, 0, true, true, true},
		{"it came before that", -time.Second, 0, false, true, false},
		{"it came again, and was made before", time.Hour, -time.Hour, true, false, false},
		{"the clocks differ by a second", time.Second, -time.Second, true, false, true},
	} {
		e := webhook.Event{Delivery: webhook.Delivery{Head: webhook.Head{At: noon.Add(c.came)}}}
		if c.made != 0 {
			e.Body = []byte(`{"event":"user.verification.failed","data":{"created_at":"` + noon.Add(c.made).Format(time.RFC3339) + `"}}`)
		}
		var o state.Object
		var asked time.Time
		if c.written {
			o.Written = noon
		}
		if c.asked {
			asked = noon
		}
		if got := current(&e, o, asked); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
