package state

import "testing"

// Objects that have the same names have them once in memory.
func TestObjectsShareTheirNames(t *testing.T) {
	var r keeper
	var names []*string
	for _, text := range []string{`{"a": 1, "b": "x"}`, `{"a": 2, "b": "x"}`, `{"a": 2, "c": "x"}`, `{"a": 2, "c": "y"}`} {
		k, err := r.object([]byte(text), &r.sent)
		if err != nil || k == nil {
			t.Fatalf("%s: %v %v", text, k, err)
		}
		names = append(names, &k.names[0])
	}
	if names[0] != names[1] || names[2] != names[3] || names[1] == names[2] {
		t.Errorf("the names are at %p; want the first two at one place, and the others at another", names)
	}
}
