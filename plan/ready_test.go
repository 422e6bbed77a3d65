package plan_test

import (
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/diag"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// gated are kinds of which an account needs a user with a name, unless the live
// user has one.
func gated() map[string]*schema.Kind {
	return map[string]*schema.Kind{
		"user": {Name: "user", Verbs: schema.CanRead | schema.CanUpdate, Attrs: []schema.Attr{
			{Name: "email", Type: cty.String},
			{Name: "name", Type: cty.String},
			{Name: "id", Type: cty.String, Computed: true},
			{Name: "status", Type: cty.String, Computed: true},
		}, Distinct: &schema.Distinct{By: "email", ID: "same-email", Warning: true, Summary: "Same", Detail: "Like %s."}},
		"account": {Name: "account", Verbs: schema.CanRead, Attrs: []schema.Attr{
			{Name: "user_id", Type: cty.String},
			{Name: "id", Type: cty.String, Computed: true},
		}, Gates: []schema.Gate{{Attr: "user_id", Kind: "user", Field: "status", Open: []string{"VERIFIED"},
			Lacks: func(_, user, seen cty.Value) schema.Shortage {
				if s := schema.Member(seen, "status"); !s.IsNull() && s.AsString() == "VERIFIED" || !schema.Member(user, "name").IsNull() {
					return schema.Shortage{}
				}
				if email := schema.Member(user, "email"); !email.IsNull() && email.IsKnown() && email.AsString() == "new@x" {
					return schema.Shortage{For: "the product p", Lacks: []schema.Lack{{Path: cty.GetAttrPath("tax_id"), Token: "tax_id", Unknown: true, Extra: true}}}
				}
				return schema.Shortage{For: "the product p", Lacks: []schema.Lack{{Path: cty.GetAttrPath("name"), Token: "name"}}, Seen: seen != cty.NilVal}
			}}}},
		"note": {Name: "note", Verbs: schema.CanRead, Attrs: []schema.Attr{{Name: "id", Type: cty.String, Computed: true}},
			Distinct: &schema.Distinct{ID: "second-note", Summary: "One", Detail: "There is %s."}},
	}
}

func TestResourcesTogether(t *testing.T) {
	saved := kinds
	kinds = gated()
	defer func() { kinds = saved }()

	verified := map[string]object{"user.u": {id: "u1", sent: `email = "a@x"`, seen: `status = "VERIFIED"`}}
	for _, tt := range []struct {
		name  string
		src   string
		prior map[string]object
		want  string // codes and lines
	}{
		{"a user that lacks something is told so at its block", `user "u" { email = "a@x" }; account "a" { user_id = user.u.id }`, nil, "not-ready:1"},
		{"so is each that does", `user "u" { count = 2; email = "a${count.index}@x" }; account "a" { count = 2; user_id = user.u[count.index].id }`, nil, "not-ready:1 not-ready:1"},
		{"what there is no attribute for is a risk", `user "u" { email = "new@x" }; account "a" { user_id = user.u.id }`, nil, "not-ready-unknown:1"},
		{"a complete one is not", `user "u" { name = "m" }; account "a" { user_id = user.u.id }`, nil, ""},
		{"what is live counts", `user "u" { email = "a@x" }; account "a" { user_id = user.u.id }`, verified, ""},
		{"an account that exists needs nothing more", `user "u" { email = "a@x" }; account "a" { user_id = user.u.id }`,
			map[string]object{"user.u": {id: "u1", sent: `email = "a@x"`}, "account.a": {id: "a1", sent: `user_id = "u1"`}}, ""},
		{"a user from elsewhere is not judged", `account "a" { user_id = "u9" }`, nil, ""},
		{"of two users that it needs, the one it is of", `user "u" { name = "m"; email = "a@x" }; user "v" { email = "b@x" }; account "a" { user_id = user.u.id; depends_on = [user.v] }`,
			map[string]object{"user.u": {id: "u1", sent: `name = "m"; email = "a@x"`}}, ""},

		{"two with one address", `user "u" { email = "a@x" }; user "v" { email = "A@x" }`, nil, "same-email:5"},
		{"two with different ones", `user "u" { email = "a@x" }; user "v" { email = "b@x" }`, nil, ""},
		{"instances of one block", `user "u" { count = 3; email = "a@x" }`, nil, "same-email:3 same-email:3"},
		{"an address that is not known yet", `user "u" { email = "a@x" }; user "v" { email = user.u.id }`, nil, ""},
		{"the first that is written may stay", "note \"b\" {\n}; note \"a\" {\n}", nil, "second-note:3"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := plan.Input{Program: compile(t, block(tt.src)), Kinds: kinds, Key: key, Prior: state.New("l")}
			for a, o := range tt.prior {
				r := at(a)[0]
				in.Prior.Resources[r] = o.state(t, r.Kind)
			}
			_, diags := plan.Make(in)
			var got []string
			for _, d := range diags {
				got = append(got, string(diag.CodeOf(d))+":"+string(rune('0'+d.Subject.Start.Line)))
				if strings.Contains(d.Detail, "%") || !strings.HasSuffix(d.Detail, ".") && !strings.HasSuffix(d.Detail, "how.") {
					t.Errorf("a detail is not finished: %s", d.Detail)
				}
			}
			if g := strings.Join(got, " "); g != tt.want {
				t.Errorf("got %s, want %s\n%s", g, tt.want, block(tt.src))
			}
		})
	}
}

// A user who exists and lacks something, as Kira shows, holds up the account that
// needs it, and nobody else: the plan is made.
func TestWhoLacksSomethingStopsNobodyElse(t *testing.T) {
	saved := kinds
	kinds = gated()
	defer func() { kinds = saved }()
	for status, want := range map[string]string{
		"APPROVED":  "user.u is APPROVED, and Kira has to make it VERIFIED first; besides, user.u lacks name for the product p",
		"VERIFYING": "user.u is VERIFYING, and Kira has to make it VERIFIED first; besides, user.u lacks name for the product p",
		"":          "user.u lacks name for the product p, and Kira would refuse it",
	} {
		for _, wait := range []bool{false, true} {
			in := plan.Input{Program: compile(t, block(`user "u" { email = "a@x" }; account "a" { user_id = user.u.id }; user "v" { name = "m" }`)),
				Kinds: kinds, Key: key, Prior: state.New("l"), Wait: wait}
			seen := ""
			if status != "" {
				seen = `status = "` + status + `"`
			}
			in.Prior.Resources[at("user.u")[0]] = object{id: "u1", sent: `email = "a@x"`, seen: seen}.state(t, "user")
			if wait {
				want = "user.u lacks name for the product p, and Kira would refuse it"
			}
			made, diags := plan.Make(in)
			if diags.HasErrors() || len(diags) != 1 || diag.CodeOf(diags[0]) != "lacks-now" {
				t.Errorf("%q, waiting %t: %v; want one warning", status, wait, diags)
			}
			got := make(map[string]plan.Action)
			for _, c := range made.Changes {
				got[c.Addr.String()] = c.Action
				if c.Action == plan.Defer && (c.Why != want || c.Waits != "") {
					t.Errorf("%q, waiting %t: put off since %s, until %q; want %s", status, wait, c.Why, c.Waits, want)
				}
			}
			if got["account.a"] != plan.Defer || got["user.v"] != plan.Create {
				t.Errorf("%q, waiting %t: %v", status, wait, got)
			}
		}
	}
}
