package personal_test

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/eval"
	"kiraform/internal/lang"
	"kiraform/internal/personal"
	"kiraform/schema"
	"kiraform/state"
)

// said lists the gathered values, as "sort: value".
func said(in *personal.People) (all []string) {
	for _, p := range in.All {
		all = append(all, p.Sort+": "+string(p.Value))
	}
	return all
}

func check(t *testing.T, in *personal.People, want ...string) {
	t.Helper()
	if got := said(in); !slices.Equal(got, want) {
		t.Errorf("gathered %q, want %q", got, want)
	}
}

// The text of a file is looked through attribute by attribute, in HCL and in JSON, also
// where it cannot be read as either.
func TestText(t *testing.T) {
	for name, tt := range map[string]struct {
		src  string
		want []string
	}{
		"HCL":                                   {`first_name = "Ana"` + "\n" + `email="ana@example.com"`, []string{"person: Ana", "e-mail: ana@example.com"}},
		"JSON":                                  {`{"phone": "+525512345678", "type": "individual"}`, []string{"phone: +525512345678"}},
		"a file that ends too early":            {`resource "kira_user" "a" { last_name = "Ruiz"` + "\n" + `city = "Le`, []string{"person: Ruiz"}},
		"an attribute that is not personal":     {`type = "individual"`, nil},
		"a value that is put together":          {`first_name = "${var.name}"`, nil},
		"an empty value":                        {`first_name = ""`, nil},
		"the same value twice":                  {`first_name = "Ana"` + "\n" + `last_name = "Ana"`, []string{"person: Ana"}},
		"the end of a name that is another one": {`grandfirst_name = "Ana"`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var in personal.People
			in.Text([]byte(tt.src))
			check(t, &in, tt.want...)
		})
	}
}

func text(v string) cty.Value { return cty.StringVal(v) }

func object(attrs map[string]cty.Value) cty.Value { return cty.ObjectVal(attrs) }

// The values of a state count that it has in clear, in nested objects and lists too.
func TestState(t *testing.T) {
	key, err := state.NewKey([]byte("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	kind := &schema.Kind{Name: "kira_user", Attrs: []schema.Attr{
		{Name: "first_name", Type: cty.String},
		{Name: "last_name", Type: cty.String, Sensitive: true},
		{Name: "metadata", Type: cty.Map(cty.String)},
		{Name: "associated_persons", List: true, Nested: []schema.Attr{{Name: "email", Type: cty.String}}},
		{Name: "bank_address", Nested: []schema.Attr{{Name: "city", Type: cty.String}}},
		{Name: "status", Type: cty.String},
	}}
	seal := func(attrs map[string]cty.Value) state.Sealed { return key.Seal(kind, "salt", object(attrs)) }
	st := state.New("l")
	st.Resources[addr.Resource{Kind: "kira_user", Name: "b"}] = state.Object{Sent: seal(map[string]cty.Value{"first_name": text("Eva"), "status": text("CREATED")})}
	st.Resources[addr.Resource{Kind: "kira_user", Name: "a"}] = state.Object{
		Seen: seal(map[string]cty.Value{"first_name": text("Ana"), "last_name": text("Ruiz")}),
		Sent: seal(map[string]cty.Value{"first_name": text("ANA"),
			"metadata":           cty.MapVal(map[string]cty.Value{"crm": text("vip")}),
			"associated_persons": cty.TupleVal([]cty.Value{object(map[string]cty.Value{"email": text("leo@example.com")})}),
			"bank_address":       object(map[string]cty.Value{"city": text("Laredo")})}),
	}
	for _, kinds := range []map[string]*schema.Kind{nil, {"kira_user": kind}} {
		in := personal.People{Kinds: kinds}
		in.State(t.Context(), nil)
		in.State(t.Context(), st)
		check(t, &in, "person: Ana", "e-mail: leo@example.com", "person: ANA", "text: vip", "person: Eva")
	}
}

// nothing says that no resource was evaluated before.
func nothing(addr.Resource) (config cty.Value, ok bool) { return config, false }

// The values of a configuration count, whether something was planned of their block or
// not, and secrets do not.
func TestValues(t *testing.T) {
	fsys := fstest.MapFS{"main.kira.hcl": {Data: []byte(`
variable "secret" {
  default   = "Ruiz"
  sensitive = true
}
resource "kira_user" "all" {
  for_each   = toset(["Ana", "Eva"])
  first_name = each.key
  last_name  = var.secret
}
resource "kira_user" "late" {
  email = kira_user.all["Ana"].id
}
output "email" {
  value = "team@example.com"
}
output "contacts" {
  value = tomap({ email = "desk@example.com" })
}
output "phone" {
  value     = "+525512345678"
  sensitive = true
}
output "note" {
  value = "Leo"
}
`)}}
	m, diags := config.Load(fsys)
	inputs, more := config.Values(m, nil, fsys, nil)
	diags = append(diags, more...)
	kinds := map[string]*schema.Kind{"kira_user": {Name: "kira_user",
		Attrs: []schema.Attr{{Name: "id", Type: cty.String, Computed: true}, {Name: "first_name", Type: cty.String},
			{Name: "last_name", Type: cty.String}, {Name: "email", Type: cty.String}}}}
	p, more := eval.Compile(m, eval.Options{Inputs: inputs, Functions: lang.Functions(fsys), Kinds: kinds})
	if diags = append(diags, more...); diags.HasErrors() {
		t.Fatal(diags)
	}
	for _, in := range []personal.People{{}, {Kinds: kinds}} {
		in.Values(t.Context(), p, nil, nothing)
		check(t, &in, "person: Ana", "person: Eva", "e-mail: desk@example.com", "e-mail: team@example.com")
	}

	known := eval.NewValues()
	all := addr.Resource{Kind: "kira_user", Name: "all"}
	ana := all.Instance(addr.String("Ana"))
	known.Expand(all, []addr.Resource{ana, all.Instance(addr.String("Eva"))})
	known.Set(ana, object(map[string]cty.Value{"id": text("ana@example.com"), "first_name": text("Anna"), "last_name": cty.NullVal(cty.String), "email": cty.NullVal(cty.String)}))
	for _, in := range []personal.People{{}, {Kinds: kinds}} {
		in.Values(t.Context(), p, known, nothing)
		check(t, &in, "person: Anna", "person: Ana", "person: Eva", "e-mail: ana@example.com", "e-mail: desk@example.com", "e-mail: team@example.com")
	}
	evaluated := func(a addr.Resource) (cty.Value, bool) {
		return object(map[string]cty.Value{"first_name": text("Maria")}), a == ana
	}
	var in personal.People
	in.Values(t.Context(), p, known, evaluated)
	check(t, &in, "person: Anna", "person: Maria", "person: Eva", "e-mail: ana@example.com", "e-mail: desk@example.com", "e-mail: team@example.com")
}
