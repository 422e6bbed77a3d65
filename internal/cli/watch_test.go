package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/event"
)

// A watch that is interrupted has not seen what it waited for.
func TestWatchInterrupted(t *testing.T) {
	interrupts := make(chan os.Signal, 1)
	a := &app{Env: Env{Stdout: io.Discard, Stderr: io.Discard, Interrupts: interrupts}}
	err := a.watch(t.Context(), time.Hour, format{}, func(context.Context, event.Sink) (*engine.Statuses, error) {
		interrupts <- os.Interrupt
		return &engine.Statuses{Resources: []engine.Status{{ID: "1", Status: "CREATED", Standing: engine.Waits, Waits: "Kira"}}}, nil
	})
	if e, is := errors.AsType[*exit](err); !is || e.code != ExitFailed {
		t.Errorf("it ends with %v, want exit code %d", err, ExitFailed)
	}
}

// A status is shown whenever it is another one, a look that fails is taken again, and
// the watch ends once nothing waits.
func TestWatch(t *testing.T) {
	maria, err := addr.Parse("kira_user.maria")
	if err != nil {
		t.Fatal(err)
	}
	at := func(status string, s engine.Standing, requests int64) *engine.Statuses {
		return &engine.Statuses{Requests: requests, Resources: []engine.Status{{Addr: maria, ID: "1", Status: status, Standing: s, Waits: "Kira"}}}
	}
	lost := event.Diagnostic{Severity: "warning", Code: "unanswered", Summary: "Nobody knows", Detail: "See: kiraform plan"}
	for name, as := range map[string]format{"text": {}, "JSON": {json: true}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				looks := []*engine.Statuses{at("CREATED", engine.Waits, 1), at("CREATED", engine.Waits, 2), nil, nil, at("REVIEW", engine.Waits, 3), at("VERIFIED", engine.Ready, 4)}
				var out, said bytes.Buffer
				a := &app{Env: Env{Stdout: &out, Stderr: &said}.plain()}
				n, began := 0, time.Now()
				err := a.watch(t.Context(), 10*time.Second, as, func(_ context.Context, emit event.Sink) (*engine.Statuses, error) {
					n++
					emit(lost)
					if looks[n-1] == nil {
						return nil, errors.New("no answer")
					}
					return looks[n-1], nil
				})
				if err != nil || n != len(looks) || time.Since(began) != 50*time.Second {
					t.Errorf("%v after %d looks in %v", err, n, time.Since(began))
				}
				for _, word := range []string{"CREATED", "REVIEW", "VERIFIED"} {
					if strings.Count(out.String(), word) != 1 {
						t.Errorf("%s is shown %d times, want once:\n%s", word, strings.Count(out.String(), word), out.String())
					}
				}
				if strings.Count(said.String(), "no answer. Looking again every 10s") != 1 {
					t.Errorf("it said %q, want the failure once", said.String())
				}
				if n := strings.Count(out.String()+said.String(), "Nobody knows"); n != 1 {
					t.Errorf("the warning is shown %d times, want once:\n%s%s", n, &out, &said)
				}
			})
		})
	}
}
