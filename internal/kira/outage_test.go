package kira

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// crowded sends n creates with ten workers, and returns their errors.
func crowded(ctx context.Context, c *Client, n int) []error {
	errs, slots := make([]error, n), make(chan struct{}, 10)
	var all sync.WaitGroup
	for i := range n {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			errs[i] = c.Do(ctx, Request{Method: "POST", Path: "/v1/users", Key: fmt.Sprint("k", i), Body: i}, nil)
		})
	}
	all.Wait()
	return errs
}

// That nobody listens is found out once: one request is tried again, for as long as one
// is, and the others wait for that or are tried once.
func TestADeadServerIsFoundOutOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{answer: inTurn(fails(errRefused))}
		began := time.Now()
		errs := crowded(t.Context(), f.client(), 40)
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("it took %v", took)
		}
		check(t, "tries", f.count(), 40+defaultTries-1)
		for _, err := range errs {
			e, ok := errors.AsType[*NoAnswer](err)
			if !ok || !e.NotDone() || e.Refused() {
				t.Errorf("error = %#v, want one that is not done", err)
			}
		}
	})
}

// A server that comes back within the time of one request's tries gets every request,
// each once.
func TestAServerThatComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began, taken := time.Now(), make(map[string]int)
		var mu sync.Mutex
		f := &fake{answer: func(s sent) (*http.Response, error) {
			if time.Since(began) < 300*time.Millisecond {
				return nil, errRefused
			}
			mu.Lock()
			defer mu.Unlock()
			taken[s.key]++
			return reply(201, `{}`)
		}}
		for _, err := range crowded(t.Context(), f.client(), 40) {
			if err != nil {
				t.Error(err)
			}
		}
		for key, n := range taken {
			if n != 1 {
				t.Errorf("%s was taken %d times", key, n)
			}
		}
		check(t, "requests taken", len(taken), 40)
	})
}

// Once a server is known to be dead, a request that is let in ends that, and so does time:
// then one is tried again as ever.
func TestADeadServerIsNotForgottenNorKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		get, dead := Request{Method: "GET", Path: "/v1/users"}, true
		f := &fake{answer: func(sent) (*http.Response, error) {
			if dead {
				return nil, errRefused
			}
			return reply(200, `{}`)
		}}
		c := f.client()
		tries := func() int {
			before := f.count()
			if err := c.Do(t.Context(), get, nil); (err != nil) != dead {
				t.Errorf("error = %v", err)
			}
			return f.count() - before
		}
		check(t, "tries of the first", tries(), 5)
		check(t, "tries of the next", tries(), 1)
		dead = false
		check(t, "tries once it is back", tries(), 1)
		dead = true
		check(t, "tries when it is gone again", tries(), 5)
		time.Sleep(outageKnown)
		check(t, "tries after a while", tries(), 5)
	})
}

// A scout that is cancelled knows nothing: another request takes its place.
func TestACancelledScout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{answer: inTurn(fails(errRefused))}
		c := f.client()
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() { _ = c.Do(ctx, Request{Method: "GET", Path: "/v1/users"}, nil) })
		synctest.Wait()
		all.Go(func() { _ = c.Do(t.Context(), Request{Method: "GET", Path: "/v1/recipients"}, nil) })
		synctest.Wait()
		cancel()
		all.Wait()
		n := 0
		for _, s := range f.all {
			if s.path == "/v1/recipients" {
				n++
			}
		}
		check(t, "tries of the other", n, 5)
	})
}
