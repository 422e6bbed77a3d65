// Package statetest holds the rules of [state.Store] as a test, to which every
// implementation is held.
package statetest

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/schema"
	"kiraform/state"
)

// TestStore checks the rules of a Store. Each call of open returns the same
// store, as another run would open it; before the first call, nothing was ever
// stored there.
func TestStore(t *testing.T, open func() state.Store) {
	for _, rule := range []struct {
		name string
		test func(*testing.T, func() state.Store)
	}{
		{"a store that was never written holds no state", empty},
		{"what was saved is loaded by the next run", roundTrip},
		{"a save that would undo that of another run fails", stale},
		{"one run holds the lock", lock},
		{"what a dead run journalled is loaded", journalled},
		{"a save takes in the journal", folded},
		{"records that are appended at once are all kept", concurrent},
		{"a run is loaded by the next one, and what is done stays done", runs},
		{"an action that was run is no longer due", due},
		{"what must not be kept is refused", refused},
	} {
		// Each rule stands on the store that those before it left.
		if !t.Run(rule.name, func(t *testing.T) { rule.test(t, open) }) {
			return
		}
	}
}

func user(name string) addr.Resource { return addr.Resource{Kind: "kira_user", Name: name} }

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func load(t *testing.T, store state.Store) *state.State {
	t.Helper()
	s, err := store.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s == nil {
		t.Fatal("Load says that nothing was ever stored")
	}
	return s
}

func save(t *testing.T, store state.Store, s *state.State) {
	t.Helper()
	if err := store.Save(t.Context(), s); err != nil {
		t.Fatal(err)
	}
}

func empty(t *testing.T, open func() state.Store) {
	if s, err := open().Load(t.Context()); s != nil || err != nil {
		t.Fatalf("Load = %v, %v; want nil, nil", s, err)
	}
	if _, err := open().Journal(t.Context(), state.New("never saved")); err == nil {
		t.Error("there is a journal of a state that was never saved")
	}
}

func roundTrip(t *testing.T, open func() state.Store) {
	s := state.New("lineage")
	s.KeyID = "0badcafe"
	s.Resources[user("maria")] = state.Object{
		ID:    "u-1",
		Salt:  "salt",
		Sent:  sealed(map[string]cty.Value{"email": cty.StringVal("maria@acme.test"), "ssn": cty.StringVal("123-45-6789")}),
		Seen:  sealed(map[string]cty.Value{"missing": cty.ListValEmpty(cty.String)}),
		Needs: []addr.Resource{user("ana"), user("luis")},
	}
	s.Resources[user("adopted")] = state.Object{ID: "u-2", Adopted: true, Unlooked: []string{"missing_fields"}}
	s.Intents["k"] = state.Intent{Key: "k", Addr: user("luis"), Action: "create", Digest: "d", At: noon, After: noon,
		Salt: "k", Sent: sealed(map[string]cty.Value{"email": cty.StringVal("luis@acme.test")})}
	s.Intents["u"] = state.Intent{Key: "u", Addr: user("maria"), Action: "update", ID: "u-1", Carries: []string{"email"}, At: noon, Unsent: true, Unsure: true}
	s.Consents[user("maria")] = state.Consent{ID: "u-1", Paths: []string{"external_id"}}
	s.Consents[user("adopted")] = state.Consent{ID: "u-2", After: []addr.Resource{user("maria")}}
	s.Outputs["count"] = state.Output{Value: cty.NumberIntVal(2)}
	s.Left = []state.LeftBehind{{Addr: user("old"), ID: "u-0", Why: "forgotten", At: noon}}
	s.Carry("p-1", noon)
	save(t, open(), s)
	if s.Serial != 1 {
		t.Errorf("after the first save the serial is %d, want 1", s.Serial)
	}
	Same(t, load(t, open()), s)
}

func stale(t *testing.T, open func() state.Store) {
	mine, theirs := load(t, open()), load(t, open())
	save(t, open(), theirs)
	before := mine.Serial
	if err := open().Save(t.Context(), mine); !errors.Is(err, state.ErrStale) || mine.Serial != before {
		t.Errorf("Save = %v and serial %d, want ErrStale and %d", err, mine.Serial, before)
	}
	if _, err := open().Journal(t.Context(), mine); !errors.Is(err, state.ErrStale) {
		t.Errorf("Journal = %v, want ErrStale", err)
	}
	other := state.New("another lineage")
	other.Serial = theirs.Serial
	if err := open().Save(t.Context(), other); !errors.Is(err, state.ErrStale) {
		t.Errorf("Save of another lineage = %v, want ErrStale", err)
	}
	Same(t, load(t, open()), theirs)
}

func lock(t *testing.T, open func() state.Store) {
	maria := state.Holder{ID: "run-1", Who: "maria@acme", PID: 7, Command: "kiraform apply", Since: noon}
	unlock, err := open().Lock(t.Context(), maria)
	if err != nil {
		t.Fatal(err)
	}
	_, err = open().Lock(t.Context(), state.Holder{ID: "run-2"})
	if locked, ok := errors.AsType[*state.LockedError](err); !ok || locked.Holder != maria {
		t.Fatalf("the second Lock = %v, want a LockedError that names maria", err)
	}
	for range 2 { // twice does no harm
		if err := unlock(); err != nil {
			t.Error(err)
		}
	}
	again, err := open().Lock(t.Context(), state.Holder{ID: "run-3"})
	if err != nil {
		t.Fatalf("Lock after unlock: %v", err)
	}
	if err := again(); err != nil {
		t.Error(err)
	}
}

