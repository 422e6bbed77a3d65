package state_test

import (
	"fmt"
	"strings"
	"testing"

	"kiraform/schema"
	"kiraform/state"
)

// Values that objects have in common are kept once, and none is taken for another
// whose text begins like it.
func TestObjectsThatAreAlike(t *testing.T) {
	objects := []struct{ sent, seen string }{
		{`{"a":12,"b":"x","c":{"d":1}}`, `{"a":12,"b":"x","c":{"d":1},"id":"1"}`},
		{`{"a":123,"b":"xy","c":{"d":1,"e":2}}`, `{"a":12,"b":"x","c":{"d":1},"id":"2"}`},
		{`{"a":1,"b":"","c":[]}`, `{"a":1.0,"b":null,"c":[1],"id":"2"}`},
		{`{"b":"","c":[]}`, `{"a":12,"c":[1] , "id":"2"}`},
		{`{"a":12,"b":"","bb":true,"c":[ ]}`, `{"a":12,"b":"","bb":true,"c":[],"d":false}`},
		{`{}`, `{"b":"\"","c":[{}]}`},
		{`{"b":"\"","c":[{}]}`, `{"c":1,"b":"\""}`},
	}
	var all []string
	for i, o := range objects {
		for range 2 { // so that each is read by each of two readers
			all = append(all, fmt.Sprintf(`{"address":"kira_user.u[%d]","kind":"kira_user","id":"i%d","sent":%s,"seen":%s}`, len(all), i, o.sent, o.seen))
		}
	}
	doc := func(resources ...string) *state.State {
		st, err := state.Decode([]byte(`{"version":3,"lineage":"l","serial":1,"resources":[` + strings.Join(resources, ",") + `]}`))
		if err != nil {
			t.Fatal(err)
		}
		return st
	}
	together := doc(all...)
	for _, one := range all {
		for a, want := range doc(one).Resources {
			if got := together.Resources[a]; !got.Sent.Same(want.Sent) || !got.Seen.Same(want.Seen) || got.ID != want.ID {
				t.Errorf("%s beside others is %#v and %#v", one, got.Sent.Shown(), got.Seen.Shown())
			}
			if b := schema.Member(together.Resources[a].Sent.Shown(), "b"); !together.Resources[a].Sent.Member("b").RawEquals(b) {
				t.Errorf("%s: b by itself is %#v, want %#v", one, together.Resources[a].Sent.Member("b"), b)
			}
		}
	}
}
