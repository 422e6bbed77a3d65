package apply_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/apply"
	"kiraform/internal/addr"
	"kiraform/internal/eval"
	"kiraform/plan"
	"kiraform/state"
)

var slow = addr.Resource{Kind: "slow", Name: "account"}

// update is a change of an object that the state has.
func update(st *state.State, a addr.Resource) plan.Change {
	return plan.Change{Addr: a, Action: plan.Update, Prior: st.Resources[a], Config: config(a), After: eval.Now(plan.Propose(&kind, config(a), cty.NilVal)),
		Because: []plan.Reason{{Path: cty.GetAttrPath("name"), Cause: plan.Configured}}}
}

// An object that has become ready is the one that was made or adopted: how it came to be,
// and when it was written to, stays known.
func TestAnObjectThatBecomesReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var made, adopted run
		made.do(t, planned(create(slow)), state.New("l"), apply.Options{Provider: &api{ready: began.Add(5 * time.Second)}, Wait: time.Minute})
		if o := made.st.Resources[slow]; o.Seen.Member("number").IsNull() || o.Adopted || !o.Written.Equal(began) {
			t.Errorf("made: %+v", o)
		}
		adopted.do(t, planned(create(slow)), state.New("l"), apply.Options{
			Provider: &api{ready: time.Now().Add(5 * time.Second), adopts: map[string]string{"account": "theirs"}}, Wait: time.Minute})
		if o := adopted.st.Resources[slow]; o.Seen.Member("number").IsNull() || !o.Adopted || o.ID != "theirs" || !slices.Contains(adopted.log, "account adopted") {
			t.Errorf("adopted: %+v", o)
		}
	})
}

// An object that was adopted once is not adopted again by an update; and one that is
// updated is not judged by its end as one is that was just made.
func TestAnUpdateOfAnAdoptedObject(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, a := range []addr.Resource{thing("account"), slow} {
			st := state.New("l")
			st.Resources[a] = state.Object{ID: "theirs", Adopted: true}
			var r run
			r.do(t, planned(update(st, a)), st, apply.Options{Provider: &api{adopts: map[string]string{"account": "theirs"}, ends: true}, Wait: time.Minute})
			if !r.sum.OK() || r.sum.Done[plan.Update] != 1 || slices.Contains(r.log, "account adopted") {
				t.Errorf("%s: %+v, %q", a, r.sum, r.log)
			}
		}
	})
}

// mixed is a Kira that shows another object than the one that is asked for.
type mixed struct{ *api }

func (m mixed) Read(_ context.Context, op apply.Op) (apply.Result, error) {
	return apply.Result{ID: op.Prior.ID, Seen: m.seen(op, "id-zed")}, nil
}

// Another object that is shown while one is waited for ends the run, and is not stored.
func TestAnotherObjectIsShownToOneWhoWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r run
		r.do(t, planned(create(slow)), state.New("l"), apply.Options{Provider: mixed{&api{ready: time.Now().Add(5 * time.Second)}}, Wait: time.Minute})
		if r.err == nil || !strings.Contains(r.err.Error(), "id-zed") || !r.st.Resources[slow].Seen.Member("number").IsNull() {
			t.Errorf("%v, %+v", r.err, r.st.Resources[slow])
		}
	})
}
