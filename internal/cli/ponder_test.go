package cli

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"kiraform/state"
)

// The time that a person takes to decide is not the run's.
func TestTheTimeOfARunLeavesOutDecisions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &session{began: time.Now(), audience: &audience{ask: func(*session, string, state.Place) (bool, []string, error) {
			time.Sleep(time.Hour)
			return true, nil, nil
		}}}
		time.Sleep(time.Second)
		if _, _, err := s.decide("apply", state.Place{}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if took := time.Since(s.started()); took != 2*time.Second {
			t.Errorf("the run took %v, want the 2s in which nobody was asked", took)
		}
	})
}

// The first interrupt ends a question of init: nobody has to press it twice, or to wait.
func TestAnInterruptEndsAQuestion(t *testing.T) {
	from, _ := io.Pipe() // somebody who does not answer
	interrupts := make(chan os.Signal, 1)
	interrupts <- os.Interrupt
	var out bytes.Buffer
	a := &app{Env: Env{Stdin: from, Stdout: &out, Interrupts: interrupts}}
	if got := a.choose(bufio.NewScanner(from), "Which Kira?", environments); got != "" {
		t.Errorf("an interrupt is the answer %q", got)
	}
}
