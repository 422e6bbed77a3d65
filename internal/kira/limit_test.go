package kira

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"
)

func TestRateByHost(t *testing.T) {
	for base, want := range map[string]rate.Limit{
		"https://api.balampay.com/sandbox": 20,
		"https://kira.example.com":         20,
		"http://127.0.0.1:8787/sandbox":    rate.Inf,
		"http://[::1]:8787":                rate.Inf,
		"http://localhost:8787":            rate.Inf,
	} {
		c := &Client{BaseURL: base, APIKey: "k", ClientID: "c", Password: "p"}
		l, err := c.connect()
		if err != nil {
			t.Fatal(err)
		}
		check(t, base, l.limit.bucket.Limit(), want)
	}
}

// A rate that is asked for is that of each second, the first one too and one after a 429;
// the usual rate lets ten go out at once.
func TestRateIsKept(t *testing.T) {
	for name, tt := range map[string]struct {
		rate       float64 // 0 for the usual one
		refused    int     // the first so many are answered 429
		most       int     // requests in any second
		took, less time.Duration
	}{
		"the usual one": {most: 30, took: 4500 * time.Millisecond, less: 4600 * time.Millisecond}, // 101 with signing in, the others 50 ms apart
		"20":            {rate: 20, most: 20, took: 5 * time.Second, less: 5100 * time.Millisecond},
		"5":             {rate: 5, most: 5, took: 20 * time.Second, less: 20100 * time.Millisecond},
		"1":             {rate: 1, most: 1, took: 100 * time.Second, less: 101 * time.Second},
		"5, and a 429":  {rate: 5, refused: 1, most: 5, took: 20 * time.Second, less: 2 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &fake{}
				var mu sync.Mutex
				refused := tt.refused
				f.answer = func(sent) (*http.Response, error) {
					mu.Lock()
					defer mu.Unlock()
					if refused--; refused >= 0 {
						return reply(429, ``)
					}
					return reply(200, `{}`)
				}
				c := f.client()
				c.BaseURL, c.Rate = "https://kira.example.com", tt.rate
				began := time.Now()
				work(t, c, 100)
				if took := time.Since(began); took < tt.took || took > tt.less {
					t.Errorf("took %v, want %v", took, tt.took)
				}
				for i, s := range f.all {
					if i >= tt.most && s.at.Sub(f.all[i-tt.most].at) < time.Second {
						t.Fatalf("%d requests within %v, want %d a second at most", tt.most+1, s.at.Sub(f.all[i-tt.most].at), tt.most)
					}
				}
			})
		})
	}
}

// work sends n requests by ten workers.
func work(t *testing.T, c *Client, n int) {
	t.Helper()
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			for range n / 10 {
				if err := c.Do(t.Context(), get, nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

func TestTooManyRequestsHoldsEverybodyBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var once sync.Once
		var began time.Time
		f := &fake{delay: 100 * time.Millisecond}
		f.answer = func(sent) (*http.Response, error) {
			tooMany := false
			once.Do(func() { tooMany, began = true, time.Now() })
			if tooMany {
				return reply(429, ``, "Retry-After", "7")
			}
			return reply(200, `{}`)
		}
		work(t, f.client(), 100)
		late, atOnce := 0, map[time.Time]int{}
		for _, s := range f.all {
			switch after := s.at.Sub(began); {
			case after == f.delay: // at the very moment at which the 429 arrives, with the answers of nine others
				late++
			case after > 0 && after < 7*time.Second:
				t.Errorf("a request %v after the 429, want none for 7s", after)
			case after > 0:
				late++
				atOnce[s.at]++
			}
		}
		check(t, "requests after the pause", late, 91)
		for at, n := range atOnce {
			if n > 1 {
				t.Errorf("%d requests at once, %v after the 429; want them spread", n, at.Sub(began))
			}
		}
	})
}

func TestRateHalvesOnceForOneBurstAndComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(20, burst)
		for range 16 {
			if err := l.wait(t.Context(), func(string) {}); err != nil {
				t.Fatal(err)
			}
		}
		began := time.Now()
		time.Sleep(time.Second)
		for range 10 {
			l.slower(began, 0)
		}
		check(t, "rate after ten 429", l.bucket.Limit(), 8)
		for range 50 {
			l.faster()
		}
		if got := l.bucket.Limit(); got < 8.99 || got > 9.01 {
			t.Errorf("rate after 50 successes = %v, want 9", got)
		}
		for range 10000 {
			l.faster()
		}
		check(t, "rate in the end", l.bucket.Limit(), 20)
	})
}

// A Kira that takes five requests a second is asked for nearly as many.
func TestALimitIsUsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		taken := make(map[int64]int)
		f := &fake{delay: 20 * time.Millisecond}
		f.answer = func(s sent) (*http.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			if taken[s.at.Unix()]++; taken[s.at.Unix()] > 5 {
				return reply(429, ``, "Retry-After", "1")
			}
			return reply(200, `{}`)
		}
		began := time.Now()
		work(t, f.client(), 160)
		if took := time.Since(began); took > 40*time.Second {
			t.Errorf("160 requests took %v at 5 a second, want 40s at most", took)
		}
	})
}

func TestUnlimitedRateLearnsFromWhatWentOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(rate.Inf, burst)
		for range 40 {
			if err := l.wait(t.Context(), func(string) {}); err != nil {
				t.Fatal(err)
			}
		}
		l.slower(time.Now(), 0)
		check(t, "rate", l.bucket.Limit(), 20)
		for range 20 {
			time.Sleep(time.Second)
			l.slower(time.Now(), 0)
		}
		check(t, "rate after many 429", l.bucket.Limit(), leastRate)
	})
}

func TestWaitingSaysSoAndEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(20, burst)
		l.slower(time.Now(), 30*time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		began := time.Now()
		var said []string
		err := l.wait(ctx, func(s string) { said = append(said, s) })
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error = %v", err)
		}
		check(t, "took", time.Since(began), 3*time.Second)
		check(t, "said", strings.Join(said, ";"), "waiting 30s: Kira asked for fewer requests")
	})
}
