package live

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
	"kiraform/schema/kinds"
)

// world is a Kira with objects of one kind, all of one status.
type world struct {
	kind   *kinds.Kind
	status atomic.Value
	reads  atomic.Int64
}

func newWorld(status string) *world {
	w := &world{}
	w.status.Store(status)
	w.kind = &kinds.Kind{Schema: &schema.Kind{Name: "test_user"}, Read: func(_ context.Context, c kinds.Call) (kinds.Object, error) {
		w.reads.Add(1)
		return kinds.Object{ID: c.ID, Seen: cty.ObjectVal(map[string]cty.Value{"status": cty.StringVal(w.status.Load().(string))})}, nil
	}}
	return w
}

// until starts to wait for the object u1, and returns after the wait is old
// enough for rounds to be far apart.
func (w *world) until(t *testing.T, watch *Watch) (told chan time.Time, stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	told = make(chan time.Time, 1)
	go func() {
		watch.Until(ctx, Watched{ID: ID{w.kind, "u1"}, Attr: "status"}, func(seen cty.Value) string {
			return seen.GetAttr("status").AsString()
		}, "REVIEW")
		told <- time.Now()
	}()
	time.Sleep(time.Minute)
	w.reads.Store(0)
	return told, func() { cancel(); <-told }
}

func TestAnEventMakesTheRunLookNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld("REVIEW")
		watch := NewWatch(kinds.Call{})
		told, stop := w.until(t, watch)
		defer stop()
		time.Sleep(time.Second) // away from a round
		w.status.Store("VERIFIED")
		began := time.Now()
		watch.Look(ID{w.kind, "u1"})
		at := <-told
		told <- at
		if took := at.Sub(began); took != 0 || w.reads.Load() > 1 {
			t.Errorf("it took %v and %d requests", took, w.reads.Load())
		}
	})
}

// An event says nothing of its own: as long as Kira shows the old status, the
// wait goes on.
func TestAnEventDecidesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld("REVIEW")
		watch := NewWatch(kinds.Call{})
		told, stop := w.until(t, watch)
		watch.Look(ID{w.kind, "u1"})
		synctest.Wait()
		time.Sleep(500 * time.Millisecond)
		if len(told) != 0 {
			t.Error("the wait ended, though Kira shows what it did")
		}
		stop()
	})
}

func TestReplaysForEverCostOneLookASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld("REVIEW")
		watch := NewWatch(kinds.Call{})
		_, stop := w.until(t, watch)
		const seconds = 60
		for range seconds * 100 {
			watch.Look(ID{w.kind, "u1"})
			time.Sleep(10 * time.Millisecond)
		}
		rounds := int64(seconds/10) + 1
		if n := w.reads.Load(); n > seconds+1+rounds || n < seconds-1 {
			t.Errorf("%d requests in %d seconds", n, seconds)
		}
		stop()
	})
}

func TestOtherObjectsCostNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld("REVIEW")
		watch := NewWatch(kinds.Call{})
		watch.Look(ID{w.kind, "u1"}) // nobody waits yet
		_, stop := w.until(t, watch)
		time.Sleep(time.Second)
		w.reads.Store(0)
		for range 1000 {
			watch.Look(ID{w.kind, "another"})
		}
		synctest.Wait()
		if n := w.reads.Load(); n != 0 {
			t.Errorf("%d requests", n)
		}
		stop()
		watch.Look(ID{w.kind, "u1"}) // nobody waits any more
		time.Sleep(time.Minute)
		if n := w.reads.Load(); n != 0 {
			t.Errorf("%d requests after the wait", n)
		}
	})
}
