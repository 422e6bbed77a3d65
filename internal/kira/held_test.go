package kira

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// A request that is held back is not sent, and is known to be not done; one of which
// only a later try is held back may have been carried out.
func TestHeldBack(t *testing.T) {
	lost := errors.New("the lock was lost")
	for _, tt := range []struct {
		name    string
		after   int // sendings until it is lost: signing in is the first
		sent    int // of the request itself
		notDone bool
	}{
		{"before signing in", 0, 0, true},
		{"before the request", 1, 0, true},
		{"before the second try", 2, 1, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := &fake{answer: func(sent) (*http.Response, error) { return nil, errors.New("the connection broke") }}
			asked := 0
			c := f.client()
			c.Held = func(context.Context) error {
				if asked++; asked > tt.after {
					return lost
				}
				return nil
			}
			err := c.Do(t.Context(), Request{Method: "POST", Path: "/v1/users", Body: struct{}{}, Key: "k"}, nil)
			if !errors.Is(err, lost) {
				t.Fatalf("%v, want why it was held back", err)
			}
			e, ok := errors.AsType[interface {
				error
				NotDone() bool
			}](err)
			if !ok || e.NotDone() != tt.notDone {
				t.Errorf("%v: not done is %v, want %v", err, ok && e.NotDone(), tt.notDone)
			}
			if len(f.all) != tt.sent {
				t.Errorf("it was sent %d times, want %d", len(f.all), tt.sent)
			}
		})
	}
}

// A request whose first try is so long ago that Kira may have forgotten the key is not
// sent once more: it would be carried out twice. One without a key is.
func TestAKeyThatMayBeForgotten(t *testing.T) {
	for _, tt := range []struct {
		name   string
		method string
		key    string
		takes  time.Duration
		sent   int
	}{
		{"a try that took 13 hours", "POST", "k", 13 * time.Hour, 1},
		{"tries that took 5 hours each", "POST", "k", 5 * time.Hour, 3},
		{"tries that took a minute each", "POST", "k", time.Minute, 5},
		{"a look that took 13 hours", "GET", "", 13 * time.Hour, 5},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &fake{answer: func(sent) (*http.Response, error) {
					time.Sleep(tt.takes)
					return nil, errors.New("the connection broke")
				}}
				var body any
				if tt.method == "POST" {
					body = struct{}{}
				}
				err := f.client().Do(t.Context(), Request{Method: tt.method, Path: "/v1/users", Body: body, Key: tt.key}, nil)
				e, ok := errors.AsType[*NoAnswer](err)
				if !ok || e.NotDone() || errors.Is(err, errKeyOld) != (tt.sent < 5) {
					t.Errorf("%v: want no answer to a request that may have been carried out", err)
				}
				if len(f.all) != tt.sent {
					t.Errorf("it was sent %d times, want %d", len(f.all), tt.sent)
				}
			})
		})
	}
}
