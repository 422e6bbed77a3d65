package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kiraform/internal/cli"
	"kiraform/internal/simulator/simtest"
)

// walk is one step of docs/newcomer.md: words, then a file that is written, or a
// command that is typed.
type walk struct {
	says    string
	file    string // its name, with text; or "" for a command
	text    string
	command string
	code    int
	tab     bool // the line ends with the key that completes
	last    int  // how many lines at the end of the answer the page shows; 0 for all
	most    int  // how many lines of the answer the page shows; 0 for all
}

const newcomerUser = `resource "kira_user" "maria" {
  type        = "individual"
  email       = "maria@example.com"
  first_name  = "Maria"
  last_name   = "Gonzalez"
  birth_date  = %q
  nationality = %q
}
`

const newcomerRest = `  nationality        = "MEX"
  phone              = "+525512345678"
  address_street     = "Av. Reforma 123"
  address_city       = "Ciudad de Mexico"
  address_state      = "CDMX"
  address_zip_code   = "06600"
  address_country    = "MEX"
  account_purpose    = "receive_payments"
  source_of_funds    = "salary"
  employment_status  = "self_employed"
  immigration_status = "Non-Resident of U.S."
  additional_info = {
    has_us_bank_account     = "no"
    has_denied_bank_account = "no"
  }
}
`

const newcomerAccount = `
resource "kira_virtual_account" "maria_usd" {
  user_id  = kira_user.maria.id
  type     = "US_BANK"
  provider = "act"
  mode     = "fiat"
}

output "account_number" {
  value = kira_virtual_account.maria_usd.account_number
}
`

func newcomerWalk() []walk {
	whole := fmt.Sprintf(newcomerUser, "1990-05-15", "MEX")
	whole = strings.Replace(whole, "  nationality = \"MEX\"\n}\n", newcomerRest, 1) + newcomerAccount
	return []walk{
		{says: "An empty folder, and nothing but the program. `init` asks at a terminal; here a flag answers. It shows each file before it writes it."},
		{command: "init -environment=simulator"},
		{says: "Which things are there?"},
		{command: "explain", most: 23},
		{says: "What does a user take?"},
		{command: "explain kira_user", most: 62},
		{says: "The names need not be known: the TAB key completes them (`kiraform help completion`)."},
		{command: "explain kira_user.birth", tab: true},
		{command: "explain kira_user.birth_date"},
		{says: "A first try, with the mistakes that one makes."},
		{file: "people.kira.hcl", text: fmt.Sprintf(newcomerUser, "15.05.1990", "MX")},
		{command: "validate", code: 1},
		{says: "Both are mended, and an account is added. What does Kira still want to know for it?"},
		{file: "people.kira.hcl", text: fmt.Sprintf(newcomerUser, "1990-05-15", "MEX") + newcomerAccount},
		{command: "readiness", most: 22},
		{says: "So that is written, too."},
		{file: "people.kira.hcl", text: whole},
		{command: "fmt"},
		{command: "validate"},
		{says: "The plan."},
		{command: "plan"},
		{says: "The simulator plays the people at Kira, who verify a user: `-wait` waits for them."},
		{command: "apply -auto-approve -wait=1m", last: 8},
		{command: "status"},
		{says: "And a second plan finds nothing to do."},
		{command: "plan -detailed-exitcode"},
		{says: "One resource alone, by its address, which the TAB key knows by now."},
		{command: "state show kira_v", tab: true},
		{command: "state show kira_virtual_account.maria_usd"},
		{command: "doctor"},
	}
}

// chance is all that the simulator draws, and how often a run that waits has looked.
var chance = []struct {
	is *regexp.Regexp
	as string
}{
	{regexp.MustCompile(`51000000-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`), "51000000-0000-4000-8000-000000000000"},
	{regexp.MustCompile(`((?:account|routing)_number += )"[0-9]+"`), `$1"123456789"`},
	{regexp.MustCompile(`[0-9]+ requests? to Kira`), "9 requests to Kira"},
	{regexp.MustCompile(`asked in [0-9.]+m?s`), "asked in 1ms"},
}

// TestNewcomer goes from an empty folder to a plan of one's own, and further, guided by
// the program alone. The page shows all of it.
func TestNewcomer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var watch simtest.Watch
	t.Cleanup(func() {
		watch.LookBelow(t, dir)
		watch.Judge(t)
	})
	var page strings.Builder
	page.WriteString("# From nothing to a plan of one's own\n\nWhat somebody sees who has the program and has read nothing. A test makes this page by typing all of it; " +
		"ids and times\nare those of another day.\n")
	for _, s := range newcomerWalk() {
		switch {
		case s.says != "":
			fmt.Fprintf(&page, "\n%s\n", s.says)
		case s.file != "":
			if err := os.WriteFile(filepath.Join(dir, s.file), []byte(s.text), 0o600); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&page, "\n`%s`:\n\n```\n%s```\n", s.file, s.text)
		default:
			page.WriteString(s.typed(t, dir))
		}
	}
	path := filepath.Join("..", "..", "docs", "newcomer.md")
	if *update {
		if err := os.WriteFile(path, []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(path); err != nil || string(want) != page.String() {
		t.Errorf("docs/newcomer.md is not the page that a newcomer sees (%v). Run: go test ./internal/cli -run TestNewcomer -update\n%s", err, page.String())
	}
}

// typed runs the command of a step, and returns it with its answer as the page has it.
func (s walk) typed(t *testing.T, dir string) string {
	t.Helper()
	args := strings.Fields(s.command)
	if s.tab {
		args = append([]string{"__completeNoDesc"}, args...)
	}
	stdout, stderr, code := run(t, cli.Env{Dir: dir, Environ: map[string]string{}}, args...)
	if code != s.code {
		t.Fatalf("kiraform %s: exit code %d, want %d\n%s%s", s.command, code, s.code, stdout, stderr)
	}
	said := stdout + stderr
	line := s.command
	if s.tab {
		line += "<TAB>"
		said = stdout[:strings.LastIndex(stdout, ":")]
	}
	said = digest.ReplaceAllString(took.ReplaceAllString(said, "$1 0s"), "sha256:...")
	said = minute.ReplaceAllString(said, "2026-01-01 10:00 UTC")
	for _, c := range chance {
		said = c.is.ReplaceAllString(said, c.as)
	}
	lines := strings.SplitAfter(said, "\n")
	if s.most > 0 && len(lines) > s.most {
		lines = append(lines[:s.most], "...\n")
	}
	if s.last > 0 && len(lines) > s.last {
		lines = append([]string{"...\n"}, lines[len(lines)-s.last:]...)
	}
	return fmt.Sprintf("\n```\n$ kiraform %s\n%s```\n", line, strings.Join(lines, ""))
}
