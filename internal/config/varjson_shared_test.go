package config

import (
	"reflect"
	"testing"

	"github.com/hashicorp/hcl/v2"
)

// Objects of one type have one type in memory, so that a file of many rows takes no room
// for the type of each.
func TestObjectsOfAFileShareTheirType(t *testing.T) {
	src := []byte(`[{"a": 1, "b": "x"}, {"a": 2, "b": "y"}, {"a": 3, "b": true}, {"a": 4, "b": false}, {"a": 5, "b": "z"}]`)
	v := newJSONReader(src, "a.json", hcl.InitialPos).value()
	var at []uintptr
	for _, e := range v.AsValueSlice() {
		at = append(at, reflect.ValueOf(e.Type().AttributeTypes()).Pointer())
	}
	if len(at) != 5 || at[0] != at[1] || at[2] != at[3] || at[1] == at[2] || at[3] == at[4] {
		t.Errorf("the types are at %x; want the first two at one place, and the next two at another", at)
	}
}

// Objects in objects do so too, though those of other types stand between them.
func TestNestedObjectsOfAFileShareTheirTypes(t *testing.T) {
	src := []byte(`[{"a": {"b": 1}, "c": {"d": "x", "e": {}}}, {"a": {"b": 2}, "c": {"d": "y", "e": {}}}, {"a": {"b": 3}, "c": {"d": "z", "e": {}}}]`)
	v := newJSONReader(src, "a.json", hcl.InitialPos).value()
	for _, name := range []string{"", "a", "c"} {
		places := make(map[uintptr]bool)
		for _, e := range v.AsValueSlice() {
			if name != "" {
				e = e.GetAttr(name)
			}
			places[reflect.ValueOf(e.Type().AttributeTypes()).Pointer()] = true
		}
		if len(places) != 1 {
			t.Errorf("the types of %q are at %d places, want one", name, len(places))
		}
	}
}
