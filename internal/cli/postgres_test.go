package cli_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"filippo.io/age"

	"kiraform/state"
	"kiraform/state/postgres"
	"kiraform/state/postgres/pgtest"
)

const shared = `kiraform {
  backend "postgres" {
    workspace = "payouts"
    lease     = "20s"
  }
}
`

// newShared returns a folder whose state is kept in a Postgres.
func newShared(t *testing.T) *folder {
	t.Helper()
	url := pgtest.URL(t)
	f := newFolder(t, map[string]string{"main.kira.hcl": pin, "backend.kira.hcl": shared})
	f.environ["KIRAFORM_DATABASE_URL"] = url
	return f
}

// another is a working copy of the same configuration, on another machine.
func (f *folder) another() *folder {
	g := newFolder(f.t, map[string]string{"main.kira.hcl": pin, "backend.kira.hcl": shared})
	g.environ["KIRAFORM_DATABASE_URL"] = f.environ["KIRAFORM_DATABASE_URL"]
	for _, name := range []string{".kiraform/key", ".kiraform/simulator.json"} {
		g.write(name, f.read(name))
	}
	return g
}

func TestAStateInPostgres(t *testing.T) {
	f := newShared(t)
	says(t, f.must(0, "init"), "The state is kept in payouts in Postgres, at 127.0.0.1")
	f.must(0, "apply", "-auto-approve")
	if _, err := os.Stat(f.path("kiraform.state.json")); err == nil {
		t.Error("there is a state in a file as well")
	}
	g := f.another()
	for _, at := range []*folder{f, g} {
		f.must(0, "plan", "-detailed-exitcode")
		says(t, at.must(0, "state", "list"), "kira_version_pin.p")
		says(t, at.must(0, "state", "history"), "SERIAL")
	}
	f.must(0, "state", "rm", "kira_version_pin.p")
	if out := g.must(0, "state", "list"); strings.Contains(out, "kira_version_pin") {
		t.Errorf("the other copy still has it: %s", out)
	}
	says(t, g.must(0, "state", "restore", "2"), "Generation 2 is the state again")
	says(t, f.must(0, "plan"), "no differences")
	says(t, f.must(0, "plan", "-out=p.plan"), "Saved the plan")
	says(t, g.must(0, "state", "pull"), `"address":"kira_version_pin.p"`)
}

func TestALockInPostgres(t *testing.T) {
	f := newShared(t)
	f.must(0, "apply", "-auto-approve")
	server, err := postgres.Open(f.environ["KIRAFORM_DATABASE_URL"])
	if err != nil {
		t.Fatal(err)
	}
	unlock, err := server.Store("payouts").Lock(t.Context(), luis)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	says(t, f.must(1, "apply", "-auto-approve"), "locked by luis@acme (kiraform apply, process 7)", "its lock ends by itself at", "force-unlock run-1")
	says(t, f.must(0, "lock", "status"), "The state is locked by luis@acme", "The lock's id is run-1", "It ends by itself at")
	says(t, f.must(1, "force-unlock", "-force", "run-2"), "held by run run-1, not run-2")
	says(t, f.must(0, "force-unlock", "-force", "run-1"), "The lock is taken away")
	f.must(0, "apply", "-auto-approve")
}

func TestWorkspacesInPostgres(t *testing.T) {
	f := newShared(t)
	f.must(0, "apply", "-auto-approve")
	says(t, f.must(0, "workspace", "new", "trial"), "Made the workspace trial")
	says(t, f.must(0, "workspace", "list"), "default", "* trial")
	f.must(0, "apply", "-auto-approve")
	says(t, f.must(1, "workspace", "select", "trail"), `there is no workspace "trail"`, `"trial"`)
	f.must(0, "workspace", "select", "default")
	says(t, f.must(1, "workspace", "delete", "trial"), "manages 1 resource")
	says(t, f.must(0, "workspace", "delete", "-force", "trial"), "Deleted the workspace trial")
	says(t, f.must(0, "state", "list"), "kira_version_pin.p")
	if out := f.must(0, "workspace", "list"); strings.Contains(out, "trial") {
		t.Errorf("it is still there: %s", out)
	}
	if err := os.Remove(f.path(".kiraform/key")); err != nil {
		t.Fatal(err)
	}
	f.must(0, "workspace", "new", "third")
	says(t, f.must(1, "plan"), "payouts in Postgres, which shares its key with this state")
	f.environ["KIRAFORM_WORKSPACE"] = "nobody"
	says(t, f.must(1, "plan"), `there is no workspace "nobody"`)
}

