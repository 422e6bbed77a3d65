package state_test

import (
	"bytes"
	"maps"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"

	"kiraform/internal/addr"
	"kiraform/internal/norace"
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
			rapid.Map(rapid.IntRange(-1074, 1023), func(e int) cty.Value { return cty.NumberFloatVal(math.Ldexp(1, e)) }),
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
			ID: "o" + text.Draw(t, "id"), Salt: state.Salt(text.Draw(t, "salt")), Sent: state.SealedOf(value()), Seen: state.SealedOf(value()), Adopted: rapid.Bool().Draw(t, "adopted"),
			Protected: rapid.Bool().Draw(t, "protected"),
			Needs:     []addr.Resource{user("a"), user("b")}, Unsure: rapid.SliceOfN(text, 1, 2).Draw(t, "unsure"),
			Stored: []state.Stored{{Path: text.Draw(t, "path"), Seen: state.SealedOf(value()), Other: rapid.Bool().Draw(t, "other")}},
		}
		in := state.Intent{Key: "k" + text.Draw(t, "key"), Addr: user("p").Instance(addr.String(rapid.StringMatching(`[a-z .ñ"]{0,5}`).Draw(t, "instance"))),
			Action: "create", Digest: text.Draw(t, "digest"), Salt: state.Salt(text.Draw(t, "salt")), Sent: state.SealedOf(value()), At: at(), Unsent: rapid.Bool().Draw(t, "unsent"), Unsure: rapid.Bool().Draw(t, "unsure")}
		if rapid.Bool().Draw(t, "update") {
			in.Action, in.ID, in.Carries, in.After = "update", text.Draw(t, "of"), []string{"email", "phone"}, at()
		}
		s.Intents[in.Key] = in
		if rapid.Bool().Draw(t, "consented") {
			s.Consents[user("u").Instance(addr.Int(i))] = state.Consent{ID: text.Draw(t, "consent"), Paths: rapid.SliceOfN(text, 1, 2).Draw(t, "paths"),
				After: slices.Repeat([]addr.Resource{user("p")}, rapid.IntRange(0, 1).Draw(t, "after"))}
		}
		s.Outputs[text.Draw(t, "output")] = state.Output{Value: value()}
		s.Left = append(s.Left, state.LeftBehind{Addr: user("left"), ID: text.Draw(t, "left"), Why: "replaced", At: at(),
			Place: state.Place{Environment: text.Draw(t, "environment"), Account: text.Draw(t, "account")}})
	}
	return s
}

// Law 5: a state that is kept is found unchanged.
func TestStateRoundTrip(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
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
			if o.Salt != want.Salt {
				t.Fatalf("the salt came back as %q, want %q", o.Salt, want.Salt)
			}
			same(t, o.Sent.Shown(), want.Sent.Shown())
			same(t, o.Seen.Shown(), want.Seen.Shown())
		}
		for name, want := range s.Outputs {
			same(t, got.Outputs[name].Value, want.Value)
		}
		for key, want := range s.Intents {
			in := got.Intents[key]
			if !in.At.Equal(want.At) || !in.After.Equal(want.After) || in.Addr != want.Addr || in.ID != want.ID || in.Unanswered() != want.Unanswered() || in.Salt != want.Salt {
				t.Fatalf("read back %+v, want %+v", in, want)
			}
			same(t, in.Sent.Shown(), want.Sent.Shown())
		}
		if len(got.Consents) != len(s.Consents) {
			t.Fatalf("read back %v, want %v", got.Consents, s.Consents)
		}
		for a, want := range s.Consents {
			if c := got.Consents[a]; c.ID != want.ID || !slices.Equal(c.Paths, want.Paths) || !slices.Equal(c.After, want.After) {
				t.Fatalf("read back %v, want %v", c, want)
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

// A number is written in the same text after it was read, also where that text
// lies across a power of two or ten from it.
func TestNumbersAreWrittenTheSameTwice(t *testing.T) {
	parse := cty.MustParseNumberVal
	exact := new(big.Int).Lsh(big.NewInt(1), 513).String()
	for _, tt := range []struct {
		n    cty.Value
		text string
	}{
		{cty.NumberFloatVal(0x1p-513), "3.729170365600103e-155"}, // which lies below
		{cty.NumberFloatVal(-0x1p-513), "-3.729170365600103e-155"},
		{cty.NumberFloatVal(0x1p-512), "7.458340731200207e-155"}, // which lies above
		{cty.NumberFloatVal(1e-154), "0." + strings.Repeat("0", 154-1) + "1"},
		{cty.NumberFloatVal(9.99e-155), "9.99e-155"},
		{parse("1e-154"), "0." + strings.Repeat("0", 154-1) + "1"},
		{parse("9.99e-155"), "9.99e-155"},
		{cty.NumberFloatVal(0.1), "0.1"},
		{parse("-12.50"), "-12.5"},
		{cty.NumberFloatVal(1e21), "1000000000000000000000"},
		{parse("1e154"), "1" + strings.Repeat("0", 154)},
		{parse("1e155"), "1e+155"},
		{cty.NumberFloatVal(math.SmallestNonzeroFloat64), "4.940656458412465e-324"},
		{cty.NumberFloatVal(0x1p513), "2." + exact[1:] + strings.Repeat("0", 170-154) + "e+154"}, // whose shortest text is read as another number
		{cty.NumberVal(new(big.Float).Neg(new(big.Float))), "0"},
		{cty.NumberVal(new(big.Float).SetPrec(600).Quo(big.NewFloat(1).SetPrec(600), big.NewFloat(3))), parse("1").Divide(parse("3")).AsBigFloat().Text('f', -1)},
	} {
		s := state.New("lineage")
		s.Outputs["n"] = state.Output{Value: tt.n}
		data, err := state.Encode(s, "0.1.0")
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(data, []byte(": "+tt.text+"\n")) && !bytes.Contains(data, []byte(":"+tt.text+"}")) {
			t.Errorf("%#v is not written as %s:\n%s", tt.n, tt.text, data)
		}
		got, err := state.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		if value := got.Outputs["n"].Value; tt.n.AsBigFloat().Prec() <= 512 && !value.RawEquals(tt.n) {
			t.Errorf("%#v is read as %#v", tt.n, value)
		}
		if again, err := state.Encode(got, "0.1.0"); err != nil || !bytes.Equal(again, data) {
			t.Errorf("%#v is written again, %v, as\n%s\nwas\n%s", tt.n, err, again, data)
		}
	}
}

// Law 5 for the journal: folding the records that were written is applying
// them.
func TestJournalRoundTrip(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	rapid.Check(t, func(rt *rapid.T) {
		from, to, read := drawState(rt), state.New("lineage"), state.New("lineage")
		var records []state.Record
		for a, o := range from.Resources {
			records = append(records, state.Record{Addr: a, Object: &o})
		}
		for _, i := range from.Intents {
			records = append(records, state.Record{Addr: i.Addr, Intent: &i})
		}
		for _, l := range from.Left {
			records = append(records, state.Record{Addr: l.Addr, Left: &l})
		}
		for _, r := range records {
			data, err := state.EncodeRecord(r)
			if err != nil {
				rt.Fatal(err)
			}
			back, err := state.DecodeRecord(data)
			if err != nil {
				rt.Fatal(err)
			}
			to.Apply(r)
			read.Apply(back)
		}
		statetest.Same(t, read, to)
	})
}
