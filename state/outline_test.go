package state_test

import (
	"slices"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/state"
)

func outlined(t testing.TB, n int) []byte {
	t.Helper()
	s := state.New("lineage")
	for i := range n {
		a := addr.Resource{Kind: "kira_user", Name: "staff", Key: addr.String(`a "b" ` + string(rune('a'+i%26)) + addr.Int(i).String())}
		s.Resources[a] = state.Object{ID: "id"}
	}
	s.Outputs["number"] = state.Output{Value: cty.ObjectVal(map[string]cty.Value{"address": cty.StringVal("no.address")})}
	s.Outputs["secret"] = state.Output{Sensitive: true}
	data, err := state.Encode(s, "0.1.0")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestOutlineHasTheNamesOfDecode(t *testing.T) {
	data := outlined(t, 100)
	s, err := state.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, a := range s.Addrs() {
		want = append(want, a.String())
	}
	o := state.ReadOutline(data)
	slices.Sort(o.Addrs)
	slices.Sort(want)
	slices.Sort(o.Outputs)
	if !slices.Equal(o.Addrs, want) || !slices.Equal(o.Outputs, []string{"number", "secret"}) {
		t.Errorf("got %d addresses and %q", len(o.Addrs), o.Outputs)
	}
}

// Whatever a file holds, its outline ends.
func FuzzOutline(f *testing.F) {
	f.Add(outlined(f, 2))
	f.Add([]byte(`{"resources": [{"address": "a.b", "sent": [1, {"address": "c.d"}]}`))
	f.Add([]byte(`{"outputs": {"a": }, "b"`))
	f.Add([]byte("age-encryption.org/v1\n\x00"))
	f.Fuzz(func(t *testing.T, data []byte) { state.ReadOutline(data) })
}
