package live

import (
	"context"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/kira"
	"kiraform/schema/kinds"
)

// slow is a Kira that answers late: each answer is as things were when it was asked.
type slow struct {
	*world
	takes time.Duration
}

// Do implements [kinds.API].
func (s slow) Do(_ context.Context, r kira.Request, out any) error {
	answer := fmt.Sprintf(`{"id": %q, "type": "individual", "status": %q}`, path.Base(r.Path), s.status.Load())
	time.Sleep(s.takes)
	return json.Unmarshal([]byte(answer), out)
}

// waiting waits for the status of u1 to be another one than was.
func waiting(t *testing.T, w *Watch, was string) (told chan string) {
	told = make(chan string, 1)
	what := Watched{Object: u1, Attr: "status"}
	go func() {
		w.Until(t.Context(), what, func(seen cty.Value) string { return seen.GetAttr("status").AsString() }, was)
		is, _ := w.Last(what)
		told <- is
	}()
	return told
}

// An observation is as old as the question, however late the answer comes: it is not
// handed over once it is too old.
func TestALateAnswerIsOld(t *testing.T) {
	for takes, want := range map[time.Duration]bool{time.Second: true, fresh + time.Second: false} {
		synctest.Test(t, func(t *testing.T) {
			w := NewWatch(kinds.Call{API: slow{newWorld("VERIFIED"), takes}})
			if is := <-waiting(t, w, "REVIEW"); is != "VERIFIED" {
				t.Errorf("told %q", is)
			}
			if _, _, ok := w.Found(u1, cty.NilVal); ok != want {
				t.Errorf("after %v it is handed over: %t, want %t", takes, ok, want)
			}
		})
	}
}

// Whoever begins to wait knows of later things than a look that is under way, such as
// the answer to an update, and is not told of these.
func TestALookThatBeganBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kira := slow{newWorld("VERIFIED"), 10 * time.Second}
		w := NewWatch(kinds.Call{API: kira})
		first := waiting(t, w, "VERIFIED")
		time.Sleep(firstLook + time.Second) // the look is on its way
		kira.status.Store("REVIEW")
		second := waiting(t, w, "REVIEW")
		if is := <-first; is != "REVIEW" {
			t.Errorf("the first was told %q", is)
		}
		select {
		case is := <-second:
			t.Errorf("the second was told %q, which was so before it began to wait", is)
		default:
		}
		kira.status.Store("VERIFIED")
		if is := <-second; is != "VERIFIED" {
			t.Errorf("the second was told %q", is)
		}
	})
}

// A look that is handed over says which attributes it cannot tell: a row those that rows
// lack, the object itself none.
func TestFoundSaysItsGaps(t *testing.T) {
	seen := func(status string) cty.Value {
		return cty.ObjectVal(map[string]cty.Value{"id": cty.StringVal("u1"), "type": cty.StringVal("individual"), "status": cty.StringVal(status)})
	}
	user, _ := kinds.ByName("kira_user")
	for row, want := range map[bool][]string{false: nil, true: slices.Sorted(slices.Values(user.RowLacks))} {
		w := NewWatch(kinds.Call{})
		w.found[u1] = finding{sight{id: "u1", obj: kinds.Object{Seen: seen("VERIFIED")}, row: row}, time.Now()}
		o, unlooked, ok := w.Found(u1, seen("REVIEW"))
		if !ok || !slices.Equal(unlooked, want) || o.Seen.GetAttr("status").AsString() != "VERIFIED" {
			t.Errorf("as a row %t: %#v, without %v, %t", row, o.Seen, unlooked, ok)
		}
	}
}

// failing is a Kira that fails so often, and answers then.
type failing struct {
	*world
	left int
}

// Do implements [kinds.API].
func (f *failing) Do(ctx context.Context, r kira.Request, out any) error {
	if f.left--; f.left >= 0 {
		return &kira.Error{Status: 401}
	}
	return f.world.Do(ctx, r, out)
}

// A failure or two end no wait; those who wait for something that cannot be looked at are
// woken to find that out.
func TestFailuresInARow(t *testing.T) {
	for failures, want := range map[int]string{patience - 1: "VERIFIED", patience: ""} {
		synctest.Test(t, func(t *testing.T) {
			w := NewWatch(kinds.Call{API: &failing{newWorld("VERIFIED"), failures}})
			if is := <-waiting(t, w, "REVIEW"); is != want {
				t.Errorf("after %d failures %q was told, want %q", failures, is, want)
			}
		})
	}
}
