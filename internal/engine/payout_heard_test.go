package engine_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kiraform/internal/engine"
	"kiraform/internal/webhook"
)

// An event that names a payout makes a run that waits for it look at once; one that
// names another payout, or is not verified, makes it look at nothing.
func TestAnEventWakesThePayoutThatIsWaitedFor(t *testing.T) {
	for _, tt := range []struct {
		name    string
		verdict webhook.Verdict
		own     bool
		soon    bool
	}{
		{"its own", webhook.Valid, true, true},
		{"of another payout", webhook.Valid, false, false},
		{"that nobody has verified", webhook.Unverified, true, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := payer(t, nil)
				o := w.options(paying + rent)
				o.Events = webhook.Store{Dir: t.TempDir()}
				p, err := engine.Open(o)
				if err != nil {
					t.Fatal(err)
				}
				iv, err := p.PlanInvoke(context.Background(), engine.InvokeOptions{Addr: rentAddr})
				if err != nil {
					t.Fatalf("%v\n%s", err, w.said())
				}
				began := time.Now()
				go func() {
					time.Sleep(1100 * time.Millisecond)
					id := w.sim.Payouts()[0]["id"].(string)
					if err := w.sim.SetPayoutStatus(id, "COMPLETED"); err != nil {
						t.Error(err)
					}
					if !tt.own {
						id = "51000000-0000-4000-8000-999999999999"
					}
					keep(t, o.Events, tt.verdict, fmt.Sprintf(`{"event":"payout.completed","data":{"event_id":"e1","payout_id":%q}}`, id))
				}()
				if sum, err := p.Invoke(context.Background(), iv, engine.ApplyOptions{Wait: time.Minute}); err != nil || sum.Run != 1 || sum.Unready > 0 {
					t.Fatalf("%+v, %v\n%s", sum, err, w.said())
				}
				if took := time.Since(began); (took < 1500*time.Millisecond) != tt.soon {
					t.Errorf("it waited for %v", took)
				}
			})
		})
	}
}

// keep has a store keep one delivery, signed if it is to be valid.
func keep(t *testing.T, s webhook.Store, v webhook.Verdict, body string) {
	t.Helper()
	writer, err := s.Writer(nil, time.Now)
	if err != nil {
		t.Error(err)
		return
	}
	r := webhook.Receiver{Writer: writer, Kept: func(webhook.Kept, webhook.Delivery) {}, Lost: func(err error) { t.Error(err) }}
	req := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	if v == webhook.Valid {
		r.Secrets = webhook.Secrets{"a secret of a test"}
		mac := hmac.New(sha256.New, []byte("a secret of a test"))
		mac.Write([]byte(body))
		req.Header.Set("X-Signature-Sha256", hex.EncodeToString(mac.Sum(nil)))
	}
	r.ServeHTTP(httptest.NewRecorder(), req)
	if err := writer.Close(); err != nil {
		t.Error(err)
	}
}
