package eval_test

import (
	"fmt"
	"strings"
	"testing"
)

// A resource that needs all of a block names the block, and one that needs all that
// modules do names each block in them: the list does not grow with the instances.
func TestNeedsAreShort(t *testing.T) {
	for name, tt := range map[string]struct{ src, address, want string }{
		"a splat": {`resource "kira_account" "a" { user_id = join("", values(kira_user.u)[*].id) }`, "kira_account.a", "kira_user.u"},
		"depends_on and its own": {`resource "kira_account" "a" { 
			for_each   = toset(["x", "y"])
			user_id    = kira_user.u[each.key].id
			depends_on = [kira_user.u, kira_user.one]
		}`, `kira_account.a["x"]`, "kira_user.one kira_user.u"},
		"each by its name": {`locals { all = [kira_user.u["x"].id, kira_user.u["y"].id] }
			resource "kira_account" "a" { user_id = join("", local.all) }`, "kira_account.a", "kira_user.u"},
		"some by their names": {`locals { all = [kira_user.u["x"].id, kira_user.one.id] }
			resource "kira_account" "a" { user_id = join("", local.all) }`, "kira_account.a", `kira_user.one kira_user.u["x"]`},
		"a block of one instance": {`resource "kira_account" "a" { user_id = join("", values(kira_user.solo)[*].id) }`, "kira_account.a", `kira_user.solo["z"]`},
		"a block of none":         {`resource "kira_account" "a" { user_id = join("", values(kira_user.none)[*].id) }`, "kira_account.a", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := evaluate(t, `resource "kira_user" "u" {
				for_each = toset(["x", "y"])
				email    = each.key
			}
			resource "kira_user" "solo" {
				for_each = toset(["z"])
				email    = each.key
			}
			resource "kira_user" "none" {
				for_each = toset([])
				email    = each.key
			}
			resource "kira_user" "one" { email = "o" }
			`+tt.src)
			quiet(t, r.diags)
			if got := texts(r.resources[tt.address].Needs); got != tt.want {
				t.Errorf("%s needs %s, want %s", tt.address, got, tt.want)
			}
		})
	}
	r := evaluate(t, strings.TrimPrefix(team, "\n"))
	for address, want := range map[string]string{
		`kira_account.all[0]`:       `module.team.kira_user.u`,
		`module.late.kira_user.one`: `module.team.kira_user.u`,
		`kira_account.last`:         `module.late.kira_account.a module.late.kira_user.one`,
	} {
		if got := texts(r.resources[address].Needs); got != want {
			t.Errorf("%s needs %s; want %s", address, got, want)
		}
	}
}

// The needs of a module's instance are those in the same instance of the module that
// calls it.
func TestNeedsOfNestedModules(t *testing.T) {
	r := evaluate(t, `-- main.kira.hcl --
module "outer" {
  source   = "./outer"
  for_each = toset(["a", "b"])
}
resource "kira_account" "after" {
  user_id    = "u"
  depends_on = [module.outer["a"], module.outer]
}
-- outer/main.kira.hcl --
module "first" {
  source   = "../inner"
  for_each = toset(["x", "y"])
}
module "second" {
  source     = "../inner"
  count      = 2
  depends_on = [module.first]
}
-- inner/main.kira.hcl --
resource "kira_user" "u" {
  count = 2
  email = "e${count.index}"
}
`)
	quiet(t, r.diags)
	var want []string
	for _, key := range []string{"x", "y"} {
		for i := range 2 {
			want = append(want, fmt.Sprintf(`module.outer["a"].module.first[%q].kira_user.u[%d]`, key, i))
		}
	}
	address := `module.outer["a"].module.second[1].kira_user.u[0]`
	if got := r.needs(address); got != strings.Join(want, " ") {
		t.Errorf("%s needs %s, want %s", address, got, want)
	}
	if got := texts(r.resources[address].Needs); got != `module.outer["a"].module.first.kira_user.u` {
		t.Errorf("%s needs %s", address, got)
	}
	if got := texts(r.resources["kira_account.after"].Needs); got != "module.outer.module.first.kira_user.u module.outer.module.second.kira_user.u" {
		t.Errorf("after all it needs %s", got)
	}
}
