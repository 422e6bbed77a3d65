package engine_test

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"kiraform/internal/engine"
)

// Law 5, for saved plans: what is read is what was written, and it holds
// against the plan that it was made from.
func TestLawPlanFileRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := fresh(t, rt)
		w.run(rt, random(rt), engine.PlanOptions{}, true)
		o := engine.PlanOptions{Same: changeable, Destroy: rapid.Bool().Draw(rt, "destroy"), Wait: rapid.Bool().Draw(rt, "wait")}
		src := random(rt)
		pl := w.run(rt, src, o, false)
		saved := pl.Saved(o)
		data, err := saved.Encode()
		if err != nil {
			rt.Fatal(err)
		}
		got, err := engine.ReadPlanFile(data)
		if err != nil || !reflect.DeepEqual(*got, saved) {
			rt.Fatalf("read back %+v, %v\nwant %+v", got, err, saved)
		}
		if err := got.Check(w.run(rt, src, o, false)); err != nil {
			rt.Fatalf("stale although nothing moved: %v", err)
		}
	})
}

func FuzzReadPlanFile(f *testing.F) {
	f.Add([]byte(`{"kiraform_plan":1,"targets":["kira_user.a"]}`))
	f.Add([]byte(`{"kiraform_plan":2,"place":{"environment":"sandbox"}}`))
	f.Add([]byte(`{"kiraform_plan":3,"version":"9"}`))
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := engine.ReadPlanFile(data)
		if (p == nil) == (err == nil) {
			t.Fatalf("ReadPlanFile = %v, %v", p, err)
		}
	})
}
