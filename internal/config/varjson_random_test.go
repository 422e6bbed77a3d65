package config

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	"pgregory.net/rapid"
)

// A value is taken if encoding/json takes it, and is the same, but for those that HCL has
// rules of its own for.
func TestLawValuesInJSON(t *testing.T) {
	tokens := []string{"{", "}", "[", "]", ",", ":", `"a"`, `"b"`, `"a"`, "1", "-2.5", "01", "1.", "-", "1e5", "+1", ".5", "true", "false", "null", "tru", "truex", " ", "\n", "\t", "\v",
		`"\u00e9"`, `"\ud83d\ude00"`, `"\ud800"`, `"\x"`, `"`, "\"\n\"", `"\"`, `"\""`, "\\"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(tokens), 0, 12).Draw(t, "tokens"), "")
		if rapid.Bool().Draw(t, "in a list") {
			text = `[{"a": ` + text + `}, {"a": {"b": "` + strings.Repeat("x", rapid.IntRange(0, 70).Draw(t, "long")) + `"}}, {"a": {"b": ""}}]`
		}
		r := newJSONReader([]byte(text), "a.json", hcl.InitialPos)
		got := r.value()
		taken := !r.odd && r.next() == len(text)
		twice := strings.Count(text, `"a"`) > 1 || strings.Count(text, `"b"`) > 1 // in one object, maybe, which is left to HCL
		if valid := json.Valid([]byte(text)); taken && !valid || valid && !taken && !twice {
			t.Fatalf("%s is JSON: %v; it was taken: %v", text, valid, taken)
		}
		if !taken {
			return
		}
		ty, err := ctyjson.ImpliedType([]byte(text))
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		want, err := ctyjson.Unmarshal([]byte(text), ty)
		if err != nil || !got.RawEquals(want) {
			t.Fatalf("%s is %#v, want %#v, %v", text, got, want, err)
		}
	})
}
