package state_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"kiraform/state"
)

// FuzzParseValid holds the parser of values to encoding/json: of whatever that
// takes for JSON, both make the same.
func FuzzParseValid(f *testing.F) {
	for _, s := range []string{
		`null`, ` true `, "\t-1.5e+10\n", `""`, `"a\"\\\u00e9\ud83d\ude00\ud83d"`, "\"\xff é\"",
		`[]`, `{}`, `[ 1 , [ ] , { } , "," ]`, `{ "a" : { "]" : [ false ] } , "a" : 2, "\u0061": 3 }`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		dec := json.NewDecoder(bytes.NewReader(data))
		dec.UseNumber()
		var want any
		if !json.Valid(data) || dec.Decode(&want) != nil {
			return
		}
		if got := state.ParseValid(data); !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %#v, want %#v", data, got, want)
		}
	})
}
