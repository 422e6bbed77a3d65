package plan_test

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/eval"
	"kiraform/internal/lang"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// spelled is a program whose resources name each instance that they need.
type spelled struct{ plan.Program }

func (s spelled) Eval(a addr.Resource, known *eval.Values) (eval.Resource, hcl.Diagnostics) {
	r, diags := s.Program.Eval(a, known)
	each := func(needs []addr.Resource) (all []addr.Resource) {
		for _, need := range needs {
			members := known.Members(need)
			if members == nil {
				members = []addr.Resource{need}
			}
			all = append(all, members...)
		}
		slices.SortFunc(all, addr.Resource.Compare)
		return all
	}
	r.Needs, r.DependsOn = each(r.Needs), each(r.DependsOn)
	var triggers []eval.Trigger
	for _, t := range r.ReplaceTriggeredBy {
		for _, a := range each([]addr.Resource{t.Addr}) {
			triggers = append(triggers, eval.Trigger{Addr: a, Attr: t.Attr})
		}
	}
	r.ReplaceTriggeredBy = triggers
	return r, diags
}

// withData has a data source beside the other kinds.
var withData = func() map[string]*schema.Kind {
	all := maps.Clone(kinds)
	all["data.user"] = &schema.Kind{Name: "user", Attrs: []schema.Attr{{Name: "email", Type: cty.String}, {Name: "id", Type: cty.String, Computed: true}}}
	return all
}()

// drawnNeeds draws a configuration whose resources need all of others in many ways.
func drawnNeeds(t *rapid.T) fstest.MapFS {
	pick := func(name string, from ...string) string { return rapid.SampledFrom(from).Draw(t, name) }
	some := func(name string, from ...string) string {
		return strings.Join(rapid.SliceOfNDistinct(rapid.SampledFrom(from), 0, 3, rapid.ID[string]).Draw(t, name), ", ")
	}
	keys := func(name string) string {
		return `toset([` + some(name, `"a"`, `"b"`, `"c"`) + `])`
	}
	count := func(name string) string { return fmt.Sprint(rapid.IntRange(0, 3).Draw(t, name)) }
	people := []string{"user.x", "user.y", "module.m", "data.user.d", "user.one"}
	var b strings.Builder
	fmt.Fprintf(&b, "resource \"user\" \"x\" {\n  for_each = %s\n  type = \"person\"\n  email = \"${each.key}@%s\"\n}\n", keys("x"), pick("host", "h", "i"))
	fmt.Fprintf(&b, "resource \"user\" \"y\" {\n  count = %s\n  type = \"person\"\n  email = \"y${count.index}@h\"\n  depends_on = [%s]\n}\n", count("y"), some("needs of y", "user.x", "user.one"))
	fmt.Fprintf(&b, "resource \"user\" \"one\" {\n  type = \"person\"\n  email = \"one@h\"\n}\n")
	fmt.Fprintf(&b, "data \"user\" \"d\" {\n  count = %s\n  email = \"d${count.index}@h\"\n  depends_on = [%s]\n}\n", count("d"), some("needs of d", "user.x", "user.y", "user.one"))
	fmt.Fprintf(&b, "module \"m\" {\n  source = \"./m\"\n  for_each = %s\n  key = each.key\n  depends_on = [%s]\n}\n", keys("m"), some("needs of m", "user.x", "data.user.d"))
	fmt.Fprintf(&b, "module \"k\" {\n  source = \"./m\"\n  count = %s\n  key = \"k${count.index}\"\n  depends_on = [%s]\n}\n", count("k"), some("needs of k", "module.m", "user.y"))
	fmt.Fprintf(&b, "resource \"account\" \"a\" {\n  for_each = %s\n  user_id = %s\n  depends_on = [%s]\n}\n", keys("a"),
		pick("owner", "user.one.id", "try(user.x[each.key].id, user.one.id)"), some("needs of a", people...))
	fmt.Fprintf(&b, "locals {\n  all = [%s]\n}\n", some("all", "values(user.x)[*].id", "user.y[*].email", "module.m", "module.k[*].ids", "user.one.id"))
	fmt.Fprintf(&b, "resource \"note\" \"n\" {\n  count = %s\n  text = %s\n  depends_on = [%s]\n  lifecycle {\n    replace_triggered_by = [%s]\n  }\n}\n", count("n"),
		pick("text", `"t"`, "jsonencode(local.all)", `"u"`, "user.one.id"), some("needs of n", append(people, "account.a")...), some("triggers", "user.x", "user.y", "user.one.email", "account.a"))
	fmt.Fprintf(&b, "output \"all\" {\n  value = local.all\n}\noutput \"notes\" {\n  value = note.n[*].id\n}\n")
	inner := "variable \"key\" {}\nresource \"user\" \"u\" {\n  count = 2\n  type = \"person\"\n  email = \"${var.key}${count.index}@m\"\n}\n" +
		"resource \"note\" \"v\" {\n  text = \"v\"\n  depends_on = [user.u]\n}\noutput \"ids\" {\n  value = user.u[*].id\n}\n"
	return fstest.MapFS{"main.kira.hcl": {Data: []byte(b.String())}, "m/main.kira.hcl": {Data: []byte(inner)}}
}

