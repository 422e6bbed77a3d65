package engine_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"testing/synctest"

	"kiraform/internal/engine"
	"kiraform/internal/kira"
)

// Something between may answer a create with an object of somebody else. Such an
// object is at no address, and the one that was asked for is found by the next
// apply.
func TestAnAnswerAboutSomebodyElse(t *testing.T) {
	const nobody = "00000000-0000-4000-8000-000000000000"
	for name, tt := range map[string]struct {
		before string // who is at Kira already, and not in the state
		answer func(w *world, doc map[string]any)
	}{
		"another e-mail, and an id that nobody has": {"", func(_ *world, doc map[string]any) {
			doc["id"], doc["email"] = nobody, "zed@example.com"
		}},
		"somebody who was there before": {one("z", "zed"), func(w *world, doc map[string]any) {
			zed := w.sim.Users()[0]
			doc["id"], doc["email"], doc["first_name"] = zed["id"], zed["email"], zed["first_name"]
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := virtual(t, nil)
				if tt.before != "" {
					if _, said, err := w.applied(t, simulated+tt.before, engine.ApplyOptions{}); err != nil {
						t.Fatal(said)
					}
					w.dir = t.TempDir()
				}
				had := len(w.sim.Users())
				honest := w.client
				w.client = func(c *kira.Client) {
					honest(c)
					next := c.HTTP.Transport
					c.HTTP = &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
						res, err := next.RoundTrip(r)
						if err != nil || r.Method != "POST" || r.URL.Path != "/sandbox/v1/users" {
							return res, err
						}
						var doc map[string]any
						if err := json.NewDecoder(res.Body).Decode(&doc); err != nil {
							return nil, err
						}
						tt.answer(w, doc)
						text, err := json.Marshal(doc)
						res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
						return res, err
					})}
				}
				src := simulated + one("a", "ana")
				sum, said, err := w.applied(t, src, engine.ApplyOptions{})
				if err != nil || sum.Failed != 1 {
					t.Fatalf("%+v, %v; want it failed: the answer is not about it\n%s", sum, err, said)
				}
				w.client = honest
				if sum, said, err = w.applied(t, src, engine.ApplyOptions{}); err != nil || !sum.OK() {
					t.Fatalf("%+v, %v\n%s", sum, err, said)
				}
				if got := len(w.sim.Users()); got != had+1 {
					t.Errorf("there are %d users, want %d", got, had+1)
				}
				if got := w.warned(t, src); len(got) > 0 {
					t.Errorf("it still warns of %q", got)
				}
			})
		})
	}
}
