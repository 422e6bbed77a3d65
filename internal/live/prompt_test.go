package live

import (
	"context"
	"encoding/json"
	"fmt"
	"path"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/kira"
	"kiraform/schema/kinds"
)

// world is a Kira with users, all of one status.
type world struct {
	status atomic.Value
	reads  atomic.Int64
}

// u1 is one of them.
var u1 = addr.Object{Kind: "kira_user", ID: "u1"}

func newWorld(status string) *world {
	w := &world{}
	w.status.Store(status)
	return w
}

// Do implements [kinds.API].
func (w *world) Do(_ context.Context, r kira.Request, out any) error {
	w.reads.Add(1)
	answer := fmt.Sprintf(`{"id": %q, "type": "individual", "status": %q}`, path.Base(r.Path), w.status.Load())
	return json.Unmarshal([]byte(answer), out)
}

// until starts to wait for the object u1, and returns after the wait is old
// enough for rounds to be far apart.
func (w *world) until(t *testing.T, watch *Watch) (told chan time.Time, stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	told = make(chan time.Time, 1)
	go func() {
		watch.Until(ctx, Watched{Object: u1, Attr: "status"}, func(seen cty.Value) string {
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
		watch := NewWatch(kinds.Call{API: w})
		told, stop := w.until(t, watch)
		defer stop()
		time.Sleep(time.Second) // away from a round
		w.status.Store("VERIFIED")
		began := time.Now()
		watch.Look(u1)
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
		watch := NewWatch(kinds.Call{API: w})
		told, stop := w.until(t, watch)
		watch.Look(u1)
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
		watch := NewWatch(kinds.Call{API: w})
		_, stop := w.until(t, watch)
		const seconds = 60
		for range seconds * 100 {
			watch.Look(u1)
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
		watch := NewWatch(kinds.Call{API: w})
		watch.Look(u1) // nobody waits yet
		_, stop := w.until(t, watch)
		time.Sleep(time.Second)
		w.reads.Store(0)
		for range 1000 {
			watch.Look(addr.Object{Kind: u1.Kind, ID: "another"})
		}
		synctest.Wait()
		if n := w.reads.Load(); n != 0 {
			t.Errorf("%d requests", n)
		}
		stop()
		watch.Look(u1) // nobody waits any more
		time.Sleep(time.Minute)
		if n := w.reads.Load(); n != 0 {
			t.Errorf("%d requests after the wait", n)
		}
	})
}
