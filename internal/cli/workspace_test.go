package cli_test

import (
	"strings"
	"testing"

	"kiraform/state"
	"kiraform/state/file"
)

// TestWorkspacesOfTheSimulator holds that each workspace has a simulated world of
// its own, which goes with it.
func TestWorkspacesOfTheSimulator(t *testing.T) {
	f := newFolder(t, map[string]string{"main.kira.hcl": strings.Replace(driftConfig, "sandbox", "simulator", 1)})
	f.must(0, "apply", "-auto-approve")
	f.must(0, "workspace", "new", "other")
	says(t, f.must(0, "plan"), "1 to add")
	f.must(0, "apply", "-auto-approve")
	f.must(0, "simulator", "reset")
	says(t, f.must(0, "plan"), "1 to add")
	f.must(0, "workspace", "select", "default")
	f.must(0, "plan", "-detailed-exitcode")
}

func TestALockedWorkspaceIsNotDeleted(t *testing.T) {
	f := newFolder(t, map[string]string{"main.kira.hcl": pin})
	f.must(0, "workspace", "new", "other")
	f.must(0, "apply", "-auto-approve")
	f.must(0, "destroy", "-auto-approve")
	f.must(0, "workspace", "select", "default")
	unlock, err := file.Store{Path: f.path("kiraform.state.d/other/kiraform.state.json")}.Lock(t.Context(), state.Holder{ID: "a", Who: "ana@desk"})
	if err != nil {
		t.Fatal(err)
	}
	says(t, f.must(1, "workspace", "delete", "-force", "other"), "locked by ana@desk")
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	says(t, f.must(0, "workspace", "delete", "other"), "Deleted the workspace other", "Its simulated world went with it")
}

// TestWorkspaceInExpressions holds that kiraform.workspace can decide
// everything in a configuration: the environment, too.
func TestWorkspaceInExpressions(t *testing.T) {
	f := newFolder(t, map[string]string{"main.kira.hcl": `
provider "kira" {
  environment = kiraform.workspace == "live" ? "production" : "simulator"
}

locals {
  name = "in ${kiraform.workspace}"
}

output "name" {
  value = local.name
}
`})
	says(t, f.must(0, "apply", "-auto-approve"), `name = "in default"`, "On the embedded simulator.")
	kiraAt(f)
	f.environ["KIRA_API_KEY"], f.environ["KIRA_CLIENT_ID"], f.environ["KIRA_PASSWORD"] = "key", anID, "password"
	f.must(0, "workspace", "new", "live")
	f.stdin = "production\n"
	says(t, f.must(0, "apply"), `name = "in live"`, "On Kira's PRODUCTION at ")
	says(t, f.must(0, "show"), "Of Kira's PRODUCTION")

	f.write("main.kira.hcl", strings.Replace(f.read("main.kira.hcl"), `kiraform.workspace}`, `kiraform.place}`, 1))
	says(t, f.must(1, "validate"), "place")
}
