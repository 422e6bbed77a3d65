package cli_test

import (
	"os"
	"regexp"
	"testing"

	"kiraform/internal/cli"
	"kiraform/internal/simulator"
)

const onlyProvider = `provider "kira" {
  environment = "simulator"
}
`

const somebody = `resource "kira_user" "maria" {
  type            = "individual"
  first_name      = "Maria"
  last_name       = "Gonzalez"
  email           = "maria@example.com"
  birth_date      = "1990-05-15"
  nationality     = "MEX"
  source_of_funds = "salary"
}
`

var simulatedID = regexp.MustCompile(`51000000-[0-9a-f-]{27}`)

func TestImport(t *testing.T) {
	f := newFolder(t, map[string]string{"provider.kira.hcl": onlyProvider, "main.kira.hcl": somebody})
	f.watch.Provokes(simulator.IdlePut) // the attributes that Kira cannot show are sent once
	id := simulatedID.FindString(f.must(cli.ExitOK, "apply", "-auto-approve"))
	if err := os.Remove(f.path("kiraform.state.json")); err != nil {
		t.Fatal(err)
	}
	says(t, f.must(cli.ExitFailed, "import", "kira_user.anna", id), "Nothing to import to", "kira_user.anna")
	says(t, f.must(cli.ExitUsage, "import", "kira_user.maria"), "takes an address and an id, or -discover")
	says(t, f.must(cli.ExitUsage, "import", "-discover", "kira_user.maria"), "takes no address")
	says(t, f.must(cli.ExitOK, "import", "kira_user.maria", id), "Imported "+id+" as kira_user.maria", "Nothing was changed at Kira")
	says(t, f.must(cli.ExitFailed, "import", "kira_user.maria", id), "Address is taken")
	says(t, f.must(cli.ExitChanges, "plan", "-detailed-exitcode"), "source_of_funds", "cannot be read; will be sent once")
	f.must(cli.ExitOK, "apply", "-auto-approve")
	f.must(cli.ExitOK, "plan", "-detailed-exitcode")
}

func TestImportDiscover(t *testing.T) {
	f := newFolder(t, map[string]string{"provider.kira.hcl": onlyProvider, "main.kira.hcl": somebody})
	f.must(cli.ExitOK, "apply", "-auto-approve")
	says(t, f.must(cli.ExitOK, "import", "-discover"), "is managed here")
	for _, name := range []string{"kiraform.state.json", "main.kira.hcl"} {
		if err := os.Remove(f.path(name)); err != nil {
			t.Fatal(err)
		}
	}
	says(t, f.must(cli.ExitOK, "import", "-discover"), `resource "kira_user" "maria" {`, "Found 1 object at Kira not managed here")
	says(t, f.must(cli.ExitFailed, "import", "-discover", "-out=provider.kira.hcl"), "is not overwritten")
	says(t, f.must(cli.ExitOK, "import", "-discover", "-out=found.kira.hcl"), "Wrote found.kira.hcl", "Nothing was changed at Kira")
	says(t, f.read("found.kira.hcl"), "to = kira_user.maria")
	says(t, f.must(cli.ExitOK, "plan"), "kira_user.maria")
	f.must(cli.ExitOK, "apply", "-auto-approve")
	f.must(cli.ExitOK, "plan", "-detailed-exitcode")
}
