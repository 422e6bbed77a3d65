package state_test

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"

	"kiraform/internal/addr"
	"kiraform/state"
	"kiraform/state/statetest"
)

// Generators of any value that a state can keep.

func anyType(depth int) *rapid.Generator[cty.Type] {
	leaf := rapid.SampledFrom([]cty.Type{cty.String, cty.Number, cty.Bool})
	if depth == 0 {
		return leaf
	}
	inner := rapid.Deferred(func() *rapid.Generator[cty.Type] { return anyType(depth - 1) })
	return rapid.OneOf(leaf,
		rapid.Map(inner, cty.List), rapid.Map(inner, cty.Set), rapid.Map(inner, cty.Map),
		rapid.Map(rapid.SliceOfN(inner, 0, 3), cty.Tuple),
		rapid.Map(rapid.MapOfN(rapid.StringMatching(`[a-z]{1,4}`), inner, 0, 4), cty.Object),
	)
}

func draw(t *rapid.T, ty cty.Type) cty.Value {
	if rapid.IntRange(0, 9).Draw(t, "null") == 0 {
		return cty.NullVal(rapid.SampledFrom([]cty.Type{ty, cty.DynamicPseudoType}).Draw(t, "null of"))
	}
	return drawKnown(t, ty)
}

func drawKnown(t *rapid.T, ty cty.Type) cty.Value {
	some := rapid.IntRange(0, 3)
	switch {
	case ty == cty.String:
		return cty.StringVal(rapid.String().Draw(t, "string"))
	case ty == cty.Bool:
		return cty.BoolVal(rapid.Bool().Draw(t, "bool"))
	case ty == cty.Number:
		n := rapid.OneOf(
			rapid.Map(rapid.Int64(), cty.NumberIntVal),
			rapid.Map(rapid.Float64Range(-math.MaxFloat64, math.MaxFloat64), cty.NumberFloatVal),
			rapid.Map(rapid.StringMatching(`-?[0-9]{1,30}(\.[0-9]{1,30})?(e-?[0-9]{1,3})?`), cty.MustParseNumberVal),
		).Draw(t, "number")
		if n.AsBigFloat().Sign() == 0 {
			return cty.Zero // a set of cty takes its negative for another number
		}
		return n
	case ty.IsTupleType():
		items := make([]cty.Value, 0, ty.Length())
		for _, ety := range ty.TupleElementTypes() {
			items = append(items, draw(t, ety))
		}
		return cty.TupleVal(items)
	case ty.IsObjectType():
		attrs := make(map[string]cty.Value)
		for _, name := range slices.Sorted(maps.Keys(ty.AttributeTypes())) {
			attrs[name] = draw(t, ty.AttributeType(name))
		}
		return cty.ObjectVal(attrs)
	case ty.IsMapType():
		entries := make(map[string]cty.Value)
		for range some.Draw(t, "entries") {
			entries[rapid.String().Draw(t, "key")] = drawKnown(t, ty.ElementType())
		}
		if !cty.CanMapVal(entries) || len(entries) == 0 {
			return cty.MapValEmpty(ty.ElementType())
		}
		return cty.MapVal(entries)
	}
	var items []cty.Value
	for range some.Draw(t, "items") {
		items = append(items, drawKnown(t, ty.ElementType()))
	}
	switch {
	case ty.IsListType() && len(items) > 0 && cty.CanListVal(items):
		return cty.ListVal(items)
	case ty.IsListType():
		return cty.ListValEmpty(ty.ElementType())
	case len(items) > 0 && cty.CanSetVal(items):
		return cty.SetVal(items)
	}
	return cty.SetValEmpty(ty.ElementType())
}

func drawState(t *rapid.T) *state.State {
	value := func() cty.Value {
		if rapid.Bool().Draw(t, "there") {
			return draw(t, anyType(3).Draw(t, "type"))
		}
		return cty.NilVal
	}
	text := rapid.String()
	at := func() time.Time { return noon.Add(time.Duration(rapid.Int64Range(0, 1e18).Draw(t, "time"))) }
	s := state.New("lineage")
	s.Serial = rapid.Uint64().Draw(t, "serial")
	s.KeyID = text.Draw(t, "key id")
	for i := range rapid.IntRange(0, 4).Draw(t, "resources") {
		s.Resources[user("u").Instance(addr.Int(i))] = state.Object{
			ID: text.Draw(t, "id"), Sent: value(), Seen: value(), Adopted: rapid.Bool().Draw(t, "adopted"),
			Needs: []addr.Resource{user("a"), user("b")},
		}
		s.Pending[user("p").Instance(addr.String(rapid.StringMatching(`[a-z .ñ"]{0,5}`).Draw(t, "instance")))] = state.Intent{
			Action: "create", Key: text.Draw(t, "key"), Digest: text.Draw(t, "digest"), At: at()}
		s.Outputs[text.Draw(t, "output")] = state.Output{Value: value()}
		s.Left = append(s.Left, state.LeftBehind{Addr: user("left"), ID: text.Draw(t, "left"), Why: "replaced", At: at()})
	}
	return s
}

// Law 5: what is kept is what is found.
func TestStateRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawState(t)
		data, err := state.Encode(s, "0.1.0")
		if err != nil {
			t.Fatal(err)
		}
		got, err := state.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := state.Encode(got, "0.1.0"); err != nil || !bytes.Equal(again, data) {
			t.Fatalf("written again, %v:\n%s\nwas\n%s", err, again, data)
		}
		for a, want := range s.Resources {
			o := got.Resources[a]
			same(t, o.Sent, want.Sent)
			same(t, o.Seen, want.Seen)
		}
		for name, want := range s.Outputs {
			same(t, got.Outputs[name].Value, want.Value)
		}
		for a, want := range s.Pending {
			if !got.Pending[a].At.Equal(want.At) {
				t.Fatalf("%s: at %v, want %v", a, got.Pending[a].At, want.At)
			}
		}
	})
}

func same(t *rapid.T, got, want cty.Value) {
	t.Helper()
	if got == cty.NilVal || want == cty.NilVal {
		if got != want {
			t.Fatalf("got %#v, want %#v", got, want)
		}
		return
	}
	if !got.RawEquals(want) {
		t.Fatalf("got %#v, want %#v", got, want)
	}
}

// Law 5 for the journal: folding what was written is applying it.
func TestJournalRoundTrip(t *testing.T) {
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		f := state.File{Path: fmt.Sprint(dir, "/", n)}
		from, to := drawState(rt), state.New("lineage")
		save(t, f, to)
		var records []state.Record
		for a, o := range from.Resources {
			records = append(records, state.Record{Addr: a, Object: &o})
		}
		for a, i := range from.Pending {
			records = append(records, state.Record{Addr: a, Intent: &i})
		}
		for _, l := range from.Left {
			records = append(records, state.Record{Addr: l.Addr, Left: &l})
		}
		journal(t, f, to, records...)
		statetest.Same(t, load(t, f), to)
	})
}
