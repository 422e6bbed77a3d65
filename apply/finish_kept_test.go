package apply_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/apply"
	"kiraform/internal/addr"
	"kiraform/internal/eval"
	"kiraform/internal/event"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// An object whose answer cannot be written down is in memory, so that the run can save
// it at its end. If the state does not know the object at all, it is named.
func TestAnAnswerThatCannotBeWrittenDown(t *testing.T) {
	a := thing("user")
	for name, tt := range map[string]struct {
		breaks int
		known  bool // the object is updated, and not made
		named  []addr.Resource
		sent   bool // the state has the request's content
	}{
		"the intent of a create":  {1, false, nil, false},
		"the answer to a create":  {2, false, []addr.Resource{a}, true},
		"the intent of an update": {1, true, nil, false},
		"the answer to an update": {2, true, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				st, change := state.New("l"), create(a)
				if tt.known {
					st.Resources[a] = state.Object{ID: "id-user"}
					change = update(st, a)
				}
				r := run{journal: journal{breaks: tt.breaks}}
				r.do(t, planned(change), st, apply.Options{Provider: &api{}})
				if r.err == nil || r.sum.Failed != 1 || !slices.Equal(r.sum.Unwritten, tt.named) {
					t.Errorf("%v; the unwritten are %v, want %v", r.err, r.sum.Unwritten, tt.named)
				}
				if o, has := st.Resources[a]; has != (tt.known || tt.sent) || !o.Sent.IsZero() != tt.sent {
					t.Errorf("the state has it: %v, %+v", has, o)
				}
			})
		})
	}
}

// Several of them are named in order.
func TestAnswersThatCannotBeWrittenDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run{journal: journal{breaks: 4}}
		r.do(t, planned(create(thing("c")), create(thing("a")), create(thing("b"))), state.New("l"),
			apply.Options{Provider: &api{hold: map[string]time.Duration{"a": 2 * time.Second, "b": 3 * time.Second}}})
		if want := []addr.Resource{thing("a"), thing("b"), thing("c")}; !slices.Equal(r.sum.Unwritten, want) {
			t.Errorf("%v, want %v", r.sum.Unwritten, want)
		}
	})
}

// dimKind has an attribute that Kira never shows.
var dimKind = func() schema.Kind {
	k := slowKind
	k.Name = "dim"
	k.Attrs = append(slices.Clone(k.Attrs), schema.Attr{Name: "secret", Type: cty.String, Class: schema.Unreadable})
	return k
}()

// dim is a program and a Kira for it.
type dim struct {
	program
	*api
	unread error // of looks; nil for none
}

func (dim) Eval(a addr.Resource, _ *eval.Values) (eval.Resource, hcl.Diagnostics) {
	attrs := config(a).AsValueMap()
	attrs["secret"] = cty.StringVal("written")
	return eval.Resource{Config: cty.ObjectVal(attrs)}, nil
}

func (d dim) Read(ctx context.Context, op apply.Op) (apply.Result, error) {
	op.Note(event.Note{Addr: op.Addr.String(), Text: "is looked at"})
	if d.unread != nil {
		return apply.Result{}, d.unread
	}
	res, err := d.api.Read(ctx, op)
	attrs := res.Seen.AsValueMap()
	attrs["secret"] = cty.NullVal(cty.String)
	res.Seen, res.Unlooked = cty.ObjectVal(attrs), []string{"name"}
	return res, err
}

