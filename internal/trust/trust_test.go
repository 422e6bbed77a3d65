package trust_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/trust"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// person is a kind of which Kira shows the name, and neither the number, which cannot
// change, nor the income.
var person = &schema.Kind{Name: "kira_person", Verbs: schema.CanRead | schema.CanUpdate, Attrs: []schema.Attr{
	{Name: "id", Type: cty.String, Computed: true},
	{Name: "name", Type: cty.String},
	{Name: "number", Type: cty.String, Class: schema.Unreadable, Fixed: true},
	{Name: "income", Type: cty.String, Class: schema.Unreadable},
}}

var ana = addr.Resource{Kind: "kira_person", Name: "ana"}

func key(t *testing.T, secret string) state.Key {
	t.Helper()
	k, err := state.NewKey([]byte(secret + "-0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func written(name, number, income string) cty.Value {
	return cty.ObjectVal(map[string]cty.Value{"id": cty.UnknownVal(cty.String), "name": cty.StringVal(name),
		"number": cty.StringVal(number), "income": cty.StringVal(income)})
}

// sent seals an object without its id, as one that was sent.
func sent(k state.Key, v cty.Value) state.Sealed {
	attrs := v.AsValueMap()
	delete(attrs, "id")
	return k.Seal(person, "salt", cty.ObjectVal(attrs))
}

func stateOf(k state.Key, v cty.Value) *state.State {
	st := state.New("l")
	st.Resources[ana] = state.Object{ID: "p1", Salt: "salt", Sent: sent(k, v)}
	return st
}

func equal(k state.Key, o state.Object, attr, value string) bool {
	at := cty.GetAttrPath(attr)
	return k.Equal(person.Name, o.Salt, at, o.Sent.At(at), cty.StringVal(value))
}

// With the old key a fingerprint that the written value matches is made anew, and
// nothing has to be believed. Any other value is believed as far as it cannot be sent
// again, and sent once if it can be; -trust believes all of them.
func TestObjectsWithAnotherKey(t *testing.T) {
	was := written("Ana", "N1", "low")
	for _, tt := range []struct {
		name        string
		lost, trust bool
		config      cty.Value
		believed    []string
		differs     []string
		number      bool // the state has the written number
		income      bool // the state has the written income
	}{
		{name: "the key is here, and the values are as they were", config: was, number: true, income: true},
		{name: "the key is here, and another number is written", config: written("Ana", "N2", "low"), believed: []string{"number"}, differs: []string{"number"}, number: true, income: true},
		{name: "the key is here, and another income is written", config: written("Ana", "N1", "high"), believed: []string{"income"}, number: true},
		{name: "the key is lost", lost: true, config: was, believed: []string{"number", "income"}, number: true},
		{name: "the key is lost, and the written values are trusted", lost: true, trust: true, config: was, believed: []string{"number", "income"}, number: true, income: true},
		{name: "nothing is written", config: cty.NilVal},
	} {
		t.Run(tt.name, func(t *testing.T) {
			from, to := key(t, "old"), key(t, "new")
			r := &trust.Rekeying{Renewal: state.Renewal{Old: from, New: to}, State: stateOf(from, was), Trust: tt.trust}
			if tt.lost {
				r.Old = state.Key{}
			}
			r.Object(person, ana, &plan.Change{Addr: ana, Config: tt.config})
			o := r.State.Resources[ana]
			var believed, differs []string
			for _, b := range r.Believed {
				for _, h := range b.Attrs {
					believed = append(believed, schema.PathString(h.Path))
				}
				differs = append(differs, b.Differs...)
			}
			if !slices.Equal(believed, tt.believed) || !slices.Equal(differs, tt.differs) {
				t.Errorf("believes %q, of which %q differ; want %q and %q", believed, differs, tt.believed, tt.differs)
			}
			names := slices.Sorted(slices.Values(tt.believed))
			if !slices.Equal(o.Unproven, names) {
				t.Errorf("%q are unproven, want %q", o.Unproven, names)
			}
			if tt.config == cty.NilVal {
				if !o.Sent.HoldsBlank() {
					t.Error("fingerprints are kept that nobody could make anew")
				}
				return
			}
			config := tt.config.AsValueMap()
			if got := equal(to, o, "number", config["number"].AsString()); got != tt.number {
				t.Errorf("the state has the written number: %t", got)
			}
			if got := equal(to, o, "income", config["income"].AsString()); got != tt.income {
				t.Errorf("the state has the written income: %t", got)
			}
		})
	}
}

// A person's word for an object of before says nothing of values that are believed now.
func TestAnotherKeyEndsATrust(t *testing.T) {
	from, st := key(t, "old"), stateOf(key(t, "old"), written("Ana", "N1", "low"))
	o := st.Resources[ana]
	o.Trusted, o.Unproven = &state.Trust{By: "eva"}, []string{"income"}
	st.Resources[ana] = o
	r := &trust.Rekeying{Renewal: state.Renewal{Old: from, New: key(t, "new")}, State: st}
	r.Object(person, ana, &plan.Change{Addr: ana, Config: written("Ana", "N2", "low")})
	if got := r.State.Resources[ana]; got.Trusted != nil || !slices.Equal(got.Unproven, []string{"income", "number"}) {
		t.Errorf("trusted by %+v, and unproven are %q", got.Trusted, got.Unproven)
	}
}

// A request without an answer goes out with its key once more only if its content is
// known: by the old key, or since a person believes it. Whatever only a person knows is
// named.
func TestRequestsWithAnotherKey(t *testing.T) {
	was := written("Ana", "N1", "low")
	for _, tt := range []struct {
		name        string
		lost, trust bool
		config      cty.Value
		same        bool // it goes out once more
		unknown     bool // it is named
	}{
		{name: "the key is here, and the same is written", config: was, same: true},
		{name: "the key is here, and something else is written", config: written("Ana", "N2", "low"), unknown: true},
		{name: "the key is here, and part of it is not known", config: cty.ObjectVal(map[string]cty.Value{"name": cty.StringVal("Ana"),
			"number": cty.UnknownVal(cty.String), "income": cty.StringVal("low")}), unknown: true},
		{name: "the key is lost", lost: true, config: was, unknown: true},
		{name: "the key is lost, and the written values are trusted", lost: true, trust: true, config: was, same: true, unknown: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			from, to := key(t, "old"), key(t, "new")
			whole := func(v cty.Value) cty.Value {
				attrs := v.AsValueMap()
				delete(attrs, "id")
				return cty.ObjectVal(attrs)
			}
			config := whole(tt.config)
			in := state.Intent{Key: "k1", Addr: ana, Action: "create", Salt: "salt", Sent: sent(from, was), Digest: from.Digest(plan.Body(person, whole(was)))}
			r := &trust.Rekeying{Renewal: state.Renewal{Old: from, New: to}, State: state.New("l"), Trust: tt.trust}
			if tt.lost {
				r.Old = state.Key{}
			}
			if err := r.Intent(person, in, &plan.Change{Addr: ana, Config: config}); err != nil {
				t.Fatal(err)
			}
			got, want := r.State.Intents["k1"], ""
			if tt.same {
				want = to.Digest(plan.Body(person, config))
			}
			if got.Digest != want {
				t.Errorf("its digest is %q, want %q", got.Digest, want)
			}
			if got.Sent.HoldsBlank() == tt.same {
				t.Errorf("what it sent is known: %t", !got.Sent.HoldsBlank())
			}
			if named := len(r.Unknown) == 1 && r.Unknown[0].Key == "k1"; named != tt.unknown {
				t.Errorf("it names %v", r.Unknown)
			}
		})
	}
}

// A request whose block is gone stops the change of keys, and nothing of it is done.
func TestARequestWithoutABlock(t *testing.T) {
	from := key(t, "old")
	for name, c := range map[string]*plan.Change{"there is no change": nil, "it is forgotten": {Addr: ana, Config: cty.NullVal(cty.EmptyObject)}} {
		r := &trust.Rekeying{Renewal: state.Renewal{Old: from, New: key(t, "new")}, State: state.New("l")}
		err := r.Intent(person, state.Intent{Key: "k1", Addr: ana, Action: "create"}, c)
		if err == nil || !strings.Contains(err.Error(), "kiraform state rm -unanswered kira_person.ana") {
			t.Errorf("%s: %v", name, err)
		}
		if len(r.State.Intents) > 0 {
			t.Errorf("%s: it was taken over all the same", name)
		}
	}
}

// A person can answer for the attributes that are assumed, and for no other value than
// the one that was.
func TestTrust(t *testing.T) {
	k, config := key(t, "key"), written("Ana", "N1", "low")
	at := time.Date(2026, 4, 14, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name     string
		object   state.Object
		because  []plan.Reason
		attrs    []string
		refused  bool
		imported bool
	}{
		{name: "all is proven", object: state.Object{Sent: sent(k, config)}},
		{name: "one attribute is assumed", object: state.Object{Sent: sent(k, config), Unproven: []string{"income"}}, attrs: []string{"income"}},
		{name: "nothing was ever sent", object: state.Object{Unproven: []string{"income", "number"}}, attrs: []string{"number", "income"}, imported: true},
		{name: "the assumed attribute was edited", object: state.Object{Sent: sent(k, config), Unproven: []string{"income"}},
			because: []plan.Reason{{Path: cty.GetAttrPath("income"), Cause: plan.Configured}}, refused: true},
		{name: "another attribute was edited", object: state.Object{Sent: sent(k, config), Unproven: []string{"income"}},
			because: []plan.Reason{{Path: cty.GetAttrPath("name"), Cause: plan.Configured}}, attrs: []string{"income"}},
		{name: "it would be sent once", object: state.Object{Sent: sent(k, config), Unproven: []string{"income"}},
			because: []plan.Reason{{Path: cty.GetAttrPath("income"), Cause: plan.Unreadable}}, attrs: []string{"income"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.object.ID, tt.object.Salt = "p1", "salt"
			st := state.New("l")
			st.Resources[ana] = tt.object
			got, err := trust.Of(st, k, person, &plan.Change{Addr: ana, Config: config, Because: tt.because})
			if refused := err != nil; refused != tt.refused {
				t.Fatalf("got %v", err)
			}
			if tt.refused {
				return
			}
			var attrs []string
			for _, h := range got.Attrs {
				attrs = append(attrs, schema.PathString(h.Path))
			}
			if got.Addr != ana || got.ID != "p1" || !slices.Equal(attrs, tt.attrs) {
				t.Errorf("of %s (%s) %q are assumed, want %q", got.Addr, got.ID, attrs, tt.attrs)
			}
			o := got.Confirmed("eva", at).Resources[ana]
			if o.Trusted == nil || *o.Trusted != (state.Trust{By: "eva", At: at}) || len(o.Unproven) > 0 || o.Imported != tt.imported {
				t.Errorf("it became %+v", o)
			}
			if !equal(k, o, "income", "low") || !equal(k, o, "number", "N1") {
				t.Error("the state has not the written values")
			}
			if name := o.Sent.At(cty.GetAttrPath("name")).Shown(); tt.imported != name.IsNull() {
				t.Errorf("of a name that was never sent the state has %#v", name)
			}
		})
	}
}

// An object is counted as unproven if nobody compared something that this plan does not
// send either.
func TestUnproven(t *testing.T) {
	k, config := key(t, "key"), written("Ana", "N1", "low")
	assumed := state.Object{ID: "p1", Salt: "salt", Sent: sent(k, config), Unproven: []string{"income"}}
	sends := []plan.Reason{{Path: cty.GetAttrPath("income"), Cause: plan.Unreadable}}
	for _, tt := range []struct {
		name string
		plan.Change
		want int
	}{
		{"it stays as it is", plan.Change{Action: plan.NoOp, Prior: assumed}, 1},
		{"it is updated elsewhere", plan.Change{Action: plan.Update, Prior: assumed, Because: []plan.Reason{{Path: cty.GetAttrPath("name")}}}, 1},
		{"the assumed attribute is sent", plan.Change{Action: plan.Update, Prior: assumed, Because: sends}, 0},
		{"it is made anew", plan.Change{Action: plan.Replace, Prior: assumed}, 0},
		{"it is forgotten", plan.Change{Action: plan.Forget, Prior: assumed}, 0},
		{"all is proven", plan.Change{Action: plan.NoOp, Prior: state.Object{ID: "p1", Salt: "salt", Sent: sent(k, config)}}, 0},
	} {
		tt.Addr, tt.Config = ana, config
		if got := trust.Unproven(map[string]*schema.Kind{person.Name: person}, k, []plan.Change{tt.Change, tt.Change}); got != 2*tt.want {
			t.Errorf("%s: %d of two are unproven, want %d", tt.name, got, 2*tt.want)
		}
	}
}
