package cli_test

import (
	"os"
	"strings"
	"testing"

	"kiraform/state/postgres/pgtest"
)

// A backend block or an address that was edited does not begin an empty state, in
// which everything would be made once more: whoever worked on the state is told, by
// the plan too, and is told again.
func TestAnotherPlaceDoesNotBeginAnEmptyState(t *testing.T) {
	f := newShared(t)
	f.must(0, "apply", "-auto-approve")
	here := f.environ["KIRAFORM_DATABASE_URL"]

	f.write("backend.kira.hcl", strings.Replace(shared, `"payouts"`, `"payoust"`, 1))
	for range 2 {
		for _, args := range [][]string{{"plan"}, {"apply", "-auto-approve"}, {"state", "list"}, {"init"}} {
			said := f.must(1, args...)
			says(t, said, "the state is in the Postgres at 127.0.0.1", "as payouts", "as payoust", "there is none", ".kiraform/backend")
		}
	}
	f.write("backend.kira.hcl", shared)
	says(t, f.must(0, "plan"), "no differences")

	f.environ["KIRAFORM_DATABASE_URL"] = pgtest.URL(t)
	says(t, f.must(1, "plan"), "there is none")
	f.environ["KIRAFORM_DATABASE_URL"] = here
	says(t, f.must(0, "plan"), "no differences")
}

// The name of the state may be corrected before there is one, and the same state may
// be reached by another address.
func TestAnotherPlaceIsTakenWhereNothingIsLost(t *testing.T) {
	f := newShared(t)
	f.write("backend.kira.hcl", strings.Replace(shared, `"payouts"`, `"payoust"`, 1))
	f.must(0, "plan")
	f.write("backend.kira.hcl", shared)
	f.must(0, "apply", "-auto-approve")
	here := f.environ["KIRAFORM_DATABASE_URL"]
	if f.environ["KIRAFORM_DATABASE_URL"] = strings.Replace(here, "127.0.0.1", "localhost", 1); f.environ["KIRAFORM_DATABASE_URL"] == here {
		t.Fatalf("the address is %s", here)
	}
	says(t, f.must(0, "plan"), "no differences")
}

// A run that was not let write the state sent nothing, and does not say that it is
// complete.
func TestARunThatMayNotWriteIsNotComplete(t *testing.T) {
	f := newShared(t)
	f.must(0, "apply", "-auto-approve")
	url := f.environ["KIRAFORM_DATABASE_URL"]
	pgtest.Exec(t, url, "create role looker login password 'canary-looker'; grant usage on schema kiraform to looker; grant select on all tables in schema kiraform to looker")
	f.environ["KIRAFORM_DATABASE_URL"] = strings.Replace(url, "kiraform:"+pgtest.Password+"@", "looker:canary-looker@", 1)
	says(t, f.must(0, "plan", "-lock=false"), "no differences")
	said := f.must(1, "apply", "-auto-approve", "-lock=false", "-replace=kira_version_pin.p")
	says(t, said, "Apply stopped early", `"looker" may not do that`)
	if strings.Contains(said, "complete!") || strings.Contains(said, "canary-looker") {
		t.Errorf("it says:\n%s", said)
	}
}

// The key of a shared state is changed as docs/teams.md says, by a copy that has no
// key in a file.
func TestTheKeyOfASharedStateIsChanged(t *testing.T) {
	f := newShared(t)
	old, young := strings.Repeat("A", 43)+"=", strings.Repeat("B", 42)+"A="
	f.environ["KIRAFORM_KEY"] = old
	f.must(0, "apply", "-auto-approve")
	f.environ["KIRAFORM_KEY"] = young
	says(t, f.must(1, "state", "rekey", "-auto-approve"), "If you have it, put it into ", ".kiraform/key, and run this again", "-trust")
	f.write(".kiraform/key", old+"\n")
	says(t, f.must(0, "state", "rekey", "-auto-approve"), "match every fingerprint")
	says(t, f.must(0, "plan"), "no differences")
	f.environ["KIRAFORM_KEY"] = old
	says(t, f.must(1, "plan"), "The key of the state is not here")
}

// A backend block with a mistake names no state: neither that of another
// configuration, which is called default, nor one in a file.
func TestABackendBlockWithAMistakeNamesNoState(t *testing.T) {
	other := newShared(t)
	other.write("backend.kira.hcl", strings.Replace(shared, `"payouts"`, `"default"`, 1))
	other.must(0, "apply", "-auto-approve")
	f := other.another()
	pulled := other.run("state", "pull").out
	for _, block := range []string{
		`backend "postgres" { workspace = var.name }`, `backend "postgres" { workspace = "pay/outs" }`, `backend "postgre" {}`,
		"backend \"postgres\" {}\nbackend \"postgres\" { workspace = \"payouts\" }", `backend "postgres" { work_space = "payouts" }`,
		`backend "postgres" { lease = "soon" }`,
	} {
		f.write("backend.kira.hcl", "kiraform {\n"+block+"\n}\nvariable \"name\" { default = \"payouts\" }\n")
		f.stdin = pulled
		for _, args := range [][]string{
			{"state", "list"}, {"state", "rm", "kira_version_pin.p"}, {"state", "push", "-"}, {"lock", "status"}, {"workspace", "list"},
			{"init", "-migrate-state"}, {"plan"}, {"apply", "-auto-approve"},
		} {
			if said := f.must(1, args...); strings.Contains(said, "kira_version_pin.p is") {
				t.Errorf("%s, %v: %s", block, args, said)
			}
		}
		says(t, f.must(1, "state", "list"), "The backend block has this mistake", "kiraform validate")
		if _, err := os.Stat(f.path("kiraform.state.json")); err == nil {
			t.Errorf("%s: there is a state in a file", block)
		}
	}
	says(t, other.must(0, "state", "list"), "kira_version_pin.p")
	f.write("backend.kira.hcl", `kiraform {
  backend "postgres" { workspace = "pay/outs" }
}
`)
	says(t, f.must(1, "plan"), "backend.kira.hcl, line 2: Invalid name")
}

// A configuration that cannot be read may have a backend block, and recipients: no
// state is made beside it in clear.
func TestNoStateIsMadeBesideAConfigurationThatCannotBeRead(t *testing.T) {
	f := newFolder(t, map[string]string{"main.kira.hcl": pin})
	f.must(0, "apply", "-auto-approve")
	pulled := f.run("state", "pull").out
	g := newFolder(t, map[string]string{"main.kira.hcl": "<<<<<<< HEAD\n" + shared + pin})
	g.stdin = pulled
	says(t, g.must(1, "state", "push", "-"), "the configuration cannot be read", "kiraform validate")
	if _, err := os.Stat(g.path("kiraform.state.json")); err == nil {
		t.Error("there is a state in a file")
	}
	g.write("main.kira.hcl", pin)
	says(t, g.must(0, "state", "push", "-"), "The state has the serial")
}
