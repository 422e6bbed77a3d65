package sched_test

import (
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"kiraform/internal/graph"
	"kiraform/internal/sched"
)

func walkOf(letters string) *graph.Walk[letter] {
	var g graph.Graph[letter]
	for _, l := range letters {
		g.Add(letter(l))
	}
	return g.Walk()
}

func TestATaskThatFreesItsSlotRunsOnBesideTheNext(t *testing.T) {
	walk, next := walkOf("ab"), make(chan struct{})
	var done []letter
	run := sched.New(walk, 1, func(n letter) sched.Task {
		return func(s *sched.Slot) func() error {
			if n == "a" {
				s.Free()
				s.Free() // once is enough
				<-next
			} else {
				close(next)
			}
			return func() error { done = append(done, n); walk.Done(n); return nil }
		}
	})
	if err := run.Do(nil); err != nil || len(done) != 2 {
		t.Errorf("Do = %v, and %v are done", err, done)
	}
}

func TestNoMoreTasksHoldSlotsThanThereAre(t *testing.T) {
	const slots = 3
	walk := walkOf("abcdefghijklmnopqrstuvwxyz")
	var busy, most atomic.Int32
	run := sched.New(walk, slots, func(n letter) sched.Task {
		return func(s *sched.Slot) func() error {
			most.Store(max(most.Load(), busy.Add(1)))
			s.Post(func() {})
			busy.Add(-1)
			if n < "m" {
				s.Free()
			}
			return func() error { walk.Done(n); return nil }
		}
	})
	if err := run.Do(nil); err != nil || most.Load() > slots {
		t.Errorf("Do = %v, and %d tasks held a slot of %d", err, most.Load(), slots)
	}
}

func TestTasksMadeAheadNeverRunOnceTheRunHasFailed(t *testing.T) {
	walk, made := walkOf("abc"), 0
	broken := errors.New("broken")
	run := sched.New(walk, 1, func(n letter) sched.Task {
		made++
		return func(*sched.Slot) func() error {
			if n != "a" {
				t.Errorf("%s ran after a had failed", n)
			}
			return func() error { return broken }
		}
	})
	if err := run.Do(nil); !errors.Is(err, broken) || made != 2 {
		t.Errorf("Do = %v, and %d tasks were made", err, made)
	}
	if left := walk.Left(); len(left) != 3 {
		t.Errorf("%v are left, and nothing was done", left)
	}
}

func TestAPostComesBeforeTheMakingOfTasksAheadOfTheirTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		walk, made, posted := walkOf("abcdefghij"), 0, 0
		run := sched.New(walk, 3, func(n letter) sched.Task {
			time.Sleep(time.Millisecond) // while tasks that run come to their posts
			made++
			return func(s *sched.Slot) func() error {
				s.Post(func() {
					if posted == 0 {
						posted = made
					}
				})
				return func() error { walk.Done(n); return nil }
			}
		})
		if err := run.Do(nil); err != nil || posted != 3 {
			t.Errorf("Do = %v, and %d tasks were made before one of the three that ran could post", err, posted)
		}
	})
}

// A task goes on beside the coordinator, which does the posts of each task in order.
func TestATaskDoesNotWaitForItsPosts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		walk := walkOf("a")
		var took time.Duration
		var order []int
		run := sched.New(walk, 4, func(n letter) sched.Task {
			return func(s *sched.Slot) func() error {
				began := time.Now()
				for i := range 3 {
					s.Post(func() {
						time.Sleep(time.Second)
						order = append(order, i)
					})
				}
				took = time.Since(began)
				return func() error { walk.Done(n); return nil }
			}
		})
		if err := run.Do(nil); err != nil || took != 0 || !slices.Equal(order, []int{0, 1, 2}) {
			t.Errorf("Do = %v, three posts took %v and came in the order %v", err, took, order)
		}
	})
}