// drawnPrior draws a state that has some of the objects, in several statuses.
func drawnPrior(t *rapid.T, sent func(kind, attrs string) cty.Value) *state.State {
	st := state.New("l")
	add := func(address, attrs string) {
		a := at(address)[0]
		status := rapid.SampledFrom([]string{"", "VERIFIED", "CREATED", "REJECTED", "incomplete", "VERIFIED"}).Draw(t, address)
		if status == "" {
			return
		}
		k, id := kinds[a.Kind], "id of "+address
		want := sent(a.Kind, attrs)
		shown := want.AsValueMap()
		shown["id"], shown["status"] = cty.StringVal(id), cty.StringVal(status)
		st.Resources[a] = state.Object{ID: id, Salt: "s", Sent: key.Seal(k, "s", want), Seen: key.Seal(k, "s", cty.ObjectVal(shown))}
	}
	person := func(email string) string { return "type = \"person\"\nemail = " + fmt.Sprintf("%q", email) }
	for _, n := range []string{"a", "b", "old"} {
		add(fmt.Sprintf("user.x[%q]", n), person(n+"@h"))
		add(fmt.Sprintf("account.a[%q]", n), `user_id = "id of user.one"`)
		for i := range 2 {
			add(fmt.Sprintf("module.m[%q].user.u[%d]", n, i), person(fmt.Sprint(n, i, "@m")))
		}
	}
	add("user.one", person("one@h"))
	add("user.x", person("x@h"))
	for i := range 3 {
		add(fmt.Sprintf("user.y[%d]", i), person(fmt.Sprint("y", i, "@h")))
		add(fmt.Sprintf("note.n[%d]", i), `text = "t"`)
	}
	return st
}

// A plan is the same one, whether needs stand for all instances of a block or name
// each: the same actions for the same reasons, the same order, the same resources
// left out, and the same mistakes.
func TestNeedsOfAllAreThoseOfEach(t *testing.T) {
	had := make(map[string]cty.Value)
	sent := func(kind, attrs string) cty.Value {
		if _, known := had[kind+attrs]; !known {
			had[kind+attrs] = value(t, kind, attrs)
		}
		return had[kind+attrs]
	}
	rapid.Check(t, func(rt *rapid.T) {
		files := drawnNeeds(rt)
		m, diags := config.Load(files)
		if diags.HasErrors() {
			rt.Fatal(diags)
		}
		program := func() plan.Program {
			p, diags := eval.Compile(m, eval.Options{Kinds: withData, Functions: lang.Functions(files)})
			if diags.HasErrors() {
				rt.Fatal(diags)
			}
			return p
		}
		in := plan.Input{Prior: drawnPrior(rt, sent), Kinds: withData, Key: key, Data: make(map[addr.Resource]cty.Value),
			Wait: rapid.Bool().Draw(rt, "wait"), Destroy: rapid.IntRange(0, 9).Draw(rt, "destroy") == 0}
		for i := range 3 {
			if rapid.Bool().Draw(rt, "looked at") {
				in.Data[at(fmt.Sprintf("data.user.d[%d]", i))[0]] = cty.ObjectVal(map[string]cty.Value{"email": cty.StringVal("d"), "id": cty.StringVal("d")})
			}
		}
		names := []string{"user.x", `user.x["a"]`, "user.y[1]", "module.m.user.u", `module.m["b"].note.v`, "account.a", "note.n", "user.one", "module.k.user.u", "data.user.d"}
		for _, of := range []*[]addr.Resource{&in.Targets, &in.Exclude, &in.Replace} {
			for _, name := range rapid.SliceOfN(rapid.SampledFrom(names), 0, 2).Draw(rt, "names") {
				if rapid.Bool().Draw(rt, "in effect") {
					*of = append(*of, at(name)...)
				}
			}
		}
		short, d1 := plan.Make(with(in, program()))
		long, d2 := plan.Make(with(in, spelled{program()}))
		agree(rt, "plan", short, long, d1, d2)
		leave := at(rapid.SampledFrom(names).Draw(rt, "left out"))
		short.Without(leave, withData, key)
		long.Without(leave, withData, key)
		agree(rt, "rest", short, long, nil, nil)
	})
}

