package state_test

import (
	"fmt"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
	"kiraform/state"
)

func TestApply(t *testing.T) {
	a := user("maria")
	for _, tt := range []struct {
		name   string
		record state.Record
		want   string // resources, pending, left behind
	}{
		{"an intent is pending", state.Record{Addr: user("new"), Intent: &state.Intent{Key: "k"}}, "map[maria:1] 2 0"},
		{"an intent takes the place of one with its key", state.Record{Addr: user("new"), Intent: &state.Intent{Key: "other"}}, "map[maria:1] 1 0"},
		{"an object ends the intent that it answers", state.Record{Addr: a, Object: &state.Object{ID: "2"}, Ends: []string{"other"}}, "map[maria:2] 0 0"},
		{"an object ends no intent of another request", state.Record{Addr: a, Object: &state.Object{ID: "2"}, Ends: []string{"k"}}, "map[maria:2] 1 0"},
		{"a refusal ends its intent", state.Record{Addr: a, Ends: []string{"other"}}, "map[maria:1] 0 0"},
		{"what was not sent stays", state.Record{Addr: a, Unsent: "other"}, "map[maria:1] 1 0"},
		{"what is left is no longer managed", state.Record{Addr: a, Left: &state.LeftBehind{ID: "1"}}, "map[] 1 1"},
		{"a new object stays when the old is left", state.Record{Addr: a, Left: &state.LeftBehind{ID: "0"}}, "map[maria:1] 1 1"},
	} {
		s := state.New("lineage")
		s.Resources[a] = state.Object{ID: "1"}
		s.Intents["other"] = state.Intent{Key: "other", Addr: a}
		clone := s.Clone()
		s.Apply(tt.record)
		ids := make(map[string]string)
		for _, a := range s.Addrs() {
			ids[a.Name] = s.Resources[a].ID
		}
		if got := fmt.Sprint(ids, len(s.Intents), len(s.Left)); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
		if len(clone.Intents) != 1 || clone.Resources[a].ID != "1" || len(clone.Left) != 0 {
			t.Errorf("%s: the clone changed too: %+v", tt.name, clone)
		}
	}
}

func TestForget(t *testing.T) {
	s := state.New("lineage")
	s.Resources[user("maria")] = state.Object{ID: "1", Adopted: true}
	s.Forget(user("maria"), "forgotten", noon)
	s.Forget(user("maria"), "forgotten", noon) // is not there any more
	want := state.LeftBehind{Addr: user("maria"), ID: "1", Why: "forgotten", Adopted: true, At: noon}
	if len(s.Resources) != 0 || len(s.Left) != 1 || s.Left[0] != want {
		t.Errorf("%+v is left, want %+v", s.Left, want)
	}
}

// Sealing leaves the attributes that Kira shows, and replaces those that must
// not be kept.
func ExampleKey_Seal() {
	kind := &schema.Kind{Name: "kira_user", Attrs: []schema.Attr{
		{Name: "email", Type: cty.String},
		{Name: "ssn", Type: cty.String, Sensitive: true},
	}}
	key, err := state.NewKey([]byte("a key of 16 bytes or more"))
	if err != nil {
		panic(err)
	}
	sealed := key.Seal(kind, "salt", cty.ObjectVal(map[string]cty.Value{
		"email": cty.StringVal("maria@acme.test"),
		"ssn":   cty.StringVal("123-45-6789"),
	}))
	fmt.Println(sealed.Shown().GetAttr("email").AsString(), state.IsSealed(sealed.Shown().GetAttr("ssn")))
	// Output: maria@acme.test true
}
