package lang_test

import (
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/lang"
)

// TestBounds holds that a slip of the hand does not fill the memory.
func TestBounds(t *testing.T) {
	var numbers []cty.Value
	for i := range 1001 {
		numbers = append(numbers, cty.NumberIntVal(int64(i)))
	}
	list := cty.ListVal(numbers)
	functions := lang.Functions(nil)
	for _, test := range []struct {
		call string
		args []cty.Value
		want string
	}{
		{"setproduct", []cty.Value{list, list}, "more than 1000000 combinations"},
		{"setproduct", []cty.Value{list, list, list}, "more than 1000000 combinations"},
		{"format", []cty.Value{cty.StringVal("%100000000s"), cty.StringVal("x")}, "a width of 100000000 is too large"},
		{"format", []cty.Value{cty.StringVal("a%%%-5.99999999999999999999f"), cty.NumberIntVal(1)}, "is too large"},
		{"formatlist", []cty.Value{cty.StringVal("%100000000s"), list}, "a width of 100000000 is too large"},
		{"range", []cty.Value{cty.NumberIntVal(100000000)}, "more than 1024 values"},
	} {
		if _, err := functions[test.call].Call(test.args); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got error %v, want %q", test.call, err, test.want)
		}
	}
	unknown := cty.UnknownVal(cty.Set(cty.String))
	v, err := functions["setproduct"].Call([]cty.Value{list, list.Mark(lang.Sensitive), cty.ListValEmpty(cty.String), unknown})
	if err != nil || v.IsWhollyKnown() && !v.IsMarked() {
		t.Errorf("an empty list among large ones: got %#v, %v", v, err)
	}
	if v, err := functions["format"].Call([]cty.Value{cty.StringVal("99999999 %5s"), cty.StringVal("x")}); err != nil || v.AsString() != "99999999     x" {
		t.Errorf("a number outside of a verb: got %#v, %v", v, err)
	}
}