func with(in plan.Input, p plan.Program) plan.Input {
	in.Program, in.Prior = p, in.Prior.Clone()
	return in
}

func agree(t *rapid.T, of string, short, long *plan.Plan, d1, d2 hcl.Diagnostics) {
	if a, b := told(short, d1), told(long, d2); a != b {
		t.Fatalf("%s:\n%s\nwith each need named:\n%s", of, a, b)
	}
}

// told is all that a plan says.
func told(p *plan.Plan, diags hcl.Diagnostics) string {
	var out strings.Builder
	g := p.Graph()
	for i := range p.Changes {
		c := &p.Changes[i]
		var needs []addr.Resource
		p.Each(func(a addr.Resource) { needs = append(needs, a) }, c.Needs)
		slices.SortFunc(needs, addr.Resource.Compare)
		waits := c.Waits
		if strings.Contains(waits, " or ") || strings.Contains(waits, "one of ") { // a block is named as one
			waits = "until one of several is as it has to be"
		}
		fmt.Fprintln(&out, c.Action, c.Addr, "|", c.Why, "|", waits, "|", c.Pending, c.Consent(), "needs", needs, g.Needs(c.Addr))
		for _, other := range p.Changes {
			if c.Requires(other.Addr) != slices.Contains(needs, other.Addr) && other.Action != plan.Forget {
				fmt.Fprintln(&out, "requires", other.Addr, c.Requires(other.Addr))
			}
		}
	}
	fmt.Fprintln(&out, g.Order(), p.Moves, p.Ended, p.Partial(), p.Empty())
	for _, o := range p.Outputs {
		fmt.Fprintln(&out, o.Name, o.Known)
	}
	for _, d := range diags {
		fmt.Fprintln(&out, d.Summary, d.Detail)
	}
	return out.String()
}

// Resources that all need all of a block take memory that grows with their number, and
// not with its square.
func TestNeedsOfAllAreSmall(t *testing.T) {
	for name, src := range map[string]string{
		"depends_on":           "depends_on = [user.u]",
		"replace_triggered_by": "lifecycle {\n replace_triggered_by = [user.u]\n}",
	} {
		t.Run(name, func(t *testing.T) {
			use := func(n int) uint64 {
				p := compile(t, fmt.Sprintf(`resource "user" "u" {
					count = %[1]d
					type  = "person"
				}
				resource "note" "n" {
					count = %[1]d
					text  = "t"
					%[2]s
				}`, n, src))
				prior := state.New("l")
				for i := range n {
					u := object{id: fmt.Sprint("u", i), sent: `type = "person"; email = "a"`}
					if i == 0 {
						prior.Resources[at("user.u[0]")[0]] = u.state(t, "user")
						prior.Resources[at("note.n[0]")[0]] = object{id: "n", sent: `text = "t"`}.state(t, "note")
					}
					for _, kind := range []string{"user", "note"} {
						o := prior.Resources[at(kind + map[string]string{"user": ".u[0]", "note": ".n[0]"}[kind])[0]]
						o.ID = fmt.Sprint(kind, i)
						prior.Resources[at(fmt.Sprintf(map[string]string{"user": "user.u[%d]", "note": "note.n[%d]"}[kind], i))[0]] = o
					}
				}
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				made, diags := plan.Make(plan.Input{Program: p, Prior: prior, Kinds: kinds, Key: key})
				if diags.HasErrors() || len(made.Graph().Order()) != 2*n {
					t.Fatal(diags)
				}
				runtime.ReadMemStats(&after)
				return after.TotalAlloc - before.TotalAlloc
			}
			if one, two := use(1000), use(2000); two > 3*one {
				t.Errorf("%d bytes for 1,000, %d for 2,000", one, two)
			}
		})
	}
}
