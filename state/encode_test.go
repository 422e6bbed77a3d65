package state_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"

	"kiraform/internal/addr"
	"kiraform/internal/norace"
	"kiraform/state"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func user(name string) addr.Resource { return addr.Resource{Kind: "kira_user", Name: name} }

func TestWhatIsWrittenIsReadableAndEqualForEqualStates(t *testing.T) {
	s := state.New("lineage")
	s.Resources[user("b")] = state.Object{ID: "2", Salt: "salt", Seen: state.SealedOf(cty.ObjectVal(map[string]cty.Value{"z": cty.StringVal("http://a/?b&c"), "a": cty.EmptyTupleVal}))}
	s.Resources[user("a")] = state.Object{ID: "1", Sent: state.SealedOf(cty.SetVal([]cty.Value{cty.True})), Needs: []addr.Resource{user("c"), user("b")}}
	s.Outputs["hidden"] = state.Output{Value: cty.StringVal("123-45-6789"), Sensitive: true}
	s.Serial = 1
	const want = `{
  "version": 3,
  "kiraform_version": "0.1.0",
  "lineage": "lineage",
  "serial": 1,
  "resources": [
    {"address":"kira_user.a","kind":"kira_user","id":"1","sent":[true],"sent_type":["set","bool"],"needs":["kira_user.b","kira_user.c"]},
    {"address":"kira_user.b","kind":"kira_user","id":"2","salt":"salt","seen":{"a":[],"z":"http://a/?b&c"}}
  ],
  "pending": [],
  "outputs": {
    "hidden": {"sensitive":true}
  },
  "left_behind": []
}
`
	got, err := state.Encode(s, "0.1.0")
	if err != nil || string(got) != want {
		t.Errorf("%v, got\n%s\nwant\n%s", err, got, want)
	}
}

// Earlier versions gave each member of a resource a line of its own, and somebody may
// have formatted a file: the spaces in it mean nothing.
func TestSpacesInAFileMeanNothing(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	rapid.Check(t, func(t *rapid.T) {
		data, err := state.Encode(drawState(t), "0.1.0")
		if err != nil {
			t.Fatal(err)
		}
		for _, indent := range []string{"", "  ", "\t"} {
			var b bytes.Buffer
			if err := json.Indent(&b, data, "", indent); err != nil {
				t.Fatal(err)
			}
			s, err := state.Decode(b.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			if again, err := state.Encode(s, "0.1.0"); err != nil || !bytes.Equal(again, data) {
				t.Fatalf("%v, written again\n%s\nwas\n%s", err, again, data)
			}
		}
	})
}

// The file cannot be written with a value that has no text, and the message says
// whose it is.
func TestAnErrorOfEncodingNamesTheAddress(t *testing.T) {
	bad := state.SealedOf(cty.ObjectVal(map[string]cty.Value{"email": cty.UnknownVal(cty.String)}))
	a := addr.Resource{Kind: "kira_user", Name: "alice"}
	for name, put := range map[string]func(*state.State){
		"an object":               func(st *state.State) { st.Resources[a] = state.Object{ID: "u1", Sent: bad} },
		"an object as it is seen": func(st *state.State) { st.Resources[a] = state.Object{ID: "u1", Seen: bad} },
		"a request": func(st *state.State) {
			st.Intents = map[string]state.Intent{"k": {Addr: a, Action: "create", Key: "k", Sent: bad}}
		},
	} {
		st := state.New("l")
		put(st)
		if _, err := state.Encode(st, "test"); err == nil || !strings.Contains(err.Error(), "kira_user.alice: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