// A state moves into a Postgres and out of it, and whoever looks at the old place is
// told.
func TestAStateMoves(t *testing.T) {
	f := newShared(t)
	backend := f.read("backend.kira.hcl")
	f.write("backend.kira.hcl", "")
	f.must(0, "apply", "-auto-approve")

	f.write("backend.kira.hcl", backend)
	says(t, f.must(1, "plan"), "there is one in", "kiraform init -migrate-state")
	says(t, f.must(0, "init", "-migrate-state"), "Moved the state of the workspace default.")
	says(t, f.must(0, "plan"), "no differences")
	says(t, f.must(0, "init", "-migrate-state"), "There was no state to move")
	g := f.another()
	says(t, g.must(0, "plan"), "no differences")

	f.write("backend.kira.hcl", "")
	says(t, f.must(1, "plan"), "the state is in the Postgres at", "kiraform init -migrate-state")
	says(t, f.must(0, "init", "-migrate-state"), "Moved the state of the workspace default.")
	says(t, f.must(0, "plan"), "no differences")
	says(t, g.must(1, "plan"), "was moved: to files beside the configuration")

	f.write("backend.kira.hcl", backend)
	says(t, f.must(0, "init", "-migrate-state"), "Moved")
	says(t, g.must(0, "plan"), "no differences")
}

// A state that lies in a file again does not take the place of one that has gone on.
func TestAnOldFileTakesNoPlace(t *testing.T) {
	f := newShared(t)
	backend := f.read("backend.kira.hcl")
	f.write("backend.kira.hcl", "")
	f.must(0, "apply", "-auto-approve")
	old := f.read("kiraform.state.json")
	f.write("backend.kira.hcl", backend)
	f.must(0, "init", "-migrate-state")
	f.must(0, "state", "rm", "kira_version_pin.p")

	f.write("kiraform.state.json", old)
	says(t, f.must(1, "init", "-migrate-state"), "Nothing was changed", "kiraform state push")
	if err := os.Rename(f.path("kiraform.state.json"), f.path("old.json")); err != nil {
		t.Fatal(err)
	}
	says(t, f.must(0, "state", "push", "old.json"), "The state has the serial")
	says(t, f.must(0, "state", "list"), "kira_version_pin.p")
}

func TestAStateIsPushed(t *testing.T) {
	f := newShared(t)
	f.must(0, "apply", "-auto-approve")
	pulled := f.run("state", "pull").out
	f.must(0, "state", "rm", "kira_version_pin.p")
	says(t, f.must(0, "state", "orphans"), "kira_version_pin.p")
	f.stdin = pulled
	says(t, f.must(0, "state", "push", "-"), "The state has the serial")
	says(t, f.must(0, "state", "list"), "kira_version_pin.p")

	s, err := state.Decode([]byte(pulled))
	if err != nil {
		t.Fatal(err)
	}
	s.Lineage = "another"
	data, err := state.Encode(s, "")
	if err != nil {
		t.Fatal(err)
	}
	f.stdin = string(data)
	says(t, f.must(1, "state", "push", "-"), "that is another state", "Nothing was changed")
}