// What is known of an object that is waited for stays known when it is ready, is in the
// journal then, and is what its dependants see.
func TestWhatIsKnownOfAnObjectThatBecomesReady(t *testing.T) {
	a := addr.Resource{Kind: "dim", Name: "account"}
	synctest.Test(t, func(t *testing.T) {
		d := dim{api: &api{ready: time.Now().Add(5 * time.Second)}}
		now, _ := d.Eval(a, nil)
		st := state.New("l")
		key := theKey(t)
		seen := cty.ObjectVal(map[string]cty.Value{"id": cty.StringVal("theirs"), "name": cty.StringVal("account"), "number": cty.NullVal(cty.String), "secret": cty.NullVal(cty.String)})
		st.Resources[a] = state.Object{ID: "theirs", Adopted: true, Unproven: []string{"secret"}, Unsure: []string{"name"},
			Stored: []state.Stored{{Path: "name"}}, Seen: key.Seal(&dimKind, "", seen)}
		c := plan.Change{Addr: a, Action: plan.NoOp, Prior: st.Resources[a], Config: now.Config}
		var r run
		r.do(t, planned(c), st, apply.Options{Provider: d, Program: d, Wait: time.Minute, Kinds: map[string]*schema.Kind{"dim": &dimKind}})
		o := st.Resources[a]
		if r.err != nil || o.Seen.Member("number").IsNull() || !o.Adopted || !slices.Equal(o.Unproven, []string{"secret"}) || !slices.Equal(o.Unsure, []string{"name"}) ||
			len(o.Stored) != 1 || !slices.Equal(o.Unlooked, []string{"name"}) {
			t.Errorf("%v, %+v", r.err, o)
		}
		last := r.journal.records[len(r.journal.records)-1]
		if last.Object == nil || last.Object.Seen.Member("number").IsNull() {
			t.Errorf("the journal ends with %+v", last)
		}
		if !slices.Contains(r.log, "account is looked at") || !slices.Contains(r.log, "account is ready for use") {
			t.Errorf("told %q", r.log)
		}
	})
}

// An object that is waited for and cannot be looked at exists: that is said, and what
// needs it goes on.
func TestAnObjectThatIsWaitedForCannotBeLookedAt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := dim{api: &api{ready: time.Now().Add(time.Hour)}, unread: errors.New("403")}
		now, _ := d.Eval(slow, nil)
		a := addr.Resource{Kind: "dim", Name: "account"}
		c := plan.Change{Addr: a, Action: plan.Create, Config: now.Config, After: eval.Now(plan.Propose(&dimKind, now.Config, cty.NilVal))}
		need := create(thing("payout"))
		need.Needs = []addr.Resource{a}
		var r run
		r.do(t, planned(c, need), state.New("l"), apply.Options{Provider: d, Program: d, Wait: time.Minute, Kinds: map[string]*schema.Kind{"dim": &dimKind, "thing": &kind}})
		if !slices.Contains(r.log, "account is not ready: it could not be read again: 403") || !slices.Contains(r.log, "=payout") || r.err != nil {
			t.Errorf("%v, told %q", r.err, r.log)
		}
	})
}

// A look at an object that is waited for and that cannot be written down ends the run.
func TestALookThatCannotBeWrittenDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run{journal: journal{breaks: 3}}
		r.do(t, planned(create(slow)), state.New("l"), apply.Options{Provider: &api{ready: time.Now().Add(5 * time.Second)}, Wait: time.Minute})
		if r.err == nil || !strings.Contains(r.err.Error(), "the disk is full") {
			t.Errorf("Run = %v", r.err)
		}
	})
}

// gate is a Kira that cannot say whether a gate is open.
type gate struct {
	*api
	hold apply.Hold
	err  error
}

func (g gate) Hold(_ context.Context, op apply.Op) (apply.Hold, error) {
	return g.hold, g.err
}

// A gate that cannot be judged fails its resource, and nothing is sent.
func TestAGateThatCannotBeJudged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r run
		p := gate{api: &api{}, err: errors.New("403")}
		p.sent = func(name string) { t.Errorf("%s was sent", name) }
		r.do(t, diamond(), state.New("l"), apply.Options{Provider: p, Wait: time.Minute})
		if r.err != nil || r.sum.Failed != 1 || !slices.Contains(r.log, "!user") || r.took > 0 {
			t.Errorf("%v, %+v, %q after %v", r.err, r.sum, r.log, r.took)
		}
	})
}

// One that has ended during the wait says how it can be mended.
func TestAnEndNamesItsRemedy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r run
		r.do(t, planned(create(slow)), state.New("l"), apply.Options{Provider: &api{ready: time.Now().Add(5 * time.Second), ends: true}, Wait: time.Minute})
		said := slices.ContainsFunc(r.events, func(e event.Event) bool {
			end, ok := e.(event.End)
			return ok && end.ID == "id-account" && end.Err == "it exists, but is over at Kira, and cannot be used. Mend slow.account."
		})
		if !said || !r.sum.Dead[slow] {
			t.Errorf("%+v, told %+v", r.sum, r.events)
		}
	})
}
