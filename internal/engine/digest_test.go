package engine_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/norace"
)

// approvedOf plans src after before was applied, and returns the digest.
func approvedOf(t *testing.T, before, src string, o engine.PlanOptions, meanwhile func(*world)) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "key"), []byte("a key of 16 bytes"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := worldOf(t, dir)
	w.home = "http://127.0.0.1:1" // every world of this test is the same place
	w.sim.VerifyAfter, w.sim.ActivateAfter = 0, 0
	made := 0
	w.sim.NewID = func() string {
		made++
		return fmt.Sprintf("51000000-0000-4000-8000-%012d", made)
	}
	if before != "" { // one object at a time, so that each has the same id in every world
		p, err := engine.Open(w.options(before))
		if err != nil {
			t.Fatalf("%v\n%s", err, w.said())
		}
		pl, err := p.Plan(t.Context(), engine.PlanOptions{})
		if err != nil {
			t.Fatalf("%v\n%s", err, w.said())
		}
		if _, err := p.Apply(t.Context(), pl, engine.ApplyOptions{Workers: 1}); err != nil {
			t.Fatalf("%v\n%s", err, w.said())
		}
	}
	if meanwhile != nil {
		meanwhile(w)
	}
	digest, why := w.run(t, src, o, false).Digest()
	if digest == "" {
		t.Fatalf("there is no digest: %s", why)
	}
	return digest
}

// standing makes every user have a status.
func standing(s string) func(*world) {
	return func(w *world) {
		for _, u := range w.sim.Users() {
			if err := w.sim.SetUserStatus(u["id"].(string), s); err != nil {
				panic(err)
			}
		}
	}
}

// numbered verifies every user, makes the accounts that wait for it and, if arrived
// says so, gives them their numbers.
func numbered(arrived bool) func(*world) {
	return func(w *world) {
		standing("VERIFIED")(w)
		p, err := engine.Open(w.options(crowd(1, true, false)))
		if err != nil {
			panic(err)
		}
		pl, err := p.Plan(context.Background(), engine.PlanOptions{})
		if err != nil {
			panic(err)
		}
		if _, err := p.Apply(context.Background(), pl, engine.ApplyOptions{}); err != nil {
			panic(err)
		}
		for a, o := range pl.State.Resources {
			if arrived && a.Kind == "kira_virtual_account" {
				if err := w.sim.ActivateAccount(o.ID); err != nil {
					panic(err)
				}
			}
		}
	}
}

func named(name string) string {
	return strings.NewReplacer(`"u"`, `"`+name+`"`, "count           = 1\n", "", "${count.index}", "").Replace(crowd(1, false, false))
}

func movedBlock(from, to string) string {
	return "moved {\n  from = kira_user." + from + "\n  to   = kira_user." + to + "\n}\n"
}

