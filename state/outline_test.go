package state_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/norace"
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

// A state in another layout, as an editor or jq leaves it, has the same outline as the one
// that this program wrote, of which whole lines are passed over.
func TestOutlineInAnyLayout(t *testing.T) {
	data := outlined(t, 30)
	want := state.ReadOutline(data)
	for name, layout := range map[string]func(*bytes.Buffer) error{
		"indented":    func(b *bytes.Buffer) error { return json.Indent(b, data, "", "\t") },
		"by two":      func(b *bytes.Buffer) error { return json.Indent(b, data, "", "  ") },
		"on one line": func(b *bytes.Buffer) error { return json.Compact(b, data) },
		"commas in front": func(b *bytes.Buffer) error {
			_, err := b.Write(bytes.ReplaceAll(data, []byte("},\n"), []byte("}\n  ,")))
			return err
		},
		"of Windows": func(b *bytes.Buffer) error {
			_, err := b.Write(bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n")))
			return err
		},
	} {
		var b bytes.Buffer
		if err := layout(&b); err != nil {
			t.Fatal(err)
		}
		if got := state.ReadOutline(b.Bytes()); len(want.Addrs) != 30 || !slices.Equal(got.Addrs, want.Addrs) || !slices.Equal(got.Outputs, want.Outputs) {
			t.Errorf("%s it has %q, want %q", name, got, want)
		}
		if got, ok := state.ReadOutlineFrom(&b); ok && (!slices.Equal(got.Addrs, want.Addrs) || !slices.Equal(got.Outputs, want.Outputs)) {
			t.Errorf("%s the file has %q, want %q", name, got, want)
		}
	}
}

// Of a file that this program wrote the names are found as the file is read, however long
// a resource is; where its lines are cut there are no other names.
func TestOutlineOfAFile(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	data := outlined(t, 30)
	long := bytes.Replace(data, []byte(`"id":"`), []byte(`"id":"`+strings.Repeat("x", 1<<20)), 1)
	if len(long) == len(data) {
		t.Fatal("no resource became longer")
	}
	for name, text := range map[string][]byte{"plain": data, "long": long, "without an end": bytes.TrimRight(data, "\n}"), "empty": nil, "encrypted": []byte("age-encryption.org/v1\n\x00")} {
		want := state.ReadOutline(text)
		got, ok := state.ReadOutlineFrom(bytes.NewReader(text))
		if !ok || !slices.Equal(got.Addrs, want.Addrs) || !slices.Equal(got.Outputs, want.Outputs) {
			t.Errorf("%s: it has %q, %t, want %q", name, got, ok, want)
		}
	}
	for i := range data {
		if got, ok := state.ReadOutlineFrom(bytes.NewReader(data[:i])); ok && !slices.Equal(got.Addrs, state.ReadOutline(data[:i]).Addrs) {
			t.Fatalf("of %d bytes it has %q, want %q", i, got.Addrs, state.ReadOutline(data[:i]).Addrs)
		}
	}
}

// Whatever a file holds, its outline ends.
func FuzzOutline(f *testing.F) {
	f.Add(outlined(f, 2))
	f.Add([]byte(`{"resources": [{"address": "a.b", "sent": [1, {"address": "c.d"}]}`))
	f.Add([]byte(`{"outputs": {"a": }, "b"`))
	f.Add([]byte("age-encryption.org/v1\n\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		state.ReadOutline(data)
		state.ReadOutlineFrom(bytes.NewReader(data))
	})
}
