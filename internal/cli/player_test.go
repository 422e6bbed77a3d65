package cli

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kiraform/internal/event"
)

// recording is of three events, a second and then four seconds apart, and of the end of the run.
func recording(t *testing.T, timed bool) string {
	t.Helper()
	var b strings.Builder
	var now time.Time
	write := event.Timed(&b, func() time.Time { return now })
	for _, after := range []time.Duration{0, time.Second, 4 * time.Second} {
		if timed {
			if now.IsZero() {
				now = time.Date(2026, 4, 14, 12, 0, 0, 0, time.UTC)
			}
			now = now.Add(after)
		}
		write(event.Note{Text: event.Foreign(after.String())})
	}
	write(event.Finish{Command: "apply"})
	return b.String()
}

func TestPlayingTakesItsTime(t *testing.T) {
	for name, c := range map[string]struct {
		speed float64
		timed bool
		want  []time.Duration
	}{
		"as it happened":    {1, true, []time.Duration{0, time.Second, 5 * time.Second}},
		"twice as fast":     {2, true, []time.Duration{0, time.Second / 2, 5 * time.Second / 2}},
		"at half the speed": {0.5, true, []time.Duration{0, 2 * time.Second, 10 * time.Second}},
		"at once":           {0, true, []time.Duration{0, 0, 0}},
		"a recording without times comes at once": {1, false, []time.Duration{0, 0, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				var got []time.Duration
				p := &player{speed: c.speed}
				err := p.play(t.Context(), strings.NewReader(recording(t, c.timed)), func(e event.Event) {
					if _, is := e.(event.Note); is {
						got = append(got, time.Since(began))
					}
				})
				if err != nil || !slices.Equal(got, c.want) {
					t.Errorf("shown after %v, %v; want after %v", got, err, c.want)
				}
			})
		})
	}
}

// Between two events the clock of the recording goes on, as fast as it is played.
func TestTheClockOfAPlayer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, at := &player{speed: 3}, time.Date(2026, 4, 14, 12, 0, 0, 0, time.UTC)
		p.show(at)
		time.Sleep(2 * time.Second)
		if got := p.now().Sub(at); got != 6*time.Second {
			t.Errorf("%v have gone by in the recording, want 6s", got)
		}
		p.step = true
		if got := p.now(); !got.Equal(at) {
			t.Errorf("it is %v, want the clock to stand still between steps", got)
		}
	})
}

func TestPlayingEndsWhenNobodyLooks(t *testing.T) {
	for name, step := range map[string]bool{"played": false, "stepped through": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, leave := context.WithTimeout(t.Context(), 3*time.Second)
				defer leave()
				began, shown := time.Now(), 0
				p := &player{speed: 1, step: step, steps: make(chan struct{})}
				err := p.play(ctx, strings.NewReader(recording(t, true)), func(event.Event) { shown++ })
				if err != nil || shown == 3 || time.Since(began) != 3*time.Second {
					t.Errorf("%d events in %v, %v; want it to end after 3s without the last", shown, time.Since(began), err)
				}
			})
		})
	}
}
