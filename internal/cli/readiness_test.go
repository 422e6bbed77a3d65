package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A person who lacks an occupation for ACT, and much for the other product.
const lackingUser = `
provider "kira" {
  environment = "simulator"
}

resource "kira_user" "maria" {
  type               = "individual"
  first_name         = "Maria"
  last_name          = "Gonzalez"
  birth_date         = "1990-05-15"
  email              = "maria@example.com"
  phone              = "+525512345678"
  nationality        = "MEX"
  address_street     = "Av. Reforma 123"
  address_city       = "Ciudad de Mexico"
  address_state      = "CDMX"
  address_zip_code   = "06600"
  address_country    = "MEX"
  immigration_status = "Non-Resident of U.S."
  employment_status  = "employed"
  current_employer   = "Self"
  source_of_funds    = "salary"
  account_purpose    = "receive_payments"
  additional_info    = { has_us_bank_account = "no", has_denied_bank_account = "no" }
}
`

// lookAt runs a command in a folder with one configuration file.
func lookAt(t *testing.T, src string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.kira.hcl"), []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, err bytes.Buffer
	code = Main(t.Context(), Env{Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &err, Dir: dir, Environ: map[string]string{}})
	return code, out.String(), err.String()
}

func TestReadinessAsText(t *testing.T) {
	code, out, stderr := lookAt(t, lackingUser, "readiness", "kira_user.maria")
	for _, want := range []string{
		"kira_user.maria (not created yet, international_individual)\n",
		"  usa-virtual-accounts-act  lacks 1  by the documents  for accounts at austin_capital_trust\n",
		"  For usa-virtual-accounts-act, add to kira_user.maria:\n\n    occupation = \"\"\n",
	} {
		if code != ExitOK || !strings.Contains(out, want) {
			t.Errorf("exit %d, no %q in\n%s%s", code, want, out, stderr)
		}
	}
}

func TestReadinessAsJSON(t *testing.T) {
	code, out, stderr := lookAt(t, lackingUser, "readiness", "-json", "-refresh=false")
	var got []readyUser
	if err := json.Unmarshal([]byte(out), &got); err != nil || code != ExitOK || len(got) != 1 || len(got[0].Products) != 2 {
		t.Fatalf("exit %d, %v\n%s%s", code, err, out, stderr)
	}
	act := got[0].Products[0]
	if act.Ready || act.Live || len(act.Missing) != 1 || act.Missing[0] != (missingField{"occupation:when_employment_status:employed", "occupation", ""}) {
		t.Errorf("got %+v", act)
	}
}

func TestReadinessOfNobody(t *testing.T) {
	for _, tt := range []struct {
		arg  string
		code int
		said string
	}{
		{"kira_user.ana", ExitFailed, "there is no user kira_user.ana in the configuration"},
		{"kira_user", ExitUsage, "kira_user"},
	} {
		if code, _, said := lookAt(t, lackingUser, "readiness", tt.arg); code != tt.code || !strings.Contains(said, tt.said) {
			t.Errorf("%s: exit %d, %s", tt.arg, code, said)
		}
	}
}

// People of whom Kira lacks the same are one entry: the blocks to add are shown once.
func TestReadinessOfManyIsFolded(t *testing.T) {
	alike := strings.Replace(lackingUser, `"kira_user" "maria" {`, "\"kira_user\" \"team\" {\n  for_each = toset([\"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\"])", 1)
	alone := strings.Replace(lackingUser[strings.Index(lackingUser, "resource "):], "maria", "luis", 1)
	code, out, stderr := lookAt(t, alike+alone, "readiness", "-refresh=false")
	if code != ExitOK || strings.Count(out, "occupation = ") != 1 {
		t.Errorf("exit %d\n%s%s", code, out, stderr)
	}
	for _, want := range []string{
		"kira_user.luis, kira_user.team[\"a\"], kira_user.team[\"b\"], kira_user.team[\"c\"], kira_user.team[\"d\"] and 3 more (not created yet, international_individual)\n",
		"  For usa-virtual-accounts-act, add to each of them:\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}