// Nothing of an encrypted state is in clear in the database, and the password of the
// connection is nowhere.
func TestAnEncryptedStateInPostgres(t *testing.T) {
	f := newShared(t)
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	f.environ["KIRAFORM_AGE_IDENTITY"] = id.String()
	f.must(0, "apply", "-auto-approve")
	f.write("backend.kira.hcl", strings.Replace(shared, "kiraform {\n", "kiraform {\n  encryption {\n    recipients = [\""+id.Recipient().String()+"\"]\n  }\n", 1))
	f.must(0, "apply", "-auto-approve")
	for _, table := range []string{"entries", "generations", "workspaces", "journal"} {
		for _, row := range pgtest.Rows(t, f.environ["KIRAFORM_DATABASE_URL"], "select to_jsonb(t)::text from kiraform."+table+" t") {
			if strings.Contains(row, "kira_version_pin") || strings.Contains(row, "2026-04-14") {
				t.Errorf("a row of %s is in clear: %s", table, row)
			}
		}
	}
	says(t, f.must(0, "plan"), "no differences")
	says(t, f.must(0, "state", "history"), "SERIAL")
	delete(f.environ, "KIRAFORM_AGE_IDENTITY")
	says(t, f.must(1, "plan"), "is encrypted, and KIRAFORM_AGE_IDENTITY is not set")
}

// A mistake in a backend is reported before anything is done.
func TestABackendThatIsNotThere(t *testing.T) {
	t.Parallel()
	f := newFolder(t, map[string]string{"main.kira.hcl": pin, "backend.kira.hcl": shared})
	says(t, f.must(0, "validate"), "valid")
	says(t, f.must(1, "plan"), "KIRAFORM_DATABASE_URL is not set")
	f.environ["KIRAFORM_DATABASE_URL"] = "postgres://kiraform:canary-database-password@db.example.com/x"
	out := f.must(1, "plan")
	says(t, out, "sslmode=verify-full")
	f.environ["KIRAFORM_DATABASE_URL"] += "?sslmode=verify-full"
	says(t, f.must(1, "plan"), "set KIRAFORM_KEY, or write an encryption block")
	f.environ["KIRAFORM_DATABASE_URL"] = "postgres://kiraform:canary-database-password@127.0.0.1:1/x?sslmode=disable"
	refused := f.must(1, "plan")
	says(t, refused, "the Postgres at 127.0.0.1:1/x")
	if strings.Contains(out+refused, "canary-database-password") {
		t.Errorf("the password is said:\n%s\n%s", out, refused)
	}
	f.write("backend.kira.hcl", `kiraform {
  backend "s3" {}
}
`)
	says(t, f.must(1, "validate"), "Unknown backend")
	if _, err := os.Stat(f.path(".kiraform/backend")); err == nil {
		t.Log(f.read(".kiraform/backend"))
	}
}

// Answers that a run kept because it had lost its lock are brought in by hand.
func TestAnswersAreBroughtIn(t *testing.T) {
	f := newShared(t)
	f.must(0, "apply", "-auto-approve")
	s, err := state.Decode([]byte(f.run("state", "pull").out))
	if err != nil {
		t.Fatal(err)
	}
	f.must(0, "state", "rm", "kira_version_pin.p")
	head, err := state.AnswersHead(s.Lineage, "")
	if err != nil {
		t.Fatal(err)
	}
	var record []byte
	for a, o := range s.Resources {
		if record, err = state.EncodeRecord(state.Record{Addr: a, Object: &o}); err != nil {
			t.Fatal(err)
		}
	}
	f.write("answers.jsonl", string(head)+"\n"+string(record)+"\n")
	first := f.must(0, "state", "push", "answers.jsonl")
	says(t, first, "kira_version_pin.p is version_pin.")
	_, serial, _ := strings.Cut(first, "The state has the serial ")
	says(t, f.must(0, "state", "push", "answers.jsonl"), "The state knew all of it already. The state has the serial "+serial)
	says(t, f.must(0, "plan"), "no differences")
	var all struct{ Workspaces []map[string]any }
	if err := json.Unmarshal([]byte(f.run("workspace", "list", "-json").out), &all); err != nil || len(all.Workspaces) != 1 {
		t.Errorf("%v, %v", all, err)
	}
}
