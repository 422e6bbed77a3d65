package discover_test

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"kiraform/internal/config"
	"kiraform/internal/discover"
	"kiraform/internal/eval"
	"kiraform/internal/kira"
	"kiraform/internal/lang"
	"kiraform/internal/simulator"
	"kiraform/internal/simulator/simtest"
	"kiraform/schema/kinds"
	"kiraform/state"
)

const simulated = "provider \"kira\" { environment = \"simulator\" }\n"

// compile reads a configuration of resources and data of all kinds.
func compile(t *testing.T, src string) *eval.Program {
	t.Helper()
	m, diags := config.Load(fstest.MapFS{"main.kira.hcl": {Data: []byte(src)}})
	p, more := eval.Compile(m, eval.Options{Kinds: kinds.Schemas(), Functions: lang.Functions(nil), UnknownInputs: true})
	if diags = append(diags, more...); diags.HasErrors() {
		t.Fatalf("%v\n%s", diags, src)
	}
	return p
}

// create makes the objects of a configuration at Kira, and returns their ids by address.
func create(t *testing.T, call kinds.Call, src string) map[string]string {
	t.Helper()
	p, values, ids := compile(t, src), eval.NewValues(), make(map[string]string)
	for _, block := range p.Blocks().Order() {
		instances, _ := p.Expand(block, values)
		values.Expand(block, instances)
		for _, a := range instances {
			r, diags := p.Eval(a, values)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			k, _ := kinds.ByName(a.Kind)
			call.Want, _ = r.Config.UnmarkDeep()
			call.Key = fmt.Sprintf("00000000-0000-4000-8000-%012d", len(ids))
			o, err := k.Create(t.Context(), call)
			if err != nil {
				t.Fatal(err)
			}
			values.Set(a, o.Seen)
			ids[a.String()] = o.ID
		}
	}
	return ids
}

// What is at Kira and nobody manages becomes blocks that refer to each other, each with
// its import. A value that Kira does not show, or that is secret, is a variable.
func TestAll(t *testing.T) {
	sim := &simulator.Server{VerifyAfter: -1}
	t.Cleanup(func() { sim.Close() })
	simtest.Behave(t, sim)
	call := kinds.Call{ClientID: "11111111-1111-4111-8111-111111111111", API: &kira.Client{BaseURL: "http://127.0.0.1", APIKey: "key",
		ClientID: "11111111-1111-4111-8111-111111111111", Password: "pw", HTTP: &http.Client{Transport: sim.Dial(nil)}}}
	src, err := os.ReadFile("../../examples/recipient/main.kira.hcl")
	if err != nil {
		t.Fatal(err)
	}
	ids := create(t, call, string(src))

	found, err := discover.All(t.Context(), call, compile(t, simulated), state.New("l"))
	if err != nil || found.Objects != len(ids) {
		t.Fatalf("%d objects, %v; want %d", found.Objects, err, len(ids))
	}
	text := string(found.HCL)
	for address, id := range ids {
		if !strings.Contains(text, fmt.Sprintf("id = %q", id)) {
			t.Errorf("%s is not imported:\n%s", address, text)
		}
	}
	if n := strings.Count(text, " = kira_user.maria.id\n"); n != len(ids)-1 {
		t.Errorf("%d recipients refer to their user, want %d:\n%s", n, len(ids)-1, text)
	}
	for _, part := range []string{"  bank_address = {\n", "street_name = \"Av. Reforma 1\"", "country     = \"MX\""} {
		if !strings.Contains(strings.ReplaceAll(text, "bank_address   =", "bank_address ="), part) {
			t.Errorf("%q is not written:\n%s", part, text)
		}
	}
	for _, secret := range []string{"123456789\"", "032180000118359719", "RUAA910203MDFZNN09"} {
		if strings.Contains(text, secret) {
			t.Errorf("the secret %s is written out:\n%s", secret, text)
		}
	}
	if len(found.Variables) == 0 || slices.ContainsFunc(found.Variables, func(v string) bool { return !strings.Contains(text, "= var."+v+"\n") }) {
		t.Errorf("the variables %v are not all used:\n%s", found.Variables, text)
	}
	compile(t, simulated+text) // it is a configuration that can be read

	st := state.New("l")
	for _, im := range compile(t, simulated+text).Imports() {
		st.Resources[im.To] = state.Object{ID: im.ID}
	}
	if again, err := discover.All(t.Context(), call, compile(t, simulated), st); err != nil || again.Objects != 0 {
		t.Errorf("%d objects that are managed are discovered, %v", again.Objects, err)
	}
	if again, err := discover.All(t.Context(), call, compile(t, simulated+text), state.New("l")); err != nil || again.Objects != 0 {
		t.Errorf("%d objects with an import are discovered, %v", again.Objects, err)
	}
}