// TestDigestPairs holds that a digest covers the approved changes, and not when
// they can happen.
func TestDigestPairs(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	user, other := crowd(1, false, false), crowd(2, false, false)
	account := crowd(1, true, false)
	payee := func(of, name, clabe string) string {
		return other + `
resource "kira_recipient" "r" {
  user_id    = kira_user.u[` + of + `].id
  first_name = "` + name + `"
  last_name  = "Ruiz"
  account    = { account_type = "SPEI", clabe = "` + clabe + `" }
}
`
	}
	const payees = `
resource "kira_recipient" "r" {
  user_id    = kira_user.u[0].id
  first_name = "Eva"
  last_name  = "Ruiz"
  account    = { account_type = "SPEI", clabe = "032180000118359719" }
}
`
	const one, two = "032180000118359719", "002010077777777771"
	extra := func(value string) string {
		return strings.Replace(user, "source_of_funds", "extra = "+value+"\n  source_of_funds", 1)
	}
	grown := func(src string) string { return src + "output \"o\" {\n  value = \"a\"\n}\n" }
	output := func(value string) string { return account + "output \"o\" {\n  value = " + value + "\n}\n" }
	// later is a payee whose name is made of an id, and of a value that is written as made
	later := func(made, beside string) string {
		name := "trimsuffix(\"${" + made + "}${kira_user.u[0].id}\", kira_user.u[0].id)"
		return strings.Replace(user+payees, `"Eva"`, name, 1) + beside
	}
	variable := func(value, more string) string { return "variable \"n\" {\n  default = " + value + "\n" + more + "}\n" }
	type side struct {
		before, src string
		o           engine.PlanOptions
		meanwhile   func(*world)
	}
	waiting := engine.PlanOptions{Wait: true}
	for _, tt := range []struct {
		name string
		a, b side
		same bool
	}{
		{"the user is CREATED, and then VERIFIED", side{user, account, engine.PlanOptions{}, nil}, side{user, account, engine.PlanOptions{}, standing("VERIFIED")}, true},
		{"the user is in REVIEW, and then VERIFIED", side{user, account, engine.PlanOptions{}, standing("REVIEW")}, side{user, account, engine.PlanOptions{}, standing("VERIFIED")}, true},
		{"-wait", side{user, account, engine.PlanOptions{}, nil}, side{user, account, waiting, nil}, true},
		{"an output of a status that moved", side{user, output("kira_user.u[0].status"), waiting, nil}, side{user, output("kira_user.u[0].status"), waiting, standing("VERIFIED")}, true},
		{"an output of a status, through a local value", side{user, output("local.s") + "locals {\n  s = kira_user.u[0].status\n}\n", waiting, nil},
			side{user, output("local.s") + "locals {\n  s = kira_user.u[0].id\n}\n", waiting, nil}, false},
		{"comments and space", side{user, output("kira_user.u[0].status"), waiting, nil}, side{user, output("kira_user.u[0] . status # of the first"), waiting, nil}, true},
		{"an output of another computed attribute", side{user, output("kira_user.u[0].status"), waiting, nil}, side{user, output("kira_user.u[0].id"), waiting, nil}, false},
		{"an output of another value", side{user, output(`"a"`), waiting, nil}, side{user, output(`"b"`), waiting, nil}, false},
		{"an output that is sensitive", side{user, output(`"a"`), waiting, nil}, side{user, output("\"a\"\n  sensitive = true"), waiting, nil}, false},
		{"a number that arrives", side{account, output("kira_virtual_account.a[0].account_number") + payees, waiting, numbered(false)},
			side{account, output("kira_virtual_account.a[0].account_number") + payees, waiting, numbered(true)}, true},
		{"the same payee", side{other, payee("0", "Ana", one), waiting, nil}, side{other, payee("0", "Ana", one), waiting, nil}, true},
		{"another value", side{other, payee("0", "Ana", one), waiting, nil}, side{other, payee("0", "Eva", one), waiting, nil}, false},
		{"another value that Kira cannot show", side{"", user, waiting, nil}, side{"", strings.Replace(user, `"salary"`, `"savings"`, 1), waiting, nil}, false},
		{"a plan without a look", side{user, account, waiting, nil}, side{user, account, engine.PlanOptions{Wait: true, NoRefresh: true}, nil}, true},
		{"a rule that is turned down", side{"", user, waiting, nil}, side{"", "kiraform {\n  rules {\n    off = [\"phone-unlikely\"]\n  }\n}\n" + user, waiting, nil}, false},
		{"what is forgotten", side{other, user, waiting, nil}, side{other, other, waiting, nil}, false},
		{"another secret", side{other, payee("0", "Ana", one), waiting, nil}, side{other, payee("0", "Ana", two), waiting, nil}, false},
		{"another object", side{other, payee("0", "Ana", one), waiting, nil}, side{other, payee("1", "Ana", one), waiting, nil}, false},
		{"another object, not there yet", side{"", payee("0", "Ana", one), waiting, nil}, side{"", payee("1", "Ana", one), waiting, nil}, false},
		{"another selection", side{"", other, waiting, nil}, side{"", other, engine.PlanOptions{Wait: true, Targets: []addr.Resource{{Kind: "kira_user", Name: "u"}}}, nil}, false},
		{"another kind of run", side{other, other, waiting, nil}, side{other, other, engine.PlanOptions{Destroy: true}, nil}, false},
		{"a limit", side{"", other, waiting, nil}, side{"", "kiraform {\n  max_changes = 5\n}\n" + other, waiting, nil}, false},
		{"an update to another value", side{other, strings.Replace(other, `"Gonzalez"`, `"Lost"`, 1), waiting, nil}, side{other, strings.Replace(other, `"Gonzalez"`, `"List"`, 1), waiting, nil}, false},
		{"a name that no schema has", side{"", extra(`{ tier = "gold" }`), waiting, nil}, side{"", extra(`{ rank = "gold" }`), waiting, nil}, false},
		{"another value of one", side{"", extra(`{ tier = "gold" }`), waiting, nil}, side{"", extra(`{ tier = "silver" }`), waiting, nil}, false},
		{"such names beside a change", side{extra(`{ tier = "gold" }`), grown(extra(`{ tier = "gold" }`)), waiting, nil}, side{extra(`{ tier = "gold" }`), grown(user), waiting, nil}, false},
		{"a value that comes later", side{"", later("var.n", variable(`"a"`, "")), waiting, nil}, side{"", later("var.n", variable(`"a"`, "")+"variable \"m\" {\n  default = 1\n}\n"), waiting, nil}, true},
		{"its variable", side{"", later("var.n", variable(`"a"`, "")), waiting, nil}, side{"", later("var.n", variable(`"b"`, "")), waiting, nil}, false},
		{"its sensitive variable", side{"", later("nonsensitive(var.n)", variable(`"a"`, "sensitive = true\n")), waiting, nil}, side{"", later("nonsensitive(var.n)", variable(`"b"`, "sensitive = true\n")), waiting, nil}, false},
		{"a member of its variable", side{"", later("var.n.x", variable(`{ x = "a", y = "b" }`, "")), waiting, nil}, side{"", later("var.n.x", variable(`{ x = "c", y = "b" }`, "")), waiting, nil}, false},
		{"its local value", side{"", later("local.n", "locals {\n  n = \"a\"\n}\n"), waiting, nil}, side{"", later("local.n", "locals {\n  n = \"b\"\n}\n"), waiting, nil}, false},
		{"the variable of its local value", side{"", later("local.n", variable(`"a"`, "")+"locals {\n  n = var.n\n}\n"), waiting, nil}, side{"", later("local.n", variable(`"b"`, "")+"locals {\n  n = var.n\n}\n"), waiting, nil}, false},
		{"its expression", side{"", later("var.n", variable(`"a"`, "")), waiting, nil}, side{"", later("upper(var.n)", variable(`"a"`, "")), waiting, nil}, false},
		{"another previous address", side{named("a"), named("c") + movedBlock("a", "c"), waiting, nil}, side{named("b"), named("c") + movedBlock("b", "c"), waiting, nil}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := approvedOf(t, tt.a.before, tt.a.src, tt.a.o, tt.a.meanwhile)
			b := approvedOf(t, tt.b.before, tt.b.src, tt.b.o, tt.b.meanwhile)
			if (a == b) != tt.same {
				t.Errorf("the digests are %s and %s; want them the same: %v", a, b, tt.same)
			}
		})
	}
}