// journalled leaves its journal open, as a run that dies does.
func journalled(t *testing.T, open func() state.Store) {
	s := load(t, open())
	j, err := open().Journal(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []state.Record{
		{Addr: user("new"), Intent: &state.Intent{Action: "create", Key: "k2", Addr: user("new"), Digest: "d2", At: noon}},
		{Addr: user("new"), Object: &state.Object{ID: "u-3", Sent: sealed(nil), Needs: []addr.Resource{user("maria")}}, Ends: []string{"k2"}},
		{Addr: user("luis"), Ends: []string{"k"}},
		{Addr: user("adopted"), Left: &state.LeftBehind{Addr: user("adopted"), ID: "u-2", Why: "replaced", At: noon}},
		{Addr: user("maria"), Object: &state.Object{ID: "u-9"},
			Left: &state.LeftBehind{Addr: user("maria"), ID: "u-1", Why: "replaced", At: noon}},
		{Addr: user("last"), Intent: &state.Intent{Action: "create", Key: "k3", Addr: user("last"), At: noon}},
		{Addr: user("last"), Unsent: "k3"},
	} {
		if err := j.Append(r); err != nil {
			t.Fatal(err)
		}
		s.Apply(r)
	}
	if len(s.Consents) != 0 {
		t.Fatalf("consents outlive their objects: %v", s.Consents)
	}
	if len(s.Intents) != 2 || !s.Intents["k3"].Unsent || len(s.Left) != 3 || len(s.Resources) != 2 || s.Resources[user("maria")].ID != "u-9" {
		t.Fatalf("the records came to %+v", s)
	}
	Same(t, load(t, open()), s)
}

func folded(t *testing.T, open func() state.Store) {
	s := load(t, open())
	j, err := open().Journal(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	r := state.Record{Addr: user("late"), Object: &state.Object{ID: "u-4"}}
	if err := j.Append(r); err != nil {
		t.Fatal(err)
	}
	s.Apply(r)
	clone := s.Clone()
	save(t, open(), clone)
	Same(t, load(t, open()), clone)
	if err := j.Append(r); err == nil {
		t.Error("a journal that is in the state already takes records that would be lost")
	}
	if err := j.Close(); err != nil {
		t.Error(err)
	}
}

func concurrent(t *testing.T, open func() state.Store) {
	s := load(t, open())
	j, err := open().Journal(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	const n = 50
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			r := state.Record{Addr: user("staff").Instance(addr.Int(i)), Object: &state.Object{ID: fmt.Sprint(i)}}
			if err := j.Append(r); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if err := j.Close(); err != nil {
		t.Error(err)
	}
	if err := j.Append(state.Record{Addr: user("x"), Ends: []string{"k"}}); err == nil {
		t.Error("a closed journal takes records")
	}
	next := load(t, open())
	for i := range n {
		if o := next.Resources[user("staff").Instance(addr.Int(i))]; o.ID != fmt.Sprint(i) {
			t.Errorf("record %d came back as %+v", i, o)
		}
	}
	save(t, open(), next)
}

// sealed returns the value that the state keeps of an object with attributes.
func sealed(attrs map[string]cty.Value) state.Sealed {
	key, err := state.NewKey([]byte("a key for the tests"))
	if err != nil {
		panic(err)
	}
	kind := &schema.Kind{Name: "kira_user", Attrs: []schema.Attr{{Name: "email", Type: cty.String}, {Name: "missing", Type: cty.List(cty.String)}}}
	return key.Seal(kind, "salt", cty.ObjectVal(attrs))
}

func refused(t *testing.T, open func() state.Store) {
	before := load(t, open())
	s := before.Clone()
	s.Outputs["secret"] = state.Output{Value: cty.StringVal("123-45-6789").Mark("sensitive")}
	if err := open().Save(t.Context(), s); err == nil {
		t.Error("a secret was saved")
	}
	s = before.Clone()
	o := state.Object{ID: "u-5", Sent: sealed(map[string]cty.Value{"ssn": cty.UnknownVal(cty.String)})}
	s.Resources[user("eve")] = o
	if err := open().Save(t.Context(), s); err == nil {
		t.Error("an unknown value was saved")
	}
	j, err := open().Journal(t.Context(), before)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Append(state.Record{Addr: user("eve"), Object: &o}); err == nil {
		t.Error("an unknown value was journalled")
	}
	if err := j.Close(); err != nil {
		t.Error(err)
	}
	Same(t, load(t, open()), before)
}

// Same fails the test if the states differ in any way, serial included.
func Same(t testing.TB, got, want *state.State) {
	t.Helper()
	g, err := state.Encode(got, "")
	if err != nil {
		t.Fatal(err)
	}
	w, err := state.Encode(want, "")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(g, w) {
		t.Errorf("states differ\n--- got\n%s\n--- want\n%s", g, w)
	}
}
