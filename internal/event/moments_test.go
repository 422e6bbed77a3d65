package event_test

import (
	"strings"
	"testing"
	"time"

	"kiraform/internal/event"
)

func TestMomentsAreWhenTheEventsHappened(t *testing.T) {
	var recording strings.Builder
	now := time.Date(2026, 4, 14, 12, 0, 0, 250_000_000, time.UTC)
	write := event.Timed(&recording, func() time.Time { now = now.Add(time.Second); return now })
	write(event.Start{Format: 1, Command: "plan"})
	write(event.PlanEnd{})
	const line = `{"type":"start","at":"2026-04-14T12:00:01.25Z","data":{"format":1,"command":"plan"}}` + "\n"
	if !strings.HasPrefix(recording.String(), line) {
		t.Errorf("recorded\n%swant\n%s", &recording, line)
	}
	var took []time.Duration
	for m, err := range event.Moments(strings.NewReader(recording.String())) {
		if err != nil {
			t.Fatal(err)
		}
		took = append(took, now.Sub(m.At))
	}
	if len(took) != 2 || took[0] != time.Second || took[1] != 0 {
		t.Errorf("the events were %v before the end, want 1s and 0s", took)
	}
}

func TestARecordingWithoutTimesHasNone(t *testing.T) {
	recording := record([]event.Event{event.Start{Command: "plan"}}).String()
	if strings.Contains(recording, `"at"`) {
		t.Errorf("recorded %s, want no time", recording)
	}
	for m, err := range event.Moments(strings.NewReader(recording)) {
		if err != nil || !m.At.IsZero() {
			t.Errorf("an event at %v, %v; want no time", m.At, err)
		}
	}
}

// Events before the end of a broken recording are given all the same.
func TestARecordingThatBreaksOff(t *testing.T) {
	whole := record([]event.Event{event.Start{Command: "plan"}, event.PlanEnd{}}).String()
	n := 0
	for _, err := range event.Moments(strings.NewReader(whole[:len(whole)-5])) {
		n++
		if failed := err != nil; failed != (n == 2) {
			t.Errorf("event %d: %v", n, err)
		}
	}
	if n != 2 {
		t.Errorf("%d moments, want the first event and an error", n)
	}
}
