package eval_test

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/eval"
	"kiraform/internal/lang"
	"kiraform/schema"
)

// kinds is a small set of resource kinds with one of everything.
var kinds = map[string]*schema.Kind{
	"kira_user": {Name: "kira_user", Attrs: []schema.Attr{
		{Name: "email", Type: cty.String, Required: true},
		{Name: "type", Type: cty.String, OneOf: []string{"individual", "business"}},
		{Name: "ssn", Type: cty.String, Number: true, Sensitive: true},
		{Name: "age", Type: cty.Number},
		{Name: "tags", Type: cty.List(cty.String)},
		{Name: "metadata", Type: cty.Map(cty.String)},
		{Name: "owner", Nested: []schema.Attr{
			{Name: "name", Type: cty.String, Required: true},
			{Name: "born", Type: cty.String, Format: schema.Date},
			{Name: "verified", Type: cty.Bool, Computed: true},
		}},
		{Name: "persons", List: true, Nested: []schema.Attr{
			{Name: "email", Type: cty.String, Required: true},
			{Name: "ssn", Type: cty.String, Sensitive: true},
		}},
		{Name: "extra", Type: cty.DynamicPseudoType, Forms: []cty.Type{cty.Map(cty.DynamicPseudoType)}, Spread: true},
		{Name: "id", Type: cty.String, Computed: true},
		{Name: "status", Type: cty.String, Computed: true},
	}},
	"kira_account": {Name: "kira_account", Attrs: []schema.Attr{
		{Name: "user_id", Type: cty.String, Required: true},
		{Name: "provider", Type: cty.String},
		{Name: "label", Type: cty.String},
		{Name: "id", Type: cty.String, Computed: true},
	}},
}

// files makes a folder of configuration of one file, or of a txtar-like list of
// "-- name --" lines and their content.
func files(src string) fstest.MapFS {
	if !strings.HasPrefix(src, "-- ") {
		return fstest.MapFS{"main.kira.hcl": {Data: []byte(src)}}
	}
	fsys := fstest.MapFS{}
	for _, part := range strings.Split("\n"+src, "\n-- ")[1:] {
		name, body, _ := strings.Cut(part, " --\n")
		fsys[name] = &fstest.MapFile{Data: []byte(body + "\n")}
	}
	return fsys
}

// compile loads and compiles, and returns all diagnostics.
func compile(t testing.TB, src string, change ...func(*eval.Options)) (*eval.Program, hcl.Diagnostics) {
	t.Helper()
	fsys := files(src)
	m, diags := config.Load(fsys)
	inputs, d := config.Values(m, nil, fsys, nil)
	diags = append(diags, d...)
	o := eval.Options{Kinds: kinds, Inputs: inputs, Functions: lang.Functions(fsys)}
	for _, f := range change {
		f(&o)
	}
	p, d := eval.Compile(m, o)
	return p, append(diags, d...)
}

// run is a little planner: it evaluates everything in order, and takes computed
// attributes for unknown, or for their values in made.
type run struct {
	*eval.Program
	values    *eval.Values
	resources map[string]eval.Resource
	outputs   map[string]eval.Output
	diags     hcl.Diagnostics
}

func evaluate(t testing.TB, src string, change ...func(*eval.Options)) *run {
	t.Helper()
	p, diags := compile(t, src, change...)
	r := &run{Program: p, values: eval.NewValues(), resources: make(map[string]eval.Resource), diags: diags}
	for _, block := range p.Blocks().Order() {
		instances, d := p.Expand(block, r.values)
		r.diags = append(r.diags, d...)
		r.values.Expand(block, instances)
		for _, a := range instances {
			res, d := p.Eval(a, r.values)
			r.diags = append(r.diags, d...)
			r.resources[a.String()] = res
			if !d.HasErrors() {
				r.values.Set(a, planned(kinds[block.Kind], res.Config))
			}
		}
	}
	r.outputs, diags = p.Outputs(r.values)
	for _, o := range r.outputs {
		diags = append(diags, o.Problems...)
	}
	r.diags = diag.Sort(append(r.diags, diags...))
	return r
}

// planned adds the attributes that Kira will set, which are not known yet.
func planned(k *schema.Kind, config cty.Value) cty.Value {
	attrs := config.AsValueMap()
	for name, ty := range k.Type().AttributeTypes() {
		if _, ok := attrs[name]; !ok {
			attrs[name] = cty.UnknownVal(ty)
		}
	}
	return cty.ObjectVal(attrs)
}

func (r *run) attr(t *testing.T, address, name string) cty.Value {
	t.Helper()
	res, ok := r.resources[address]
	if !ok {
		t.Fatalf("there is no %s", address)
	}
	return res.Config.GetAttr(name)
}

// lines writes diagnostics one per line: place, code.
func lines(diags hcl.Diagnostics) string {
	var b strings.Builder
	for _, d := range diags {
		place := "-"
		if d.Subject != nil {
			place = config.Place(*d.Subject)
		}
		b.WriteString(place + " " + string(diag.CodeOf(d)) + "\n")
	}
	return b.String()
}

// needs returns the instances that the needs of a resource are, or stand for.
func (r *run) needs(address string) string {
	res, ok := r.resources[address]
	if !ok {
		return "nothing, since there is no " + address
	}
	var all []addr.Resource
	for _, need := range res.Needs {
		if members := r.values.Members(need); members != nil {
			all = append(all, members...)
		} else {
			all = append(all, need)
		}
	}
	slices.SortFunc(all, addr.Resource.Compare)
	return texts(all)
}

func texts(as []addr.Resource) string {
	var s []string
	for _, a := range as {
		s = append(s, a.String())
	}
	return strings.Join(s, " ")
}

func quiet(t testing.TB, diags hcl.Diagnostics) {
	t.Helper()
	for _, d := range diags {
		t.Errorf("unexpected diagnostic: %s", d)
	}
}

// A name that is declared nowhere, and used in many places, costs as much in each: it is
// what a name that is just being changed looks like.
func TestMissingNamesAreLinear(t *testing.T) {
	cost := func(n int) uint64 {
		var src strings.Builder
		src.WriteString("-- main.kira.hcl --\n")
		for i := range n {
			fmt.Fprintf(&src, "locals {\n  a%d = kira_user.nobody.id\n}\nresource \"kira_user\" \"w%d\" {\n  email = \"a@example.com\"\n}\n", i, i)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, diags := compile(t, src.String()); len(diags) != n {
			t.Fatalf("%d diagnostics, want %d", len(diags), n)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	cost(10)
	if small, large := cost(400), cost(1600); large > 6*small {
		t.Errorf("400 places take %d bytes, and 1,600 take %d", small, large)
	}
}
