package plan_test

import (
	"fmt"
	"regexp"
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
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// user has one attribute of every class; account waits for a verified user and
// cannot be updated; note can be replaced freely.
var kinds = map[string]*schema.Kind{
	"user": {Name: "user", Verbs: schema.CanRead | schema.CanUpdate, Variant: "type", Attrs: []schema.Attr{
		{Name: "type", Type: cty.String, Fixed: true},
		{Name: "email", Type: cty.String},
		{Name: "phone", Type: cty.String, EchoedFor: []string{"person"}},
		{Name: "funds", Type: cty.String, Class: schema.Unreadable},
		{Name: "ssn", Type: cty.String, Sensitive: true},
		{Name: "tags", Type: cty.Map(cty.String), Class: schema.Merged},
		{Name: "persons", List: true, Class: schema.Merged, MergeKey: "email", Nested: []schema.Attr{
			{Name: "email", Type: cty.String}, {Name: "role", Type: cty.String}, {Name: "ssn", Type: cty.String, Sensitive: true},
		}},
		{Name: "id", Type: cty.String, Computed: true},
		{Name: "status", Type: cty.String, Computed: true},
	}, Course: closing("REJECTED")},
	"account": {Name: "account", Verbs: schema.CanRead, Attrs: []schema.Attr{
		{Name: "user_id", Type: cty.String},
		{Name: "mode", Type: cty.String},
		{Name: "id", Type: cty.String, Computed: true},
		{Name: "status", Type: cty.String, Computed: true},
		{Name: "number", Type: cty.String, Computed: true},
	}, Gates: []schema.Gate{{Attr: "user_id", Kind: "user", Field: "status", Open: []string{"VERIFIED"}}}, Course: closing("closed")},
	"address": {Name: "address", Verbs: schema.CanRead, Attrs: []schema.Attr{
		{Name: "account_id", Type: cty.String},
		{Name: "id", Type: cty.String, Computed: true},
	}, Gates: []schema.Gate{{Attr: "account_id", Kind: "account", Field: "number"}}},
	"pin": {Name: "pin", Verbs: schema.CanUpdate, Attrs: []schema.Attr{
		{Name: "version", Type: cty.String, Class: schema.Unreadable, Clear: true, Forward: true}, {Name: "id", Type: cty.String, Computed: true},
	}},
	"purse": {Name: "purse", Verbs: schema.CanRead, Attrs: []schema.Attr{
		{Name: "user_id", Type: cty.String}, {Name: "mode", Type: cty.String}, {Name: "id", Type: cty.String, Computed: true},
	}, Identity: &schema.Identity{}, Single: &schema.Single{For: []string{"user_id"}, Doc: "a user has one.", Among: func(want, _ cty.Value) bool { return want.GetAttr("mode").AsString() == "one" }}},
	"member": {Name: "member", Verbs: schema.CanRead | schema.CanUpdate, Variant: "type", Attrs: []schema.Attr{
		{Name: "type", Type: cty.String}, {Name: "email", Type: cty.String}, {Name: "name", Type: cty.String}, {Name: "born", Type: cty.String}, {Name: "phone", Type: cty.String},
		{Name: "id", Type: cty.String, Computed: true}, {Name: "status", Type: cty.String, Computed: true},
	}, Identity: &schema.Identity{Natural: []string{"type", "email"}, Who: []string{"name", "born"}, Key: "email", Loose: "CREATED", Failed: "REJECTED",
		Person: map[string][]string{"person": {"name", "born"}}}},
	"note": {Name: "note", Verbs: schema.CanRead, Replace: schema.ReplaceFreely, Attrs: []schema.Attr{
		{Name: "text", Type: cty.String}, {Name: "id", Type: cty.String, Computed: true},
	}},
}

// closing is the course of objects that end in one status, and have not begun
// in another one.
func closing(end string) schema.Course {
	is := func(status string) func(cty.Value) string {
		return func(seen cty.Value) string {
			if v := schema.Member(seen, "status"); !v.IsNull() && v.AsString() == status {
				return status
			}
			return ""
		}
	}
	stalled := func(seen cty.Value) (bool, []string) { return is("incomplete")(seen) != "", []string{"phone"} }
	ended := func(get func(string) cty.Value) string {
		return is(end)(cty.ObjectVal(map[string]cty.Value{"status": get("status")}))
	}
	return schema.Course{Ended: ended, Stalled: stalled, Unbegun: "Kira has not begun", Remedy: func(_ cty.Value, addr string) string { return "Mend " + addr + "." }}
}

var key = func() state.Key {
	k, err := state.NewKey([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		panic(err)
	}
	return k
}()

// object is the state's entry for a resource whose configuration was sent and
// is shown as given. Of seen, only attributes that differ from sent have to be
// given.
type object struct {
	id, sent, seen string
	imported       bool
	consent        string // the attribute that an earlier run was to replace it for
}

func compile(t *testing.T, src string) *eval.Program {
	t.Helper()
	return compileFor(t, src, kinds)
}

func compileFor(t *testing.T, src string, kinds map[string]*schema.Kind) *eval.Program {
	t.Helper()
	m, diags := config.Load(fstest.MapFS{"main.kira.hcl": {Data: []byte(src)}})
	p, d := eval.Compile(m, eval.Options{Kinds: kinds})
	if diags = append(diags, d...); diags.HasErrors() {
		t.Fatal(diags)
	}
	return p
}

// value evaluates the attributes of a block.
func value(t *testing.T, kind, attrs string) cty.Value {
	t.Helper()
	p := compile(t, fmt.Sprintf("resource %q \"x\" {\n%s\n}", kind, strings.ReplaceAll(attrs, ";", "\n")))
	r, diags := p.Eval(addr.Resource{Kind: kind, Name: "x"}, eval.NewValues())
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return r.Config
}

func (o object) state(t *testing.T, kind string) state.Object {
	t.Helper()
	sent := value(t, kind, o.sent)
	shown := make(map[string]cty.Value)
	for name, v := range sent.AsValueMap() {
		a, _ := kinds[kind].Attr(name)
		if a.ClassIn(kinds[kind].VariantOf(sent)) != schema.Unreadable {
			shown[name] = v
		}
	}
	for kv := range strings.SplitSeq(o.seen, ";") {
		if name, v, ok := strings.Cut(kv, "="); ok {
			shown[strings.TrimSpace(name)] = cty.StringVal(strings.Trim(strings.TrimSpace(v), `"`))
		}
	}
	shown["id"] = cty.StringVal(o.id)
	out := state.Object{ID: o.id, Salt: state.Salt(o.id), Sent: key.Seal(kinds[kind], state.Salt(o.id), sent), Seen: key.Seal(kinds[kind], state.Salt(o.id), cty.ObjectVal(shown))}
	if o.imported {
		out.Sent = state.Sealed{}
	}
	return out
}

const person = `type = "person"; email = "a@x"; phone = "1"; funds = "salary"; ssn = "111"`

func TestMake(t *testing.T) {
	known := map[string]object{"user.u": {id: "u1", sent: person, seen: `status = "VERIFIED"`}}
	seen := func(more string) map[string]object {
		return map[string]object{"user.u": {id: "u1", sent: person, seen: more}}
	}
	for _, tt := range []struct {
		name  string
		src   string
		prior map[string]object
		in    plan.Input
		want  string
	}{
		{"nothing exists yet", `user "u" { ` + person + ` }; account "a" { user_id = user.u.id }`, nil, plan.Input{},
			"create account.a waits until user.u is VERIFIED; create user.u"},
		{"nothing differs", `user "u" { ` + person + ` }`, known, plan.Input{},
			"no-op user.u"},
		{"the configuration changes what is echoed", `user "u" { ` + strings.Replace(person, "a@x", "b@x", 1) + ` }`, known, plan.Input{},
			"update user.u (email configured)"},
		{"Kira changes what is echoed", `user "u" { ` + person + ` }`, seen(`email = "c@x"`), plan.Input{},
			"update user.u (email drifted)"},
		{"the configuration follows Kira", `user "u" { ` + strings.Replace(person, "a@x", "c@x", 1) + ` }`, seen(`email = "c@x"`), plan.Input{},
			"no-op user.u"},
		{"what cannot be read is compared with what was sent", `user "u" { ` + strings.Replace(person, "salary", "gift", 1) + ` }`, known, plan.Input{},
			"update user.u (funds configured)"},
		{"what is sensitive is compared by fingerprint", `user "u" { ` + strings.Replace(person, "111", "222", 1) + ` }`, known, plan.Input{},
			"update user.u (ssn configured)"},
		{"what is sensitive can drift too", `user "u" { ` + person + ` }`, seen(`ssn = "999"`), plan.Input{},
			"update user.u (ssn drifted)"},
		{"what is echoed in one variant only", `user "u" { type = "firm"; phone = "2" }`,
			map[string]object{"user.u": {id: "u1", sent: `type = "firm"; phone = "1"`}}, plan.Input{},
			"update user.u (phone configured)"},
		{"after an import what cannot be read is sent once", `user "u" { ` + person + ` }`,
			map[string]object{"user.u": {id: "u1", sent: person, imported: true}}, plan.Input{},
			"update user.u (funds unreadable)"},
		{"an attribute that is no longer written is left alone, and said", `user "u" { type = "person"; email = "a@x" }`, known, plan.Input{},
			"no-op user.u dropped phone, funds, ssn; warning kept-at-kira; warning kept-at-kira; warning kept-at-kira"},
		{"a merged map takes members but keeps others", `user "u" { type = "person"; tags = { a = "1"; c = "3" } }`,
			map[string]object{"user.u": {id: "u1", sent: `type = "person"; tags = { a = "1"; b = "2" }`}}, plan.Input{},
			`update user.u (tags["c"] configured) dropped tags["b"]; warning kept-at-kira`},
		{"merged entries are matched by their key, not their place", `user "u" { type = "person"; persons = [{ email = "z"; role = "r" }, { email = "y"; role = "r" }] }`,
			map[string]object{"user.u": {id: "u1", sent: `type = "person"; persons = [{ email = "y"; role = "r" }, { email = "z"; role = "r" }]`}}, plan.Input{},
			"no-op user.u"},
		{"a merged entry changes in one attribute", `user "u" { type = "person"; persons = [{ email = "y"; role = "s"; ssn = "1" }] }`,
			map[string]object{"user.u": {id: "u1", sent: `type = "person"; persons = [{ email = "y"; role = "r"; ssn = "1" }]`}}, plan.Input{},
			"update user.u (persons[0].role configured)"},
		{"a merged entry is added", `user "u" { type = "person"; persons = [{ email = "n"; role = "r" }, { email = "y"; role = "r" }] }`,
			map[string]object{"user.u": {id: "u1", sent: `type = "person"; persons = [{ email = "y"; role = "r" }]`}}, plan.Input{},
			"update user.u (persons[0] configured)"},
		{"a fixed attribute needs consent", `user "u" { ` + strings.Replace(person, `"person"`, `"firm"`, 1) + ` }`, known, plan.Input{},
			"update user.u (type configured fixed); error replace-needs-consent"},
		{"what only moves forward cannot go back", `pin "p" { version = "2026-01-01" }`, map[string]object{"pin.p": {id: "p", sent: `version = "2026-04-14"`}}, plan.Input{},
			"update pin.p (version configured); error cannot-go-back"},
		{"but forward it can", `pin "p" { version = "2026-06-01" }`, map[string]object{"pin.p": {id: "p", sent: `version = "2026-04-14"`}}, plan.Input{},
			"update pin.p (version configured)"},
		{"with consent it is replaced, and what needs it must be too", `user "u" { ` + strings.Replace(person, `"person"`, `"firm"`, 1) + ` }; note "n" { text = user.u.id }`,
			map[string]object{"user.u": known["user.u"], "note.n": {id: "n1", sent: `text = "u1"`}}, plan.Input{Replace: at("user.u")},
			"replace note.n (text depends fixed); replace user.u as requested (type configured fixed)"},
		{"an earlier run may have been given consent", `user "u" { ` + strings.Replace(person, `"person"`, `"firm"`, 1) + ` }`, map[string]object{"user.u": {id: "u1", sent: person, consent: "type"}}, plan.Input{},
			"replace user.u as an earlier run was asked to, which could not do it yet (type configured fixed)"},
		{"for another attribute it was not", `user "u" { ` + strings.Replace(person, `"person"`, `"firm"`, 1) + ` }`, map[string]object{"user.u": {id: "u1", sent: person, consent: "email"}}, plan.Input{},
			"update user.u (type configured fixed); error replace-needs-consent"},
		{"what costs nothing is replaced freely", `note "n" { text = "b" }`, map[string]object{"note.n": {id: "n1", sent: `text = "a"`}}, plan.Input{},
			"replace note.n (text configured fixed)"},
		{"one that Kira allows once cannot be replaced", `purse "p" { user_id = "u"; mode = "one" }`, map[string]object{"purse.p": {id: "p1", sent: `user_id = "u"; mode = "many"`}}, plan.Input{},
			"update purse.p (mode configured fixed); error cannot-replace"},
		{"whoever asks for that", `purse "p" { user_id = "u"; mode = "one" }`, map[string]object{"purse.p": {id: "p1", sent: `user_id = "u"; mode = "one"`}}, plan.Input{Replace: at("purse.p")},
			"replace purse.p as requested; error cannot-replace"},
		{"unless it becomes one that Kira allows often", `purse "p" { user_id = "u"; mode = "many" }`, map[string]object{"purse.p": {id: "p1", sent: `user_id = "u"; mode = "one"`}}, plan.Input{},
			"update purse.p (mode configured fixed); error replace-needs-consent"},
		{"or one of another user", `purse "p" { user_id = "v"; mode = "one" }`, map[string]object{"purse.p": {id: "p1", sent: `user_id = "u"; mode = "one"`}}, plan.Input{Replace: at("purse.p")},
			"replace purse.p as requested (user_id configured fixed)"},
		{"what is no longer written is forgotten", ``, known, plan.Input{},
			"forget user.u"},
		{"what is gone at Kira is created again", `note "n" { text = "a" }`, nil, plan.Input{Gone: map[addr.Resource]state.Object{at("note.n")[0]: {ID: "n1"}}},
			"create note.n because n1 is gone at Kira"},
		{"a shut gate defers, and what needs that", `user "u" { ` + person + ` }; account "a" { user_id = user.u.id }; note "n" { text = account.a.id }`, seen(`status = "REVIEW"`), plan.Input{},
			"defer account.a user.u is REVIEW, and Kira has to make it VERIFIED first; defer note.n it needs account.a, which is deferred; no-op user.u"},
		{"a shut gate can be waited for", `user "u" { ` + person + ` }; account "a" { user_id = user.u.id }`, seen(`status = "REVIEW"`), plan.Input{Wait: true},
			"create account.a waits until user.u is VERIFIED (it is REVIEW now); no-op user.u"},
		{"an open gate says nothing", `user "u" { ` + person + ` }; account "a" { user_id = user.u.id }`, known, plan.Input{},
			"create account.a; no-op user.u"},
		{"what has ended puts off what needs it, and says so", `user "u" { ` + person + ` }; account "a" { user_id = user.u.id }; note "n" { text = "a" }`, seen(`status = "REJECTED"`), plan.Input{},
			"defer account.a user.u is REJECTED, and Kira has to make it VERIFIED first; create note.n; no-op user.u; warning end-state"},
		{"it is not waited for", `user "u" { ` + person + ` }; account "a" { user_id = user.u.id }`, seen(`status = "REJECTED"`), plan.Input{Wait: true},
			"defer account.a user.u is REJECTED, and Kira has to make it VERIFIED first; no-op user.u; warning end-state"},
		{"one that nothing needs says so too", `user "u" { ` + person + ` }`, seen(`status = "REJECTED"`), plan.Input{},
			"no-op user.u; warning end-state"},
		{"one that a target leaves out does not", `user "u" { ` + person + ` }; account "a" { user_id = user.u.id }; note "n" { text = "a" }`, seen(`status = "REJECTED"`), plan.Input{Targets: at("note.n")},
			"create note.n; warning partial-plan"},
		{"one that is no longer written does not", ``, seen(`status = "REJECTED"`), plan.Input{}, "forget user.u"},
		{"one that is replaced does not", `user "u" { ` + person + ` }; account "a" { user_id = user.u.id }`, seen(`status = "REJECTED"`), plan.Input{Replace: at("user.u")},
			"create account.a waits until user.u is VERIFIED; replace user.u as requested"},
		{"a gate without a goal is shut by an end too", `account "a" { user_id = "u1" }; address "x" { account_id = account.a.id }`,
			map[string]object{"account.a": {id: "a1", sent: `user_id = "u1"`, seen: `id = "a1"; user_id = "u1"; status = "closed"; number = "42"`}}, plan.Input{},
			"no-op account.a; defer address.x account.a is closed, and cannot be used; warning end-state"},
		{"what has not begun is not waited for", `user "u" { ` + person + ` }; account "a" { user_id = user.u.id }`, seen(`status = "incomplete"`), plan.Input{Wait: true},
			"defer account.a user.u is incomplete, and Kira has not begun, since it lacks phone; no-op user.u"},
		{"unless this plan completes it", `user "u" { ` + strings.Replace(person, "a@x", "b@x", 1) + ` }; account "a" { user_id = user.u.id }`, seen(`status = "incomplete"`), plan.Input{Wait: true},
			"create account.a waits until user.u is VERIFIED (it is incomplete now); update user.u (email configured)"},
		{"a target takes what it needs and nothing else", `user "u" { ` + person + ` }; user "v" { type = "firm" }; account "a" { user_id = user.u.id }`, nil, plan.Input{Targets: at("account.a")},
			"create account.a waits until user.u is VERIFIED; create user.u; warning partial-plan"},
		{"a target that does not exist", `note "n" { text = "a" }`, nil, plan.Input{Targets: at("note.x")},
			"error no-such-target"},
		{"destroy forgets everything", `user "u" { ` + person + ` }`, known, plan.Input{Destroy: true},
			"forget user.u"},
		{"destroy respects prevent_destroy", `user "u" { ` + person + `; lifecycle { prevent_destroy = true } }`, known, plan.Input{Destroy: true},
			"forget user.u; error prevent-destroy"},
		{"an instance that count drops keeps its protection", `note "n" { count = 1; text = "a"; lifecycle { prevent_destroy = true } }`,
			map[string]object{"note.n[0]": {id: "n1", sent: `text = "a"`}, "note.n[1]": {id: "n2", sent: `text = "a"`}}, plan.Input{},
			"no-op note.n[0]; forget note.n[1]; error prevent-destroy"},
		{"so does one that for_each drops, by its own key", `note "n" { for_each = { a = "a" }; text = each.value; lifecycle { prevent_destroy = each.key == "b" } }`,
			map[string]object{`note.n["b"]`: {id: "n2", sent: `text = "b"`}, `note.n["c"]`: {id: "n3", sent: `text = "c"`}}, plan.Input{},
			`create note.n["a"]; forget note.n["b"]; forget note.n["c"]; error prevent-destroy`},
		{"one that has moved is not dropped", `note "n" { count = 1; text = "a"; lifecycle { prevent_destroy = true } }`,
			map[string]object{"note.n": {id: "n1", sent: `text = "a"`}}, plan.Input{}, "no-op note.n[0]"},
		{"what -target leaves out is not judged", `note "n" { count = 1; text = "a"; lifecycle { prevent_destroy = true } }`,
			map[string]object{"note.n[0]": {id: "n1", sent: `text = "a"`}, "note.n[1]": {id: "n2", sent: `text = "a"`}}, plan.Input{Targets: at("note.n[0]")},
			"no-op note.n[0]; warning partial-plan"},
		{"nor is it when all the rest is forgotten", `note "n" { text = "a"; lifecycle { prevent_destroy = true } }; note "m" { text = "b" }`,
			map[string]object{"note.n": {id: "n1", sent: `text = "a"`}, "note.m": {id: "n2", sent: `text = "b"`}}, plan.Input{Destroy: true, Targets: at("note.m")},
			"forget note.m; warning partial-plan"},
		{"-replace that names nothing", `note "n" { text = "a" }`, nil, plan.Input{Replace: at("note.m")},
			"create note.n; error no-such-target"},
		{"-replace that names what is left out", `note "n" { text = "a" }; note "m" { text = "a" }`, nil, plan.Input{Replace: at("note.m"), Targets: at("note.n")},
			"create note.n; error no-such-target"},
		{"-replace that names what is forgotten", ``, map[string]object{"note.n": {id: "n1", sent: `text = "a"`}}, plan.Input{Replace: at("note.n")},
			"forget note.n; error no-such-target"},
		{"-replace that names all instances", `note "n" { count = 2; text = "a" }`, map[string]object{"note.n[0]": {id: "n1", sent: `text = "a"`}}, plan.Input{Replace: at("note.n")},
			"replace note.n[0] as requested; create note.n[1]"},
		{"so does replace", `note "n" { text = "b"; lifecycle { prevent_destroy = true } }`, map[string]object{"note.n": {id: "n1", sent: `text = "a"`}}, plan.Input{},
			"replace note.n (text configured fixed); error prevent-destroy"},
		{"ignored changes are none", `user "u" { ` + strings.Replace(person, "a@x", "b@x", 1) + `; lifecycle { ignore_changes = [email] } }`, known, plan.Input{},
			"no-op user.u"},
		{"everything can be ignored", `user "u" { type = "person"; email = "q@x"; lifecycle { ignore_changes = all } }`, known, plan.Input{},
			"no-op user.u"},
		{"both the configuration and Kira change what is echoed", `user "u" { ` + strings.Replace(person, "a@x", "b@x", 1) + ` }`, seen(`email = "c@x"`), plan.Input{},
			"update user.u (email both)"},
		{"both change what is sensitive", `user "u" { ` + strings.Replace(person, "111", "222", 1) + ` }`, seen(`ssn = "999"`), plan.Input{},
			"update user.u (ssn both)"},
		{"an empty string is as good as nothing", `user "u" { type = "person"; email = "" }`,
			map[string]object{"user.u": {id: "u1", sent: `type = "person"`}}, plan.Input{},
			"no-op user.u"},
		{"an entry that is given another key stays under the old one", `user "u" { type = "person"; persons = [{ email = "y"; role = "r" }, { email = "new"; role = "r" }] }`,
			map[string]object{"user.u": {id: "u1", sent: `type = "person"; persons = [{ email = "y"; role = "r" }, { email = "old"; role = "r" }]`}}, plan.Input{},
			`update user.u (persons[1] configured) dropped persons["old"]; warning key-changed`},
		{"an entry that is taken out stays", `user "u" { type = "person"; persons = [{ email = "y"; role = "r" }] }`,
			map[string]object{"user.u": {id: "u1", sent: `type = "person"; persons = [{ email = "old"; role = "r" }, { email = "y"; role = "r" }]`}}, plan.Input{},
			`no-op user.u dropped persons["old"]; warning kept-at-kira`},
		{"-target judges nothing that it leaves out", `user "u" { ` + person + ` }; user "bad" { type = "person"; email = ["x"][3] }`, known,
			plan.Input{Targets: at("user.u")}, "no-op user.u; warning partial-plan"},
		{"-target says what is wrong with what it names", `user "u" { ` + person + ` }; user "bad" { type = "person"; email = ["x"][3] }`, known,
			plan.Input{Targets: at("user.bad")}, "error invalid-expression"},
		{"-target says what is wrong with what it needs", `user "bad" { type = "person"; email = ["x"][3] }; account "a" { user_id = user.bad.id }`, nil,
			plan.Input{Targets: at("account.a")}, "create account.a waits until user.bad is VERIFIED; error invalid-expression"},
		{"-target leaves out what cannot be replaced", `user "u" { ` + person + ` }; account "a" { user_id = "y" }`,
			map[string]object{"user.u": known["user.u"], "account.a": {id: "a1", sent: `user_id = "x"`}}, plan.Input{Targets: at("user.u")},
			"no-op user.u; warning partial-plan"},
		{"replace_triggered_by is consent", `user "u" { ` + strings.Replace(person, "a@x", "b@x", 1) + ` }; account "a" { user_id = "x"; lifecycle { replace_triggered_by = [user.u] } }`,
			map[string]object{"user.u": known["user.u"], "account.a": {id: "a1", sent: `user_id = "x"`}}, plan.Input{},
			"replace account.a because user.u changes; update user.u (email configured)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := tt.in
			in.Program, in.Kinds, in.Key = compile(t, block(tt.src)), kinds, key
			in.Prior = state.New("l")
			for a, o := range tt.prior {
				r := at(a)[0]
				in.Prior.Resources[r] = o.state(t, r.Kind)
				if o.consent != "" {
					in.Prior.Consents[r] = state.Consent{ID: o.id, Paths: []string{o.consent}}
				}
			}
			p, diags := plan.Make(in)
			if got := brief(p, diags); got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}

func at(s string) []addr.Resource {
	a, err := addr.Parse(s)
	if err != nil {
		panic(err)
	}
	return []addr.Resource{a}
}

var (
	opens = regexp.MustCompile(`("|lifecycle) \{ `)
	heads = regexp.MustCompile(`(?m)^(user|account|address|member|purse|note|pin) "`)
)

// block turns the short form of these tests into HCL: ";" ends a line, and the
// word resource is left out.
func block(s string) string {
	s = strings.NewReplacer("; ", "\n", " }", "\n}").Replace(s)
	s = opens.ReplaceAllString(s, "$1 {\n")
	return heads.ReplaceAllString(s, `resource "$1" "`)
}

func brief(p *plan.Plan, diags hcl.Diagnostics) string {
	var out []string
	for _, c := range p.Changes {
		s := fmt.Sprintf("%s %s", c.Action, c.Addr)
		if c.Why != "" && c.Action != plan.Forget {
			s += " " + c.Why
		}
		if c.Waits != "" {
			s += " waits " + c.Waits
		}
		var why []string
		for _, r := range c.Because {
			w := schema.PathString(r.Path) + " " + string(r.Cause)
			if r.Fixed {
				w += " fixed"
			}
			why = append(why, w)
		}
		if len(why) > 0 {
			s += " (" + strings.Join(why, ", ") + ")"
		}
		var dropped []string
		for _, d := range c.Dropped {
			dropped = append(dropped, schema.PathString(d))
		}
		if len(dropped) > 0 {
			s += " dropped " + strings.Join(dropped, ", ")
		}
		out = append(out, s)
	}
	for _, d := range diags {
		sev := "error"
		if d.Severity == hcl.DiagWarning {
			sev = "warning"
		}
		out = append(out, sev+" "+string(diag.CodeOf(d)))
	}
	return strings.Join(out, "; ")
}

func TestOutputs(t *testing.T) {
	prior := state.New("l")
	prior.Outputs["same"] = state.Output{Value: cty.StringVal("a")}
	prior.Outputs["other"] = state.Output{Value: cty.StringVal("a")}
	prior.Outputs["gone"] = state.Output{Value: cty.StringVal("a")}
	p, diags := plan.Make(plan.Input{Prior: prior, Kinds: kinds, Key: key, Program: compile(t, `
		output "same" { value = "a" }
		output "other" { value = "b" }
		output "new" { value = note.n.id }
		resource "note" "n" { text = "x" }`)})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var got []string
	for _, c := range p.Outputs {
		got = append(got, fmt.Sprintf("%s known=%t", c.Name, c.Known))
	}
	if want := []string{"gone known=true", "new known=false", "other known=true"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if p.Empty() {
		t.Error("a plan that changes outputs is not empty")
	}
}
