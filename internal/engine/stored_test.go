package engine_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/kira"
	"kiraform/internal/simulator"
)

// rewritten makes w's Kira answer otherwise.
func (w *world) rewritten(answer func(string) string) {
	client := w.client
	w.client = func(c *kira.Client) {
		client(c)
		next := c.HTTP.Transport
		c.HTTP = &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
			res, err := next.RoundTrip(r)
			if err != nil {
				return res, err
			}
			body, err := io.ReadAll(res.Body)
			res.Body.Close()
			body = []byte(answer(string(body)))
			res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			res.Header.Del("Content-Length")
			return res, err
		})}
	}
}

// codes returns the codes that the last run said.
func (w *world) codes() (out []string) {
	for _, e := range w.events {
		if d, ok := e.(event.Diagnostic); ok && d.Code != "cannot-read" {
			out = append(out, d.Severity+" "+d.Code)
		}
	}
	return out
}

// Kira may keep another spelling of the value that it is sent, or another
// value, or the one that it had. Whatever it does, it is said, and nothing is
// sent for ever.
func TestValuesThatKiraStoresOtherwise(t *testing.T) {
	maria := strings.NewReplacer("ana@x", "Ana.G@x", `"ana"`, `"Ana  Maria"`).Replace(one("u", "ana"))
	mailed := strings.Replace(one("u", "ana"), "ana@x", "Ana.G@x", 1)
	fold := strings.NewReplacer("Ana.G@x", "ana.g@x", "ANA.G@x", "ana.g@x", "Ana  Maria", "ANA MARIA", "1990-05-15", "1990-05-15T00:00:00.000Z")
	payee := one("u", "ana") + fmt.Sprintf(wallet, "r", "")
	for name, tt := range map[string]struct {
		answer func(string) string
		runs   []string // configurations, applied one after the other
		codes  [][]string
		failed []int
		writes int
	}{
		"another spelling is said once, and both count as right": {
			fold.Replace, []string{maria, maria, strings.Replace(maria, "Ana.G", "ana.g", 1), maria, strings.Replace(maria, "Ana.G", "ANA.G", 1)},
			[][]string{{"warning stored-otherwise"}, nil, nil, nil, nil}, nil, 1,
		},
		"another spelling of what is changed": {
			fold.Replace, []string{one("u", "ana"), mailed, mailed},
			[][]string{{"warning stored-otherwise"}, {"warning stored-otherwise"}, nil}, nil, 2,
		},
		"another value is said at every plan, until it is written so": {
			strings.NewReplacer("Av. Reforma 1", "Elsewhere 2").Replace,
			[]string{one("u", "ana"), one("u", "ana"), strings.Replace(one("u", "ana"), "Av. Reforma 1", "Elsewhere 2", 1)},
			[][]string{{"warning stored-otherwise"}, {"warning stored-otherwise"}, nil}, nil, 1,
		},
		"a change that is not taken is an error when it was sent again": {
			strings.NewReplacer(`"Other"`, `"Person"`).Replace,
			[]string{one("u", "ana"), strings.Replace(one("u", "ana"), `"Person"`, `"Other"`, 1), strings.Replace(one("u", "ana"), `"Person"`, `"Other"`, 1)},
			[][]string{nil, {"warning not-taken"}, {"error not-done"}}, []int{0, 0, 1}, 3,
		},
		"where money goes, it is an error, and nothing is made anew": {
			strings.NewReplacer("9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin", "7xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin").Replace,
			[]string{payee, payee}, [][]string{{"error not-done"}, {"warning stored-otherwise"}}, []int{1, 0}, 2,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := virtual(t, nil)
				w.watch.Allows(simulator.IdlePut)
				w.rewritten(tt.answer)
				for i, src := range tt.runs {
					sum, said, err := w.applied(t, simulated+src, engine.ApplyOptions{})
					want := 0
					if tt.failed != nil {
						want = tt.failed[i]
					}
					if got := w.codes(); err != nil || sum.Failed != want || !slices.Equal(got, tt.codes[i]) {
						t.Errorf("run %d: %+v, %v, said %q; want %d failed, %q\n%s", i, sum, err, got, want, tt.codes[i], said)
					}
					time.Sleep(time.Minute)
				}
				if got := w.written(); len(got) != tt.writes {
					t.Errorf("sent %q, want %d", got, tt.writes)
				}
			})
		})
	}
}

// Kira answers late: the value that it shows after a few seconds counts.
func TestALateAnswerIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := virtual(t, nil)
		w.run(t, simulated+one("u", "ana"), engine.PlanOptions{}, true)
		changed := time.Now()
		w.rewritten(func(s string) string {
			if time.Since(changed) < 3*time.Second {
				return strings.ReplaceAll(s, `"Other"`, `"Person"`)
			}
			return s
		})
		sum, said, err := w.applied(t, simulated+strings.Replace(one("u", "ana"), `"Person"`, `"Other"`, 1), engine.ApplyOptions{})
		if err != nil || !sum.OK() || len(w.codes()) > 0 || time.Since(changed) > 4*time.Second {
			t.Errorf("%+v, %v, after %v\n%s", sum, err, time.Since(changed), said)
		}
		if pl := w.run(t, simulated+strings.Replace(one("u", "ana"), `"Person"`, `"Other"`, 1), engine.PlanOptions{}, false); !pl.Empty() {
			t.Errorf("something is left to do\n%s", w.said())
		}
	})
}
