package cli_test

import (
	"encoding/json"
	"strings"
	"testing"

	"kiraform/internal/simulator"
)

const driftConfig = `
provider "kira" { environment = "sandbox" }

resource "kira_user" "maria" {
  type            = "individual"
  first_name      = "Maria"
  last_name       = "Gonzalez"
  birth_date      = "1990-05-15"
  nationality     = "MEX"
  email           = "maria@example.com"
  source_of_funds = "salary"
}
`

// served returns a folder whose Kira is a simulator that a test can reach.
func served(t *testing.T, config string) (*folder, *simulator.Server) {
	sim := &simulator.Server{}
	f := newFolder(t, map[string]string{"main.kira.hcl": config})
	f.environ = map[string]string{
		"KIRA_API_KEY": "k", "KIRA_PASSWORD": "p",
		"KIRA_CLIENT_ID": "51000000-0000-4000-8000-000000000000", "KIRAFORM_KEY": strings.Repeat("0123456789abcdef", 4),
	}
	f.serve(sim, nil)
	return f, sim
}

// behind changes objects at Kira behind the back of f: from another folder,
// with a copy of the state.
func (f *folder) behind(old, now string) {
	f.t.Helper()
	other := newFolder(f.t, map[string]string{
		"main.kira.hcl":       strings.Replace(f.read("main.kira.hcl"), old, now, 1),
		"kiraform.state.json": f.read("kiraform.state.json"),
	})
	other.environ = f.environ
	other.must(0, "apply", "-auto-approve")
}

func TestDrift(t *testing.T) {
	f, sim := served(t, driftConfig)
	f.must(0, "apply", "-auto-approve")
	says(t, f.must(0, "drift"), "Drift: 0 changed at Kira, 0 gone, of 1 compared.", "1 attribute cannot be checked: Kira never shows it.", "2 requests to Kira.")

	f.behind(`"Maria"`, `"Mary"`)
	before := f.read("kiraform.state.json")
	says(t, f.must(2, "drift"), "kira_user.maria has changed at Kira",
		`first_name: written "Maria", live "Mary" # changed at Kira`, "Drift: 1 changed at Kira, 0 gone")
	if f.read("kiraform.state.json") != before {
		t.Error("a report changed the state")
	}
	r := f.run("drift", "-json")
	var report struct {
		Resources []struct {
			Address    string
			Attributes []struct {
				Path, Cause   string
				Written, Live struct{ Text string }
			}
		}
	}
	if err := json.Unmarshal([]byte(r.out), &report); err != nil || r.code != 2 {
		t.Fatalf("exit code %d, %v: %s", r.code, err, r.out)
	}
	if a := report.Resources[0].Attributes[0]; a.Path != "first_name" || a.Cause != "drifted" || a.Live.Text != "Mary" {
		t.Errorf("the report says %+v", a)
	}

	// An ordinary plan says it too, and a change of the configuration is no drift.
	says(t, f.must(0, "plan"), `first_name = "Mary" -> "Maria" # changed at Kira`)
	f.write("main.kira.hcl", strings.Replace(driftConfig, `"Maria"`, `"Marie"`, 1))
	says(t, f.must(2, "drift"), "# changed at Kira and in the configuration")
	f.write("main.kira.hcl", strings.NewReplacer(`"Maria"`, `"Mary"`, `"Gonzalez"`, `"Lopez"`).Replace(driftConfig))
	says(t, f.must(0, "drift"), "as it was applied, but not as it is written", "# changed in the configuration")

	f.watch.Look(sim)
	if err := sim.Reset(); err != nil {
		t.Fatal(err)
	}
	says(t, f.must(2, "drift"), "kira_user.maria is gone: Kira has no 51000000-", "1 gone")
}

func TestRefreshAsks(t *testing.T) {
	f, _ := served(t, driftConfig)
	f.must(0, "apply", "-auto-approve")
	f.behind(`"Maria"`, `"Mary"`)

	says(t, f.must(2, "plan", "-refresh-only", "-detailed-exitcode"), "not at Kira as the state has it", `first_name = "Maria" -> "Mary"`,
		"Drift: 1 changed at Kira, 0 gone, 0 as before.", "requests to Kira")
	before := f.read("kiraform.state.json")
	f.stdin = "no\n"
	says(t, f.must(1, "refresh"), "Do you want to take this into the state?", "refresh cancelled")
	f.must(64, "refresh", "-input=false")
	f.must(64, "refresh", "-refresh=false")
	if f.read("kiraform.state.json") != before {
		t.Error("the state is not as it was")
	}
	f.stdin = "yes\n"
	says(t, f.must(0, "apply", "-refresh-only"), "Refresh complete!")
	says(t, f.must(0, "plan", "-refresh-only", "-detailed-exitcode"), "No drift.")
	says(t, f.must(0, "plan"), `"Mary" -> "Maria"`)
}

func TestRefreshFlag(t *testing.T) {
	f, sim := served(t, driftConfig)
	f.must(0, "apply", "-auto-approve")
	for _, tt := range []struct {
		flag string
		code int
		most int
	}{{"-refresh=false", 0, 0}, {"-refresh=full", 0, 2}, {"-refresh", 0, 2}, {"-refresh=true", 0, 2}, {"-refresh=some", 64, 0}} {
		n := len(sim.Requests())
		f.must(tt.code, "plan", tt.flag)
		if asked := len(sim.Requests()) - n; asked > tt.most {
			t.Errorf("plan %s took %d requests, want at most %d", tt.flag, asked, tt.most)
		}
	}
}

func TestVerify(t *testing.T) {
	f, sim := served(t, driftConfig)
	f.must(1, "verify", "kira_user.maria")
	f.must(0, "apply", "-auto-approve")
	says(t, f.must(0, "verify", "kira_user.maria"), "Kira verifies kira_user.maria again")
	says(t, f.must(0, "verify", "-type=embedded-link", "kira_user.maria"), "fill in this form: https://verify.simulator.invalid/")
	f.must(64, "verify", "-type=magic", "kira_user.maria")
	says(t, f.must(1, "verify", "kira_recipient.x"), "it verifies users")
	keys := make(map[string]bool)
	for _, r := range sim.Requests() {
		if strings.HasSuffix(r.Path, "/verifications") {
			if r.Key == "" || keys[r.Key] || r.Status != 201 {
				t.Errorf("%+v: want a key of its own, and success", r)
			}
			keys[r.Key] = true
		}
	}
	if len(keys) != 2 {
		t.Errorf("%d requests for a verification, want 2", len(keys))
	}
}

func TestStateOrphans(t *testing.T) {
	f, sim := served(t, driftConfig)
	says(t, f.must(0, "state", "orphans"), "Nothing was left behind.")
	f.must(0, "apply", "-auto-approve")
	f.write("main.kira.hcl", `provider "kira" { environment = "sandbox" }`)
	f.must(0, "apply", "-auto-approve")
	id := sim.Users()[0]["id"].(string)
	says(t, f.must(0, "state", "orphans"), "ADDRESS", "kira_user.maria "+id+" forgotten 20")
	var list []struct {
		Address, ID, Why, Since string
		Created                 bool `json:"created_here"`
	}
	if err := json.Unmarshal([]byte(f.run("state", "orphans", "-json").out), &list); err != nil || len(list) != 1 {
		t.Fatalf("%v, %v; want one", list, err)
	}
	if o := list[0]; o.Address != "kira_user.maria" || o.ID != id || o.Why != "forgotten" || !o.Created || o.Since == "" {
		t.Errorf("the ledger has %+v", o)
	}
}
