package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kiraform/internal/engine"
	"kiraform/internal/planfile"
)

// dearer gives previews its own fees, once it has some.
type dearer struct {
	http.RoundTripper
	fees string
}

func (d *dearer) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := d.RoundTripper.RoundTrip(r)
	if err != nil || d.fees == "" || !strings.HasSuffix(r.URL.Path, "/payout/preview") {
		return res, err
	}
	var answer map[string]any
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		return nil, err
	}
	answer["fees"].(map[string]any)["total_fees"] = d.fees
	body, err := json.Marshal(answer)
	res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return res, err
}

// Nobody has approved of fees that rise between the plan and the payout: nothing is
// sent, be it a question that somebody thought about or a saved plan. Lower fees are
// taken.
func TestFeesThatRise(t *testing.T) {
	for _, tt := range []struct {
		name, fees string
		pays       bool
	}{
		{"higher", "3.51", false},
		{"as high", "3.50", true},
		{"lower", "1", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := &dearer{}
				w := payer(t, func(rt http.RoundTripper) http.RoundTripper { d.RoundTripper = rt; return d })
				plan := func() (*engine.Project, *engine.Invoked) {
					p, err := engine.Open(w.options(paying + rent))
					if err != nil {
						t.Fatal(err)
					}
					iv, err := p.PlanInvoke(context.Background(), engine.InvokeOptions{Addr: rentAddr})
					if err != nil {
						t.Fatalf("%v\n%s", err, w.said())
					}
					return p, iv
				}
				p, iv := plan()
				saved := iv.SavedInvoke(0)
				time.Sleep(10 * time.Minute) // somebody thinks about it
				d.fees = tt.fees
				_, again := plan()
				_, stale := errors.AsType[*planfile.StaleError](again.Check(t.Context(), &saved))
				if stale == tt.pays {
					t.Errorf("the saved plan is stale: %v, want %v", stale, !tt.pays)
				}
				sum, err := p.Invoke(context.Background(), iv, engine.ApplyOptions{})
				if paid := err == nil && sum.Run == 1; paid != tt.pays || len(w.sim.Payouts()) != sum.Run {
					t.Errorf("%+v, %v, %d payouts\n%s", sum, err, len(w.sim.Payouts()), w.said())
				}
				if !tt.pays && (!strings.Contains(w.said(), "the fees have risen from 3.50 to 3.51") || len(w.runs(t)) != 0) {
					t.Errorf("%v\n%s", w.runs(t), w.said())
				}
			})
		})
	}
}
