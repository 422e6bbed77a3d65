package cli

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"kiraform/internal/norace"
	"kiraform/internal/ui/words"
	"kiraform/internal/webhook"
)

// unfitted are the commands that [TestLinesOfCommandsFitTheTerminal] does not type: their
// output is for a program, or they go on until they are stopped.
var unfitted = map[string]string{
	"completion": "writes a script", "schema": "writes a schema", "lsp": "speaks a protocol", "graph": "draws for dot", "state pull": "writes a state",
	"webhook wait": "waits for an event", "webhook listen": "listens", "simulator": "serves", "replay": "shows a run as the run itself does",
	"state push": "takes a state of another folder", "state rekey": "asks for another key", "help": "is in TestHelpFitsTheTerminal",
}

// fitted are typed one after the other in one folder. USER stands for the id of
// kira_user.maria, and HOOK for the address of a receiver of events.
var fitted = []string{
	"validate", "fmt -check -diff", "fmt", "plan -progress=plain -out=p.plan", "show p.plan", "apply -auto-approve", "apply -auto-approve -wait=1ms", "plan",
	"status", "status -watch=1ms", "readiness", "drift", "refresh -auto-approve", "show", "output", "doctor",
	"payouts", "payouts list", "payouts show USER", "explain", "explain kira_user", "explain kira_recipient.account", "explain kira_user.email", "explain kira_usr",
	"state", "state list", `state show kira_user.staff["somebody_with_a_long_name_in_the_north"]`, "state history", "state restore 1", "state orphans", "state rebind",
	"state mv kira_user.maria kira_user.maria_who_is_called_otherwise_from_now_on", "plan", "state mv kira_user.maria_who_is_called_otherwise_from_now_on kira_user.maria",
	"state rm kira_user.maria", "state orphans", "import kira_user.maria USER", "import kira_user.maria x", "state trust kira_user.maria",
	"verify kira_user.maria", "verify -type=embedded-link kira_user.maria", "lock", "lock status", "force-unlock x", "console", "version",
	"workspace", "workspace new a_place_with_a_name_that_is_rather_long", "workspace list", "workspace show", "workspace select default",
	"workspace delete a_place_with_a_name_that_is_rather_long",
	"webhook", "webhook send user.verification.failed -to=HOOK -user=kira_user.maria", "webhook list", "webhook list -invalid", "webhook show 8c2f7a51-0001-4d6a-961a-edb850679201",
	"webhook show nothing", "webhook replay -to=HOOK", "webhook verify -secret=long-enough-a-secret",
	"certify -item=1 -out=pack", "test", "init -environment=sandbox -ci=github", "init -migrate-state", "simulator reset", "plan", "plan -target=kira_user.nobody",
	"apply p.plan", "apply there-is-no-such-file", "destroy -auto-approve", "nonsense", "plan -nonsense", "import -discover -out=live.kira.hcl", "plan",
}

// pasted is a line that stays whole: a command, one long word, or a line of a file in the
// box of a diagnostic. So does one that ofFile matches, in the output of coded commands:
// somebody may put it into a file.
var (
	pasted = regexp.MustCompile(`^[ >]*kiraform |^(│ )? *\S+$|^│ +\d+: `)
	ofFile = regexp.MustCompile(`^"|^[-+ ] *([a-z_.]+ += |#|\{ |[a-z]+ "[^"]*"( "[^"]*")? \{$)`)
	coded  = []string{"fmt", "readiness", "explain", "import", "console"}
)

// At a terminal no line of any command goes beyond it, but those to paste. Every command
// is typed that there is.
func TestLinesOfCommandsFitTheTerminal(t *testing.T) {
	if norace.Run(t, Plain) {
		return
	}
	hook := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer hook.Close()
	for _, width := range []int{40, 80, 100} {
		w := newWide(t, width, hook.URL)
		ran, said := make(map[string]bool), make(map[string]bool)
		for _, line := range fitted {
			out := w.types(line)
			ran[commandOf(line)] = true
			for _, long := range beyond(out, width, slices.Contains(coded, strings.Fields(line)[0])) {
				if !said[long] {
					t.Errorf("kiraform %s writes %d cells at %d:\n%s", line, words.Cells(long), width, long)
				}
				said[long] = true
			}
		}
		every(func(path string, _ *cobra.Command) {
			if unfitted[path] == "" && !ran[path] && !strings.HasPrefix(path, "completion ") {
				t.Errorf("%s is not typed at %d cells", path, width)
			}
		})
	}
}

// The help of every command fits the terminal, lines to paste apart.
func TestHelpFitsTheTerminal(t *testing.T) {
	for _, width := range []int{40, 60, 80, 200} {
		every(func(path string, _ *cobra.Command) {
			var out bytes.Buffer
			Main(t.Context(), Env{Args: append([]string{"help"}, strings.Fields(path)...), Stdout: &out, Stderr: &out, Width: width})
			for _, long := range beyond(out.String(), min(width, words.Screen), false) {
				t.Errorf("help %s at %d cells:\n%s", path, width, long)
			}
		})
	}
}

// Output for a program, and files, have the same lines at a terminal as elsewhere.
func TestDocumentsKeepTheirLinesAtATerminal(t *testing.T) {
	if norace.Run(t, Plain) {
		return
	}
	w := newWide(t, 40, "")
	w.types("apply -auto-approve")
	w.types("plan -progress=plain -out=p.plan")
	w.said = io.Discard
	for _, line := range []string{"show -json", "show -json p.plan", "output -json", "validate -json", "status -json", "state list -json", "drift -json", "doctor -json", "webhook list -json",
		"readiness -json", "graph", "graph -format=mermaid", "schema plan", "show -format=markdown p.plan", "show -format=csv p.plan", "show -format=html p.plan", "fmt -diff -check",
		"state pull", "lock status -json", "explain -json kira_user", "version -json", "completion bash", "console"} {
		w.width = 40
		at := w.types(line)
		if w.width = 0; w.types(line) != at {
			t.Errorf("kiraform %s says at a terminal\n%s\nand elsewhere\n%s", line, at, w.types(line))
		}
	}
}

func commandOf(line string) string {
	c, _, err := newRoot(Env{}).Find(strings.Fields(line))
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(c.CommandPath(), "kiraform ")
}

var painting = regexp.MustCompile("\x1b\\[[0-9;]*m")

// beyond are the lines of a text that are wider than a terminal and could be broken.
func beyond(text string, width int, coded bool) (all []string) {
	for line := range strings.Lines(text) {
		line = painting.ReplaceAllString(strings.TrimRight(line, "\r\n"), "")
		if words.Cells(line) > width && !pasted.MatchString(line) && !(coded && ofFile.MatchString(line)) {
			all = append(all, line)
		}
	}
	return all
}

// wide is a folder with a configuration of long names, at a terminal.
type wide struct {
	t                *testing.T
	said             io.Writer // besides standard output; nil means with it
	dir, hook, maria string
	width            int
}

func newWide(t *testing.T, width int, hook string) *wide {
	t.Helper()
	w := &wide{t: t, dir: t.TempDir(), hook: hook, width: width}
	person, err := os.ReadFile(filepath.Join("testdata", "people", "maria.kira.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"main.kira.hcl": wideNames, "maria.kira.hcl": string(person),
		"rules.kiratest.hcl": "run \"a_run_with_a_name_that_says_what_it_is_good_for\" {\n  command = plan\n}\n"} {
		if err := os.WriteFile(filepath.Join(w.dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w.hear("long-enough-a-secret", `{"event":"user.verification.failed","data":{"event_id":"8c2f7a51-0001-4d6a-961a-edb850679201","user_id":"51000000-4dc4-4b5a-8cc8-a44de1aa1111"}}`)
	w.hear("another", `{"event":"virtual_account.status_changed","data":{"event_id":"8c2f7a51-0002-4d6a-961a-edb850679202","virtual_account_id":"51000000-4dc4-4b5a-8cc8-a44de1aa2222"}}`)
	return w
}

// hear keeps an event, signed with a secret.
func (w *wide) hear(secret, body string) {
	w.t.Helper()
	writer, err := webhook.Store{Dir: filepath.Join(w.dir, ".kiraform", "webhooks")}.Writer(nil, time.Now)
	if err != nil {
		w.t.Fatal(err)
	}
	r := webhook.Receiver{Writer: writer, Secrets: webhook.Secrets{"long-enough-a-secret"}, Kept: func(webhook.Kept, webhook.Delivery) {}, Lost: func(err error) { w.t.Error(err) }}
	req := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	req.Header.Set("X-Signature-Sha256", webhook.Sign(secret, []byte(body)))
	r.ServeHTTP(httptest.NewRecorder(), req)
	if err := writer.Close(); err != nil {
		w.t.Error(err)
	}
}

var idOfMaria = regexp.MustCompile(`"kira_user.maria","kind":"kira_user","id":"([0-9a-f-]{36})"`)

// types returns all that a command says.
func (w *wide) types(line string) string {
	w.t.Helper()
	var out bytes.Buffer
	if state, err := os.ReadFile(filepath.Join(w.dir, "kiraform.state.json")); err == nil && w.maria == "" {
		if m := idOfMaria.FindSubmatch(state); m != nil {
			w.maria = string(m[1])
		}
	}
	stderr := w.said
	if stderr == nil {
		stderr = &out
	}
	args := strings.Fields(strings.NewReplacer("USER", w.maria, "HOOK", w.hook).Replace(line))
	Main(w.t.Context(), Env{Args: args, Stdin: strings.NewReader("kira_user.maria.first_name\nlocal.words\n"), Stdout: &out, Stderr: stderr, Dir: w.dir,
		StdoutTTY: true, Width: w.width, Environ: map[string]string{"KIRAFORM_WEBHOOK_SECRET": "long-enough-a-secret", "NO_COLOR": "1"}})
	w.t.Logf("%d $ %s\n%s", w.width, line, &out)
	return out.String()
}

const wideNames = `provider "kira" {
  environment = "simulator"
  simulator {
    verify_after   = "1ms"
    activate_after = "1ms"
    payout_after   = "1ms"
  }
}

locals {
  words = "a text with more words in it than a narrow terminal has cells, on one line"
}

resource "kira_user" "staff" {
  for_each          = toset(["somebody_with_a_long_name_in_the_north", "another_one_in_the_far_south"])
  type              = "individual"
  verification_mode = "automatic"
  first_name        = "Ana"
  last_name         = "Ruiz"
  email       = "${each.key}@many.example"
  birth_date        = "1991-02-03"
  nationality       = "MEX"
}

resource "kira_virtual_account" "for_the_salaries" {
  for_each = { "the_first_of_the_accounts_of_maria" = kira_user.maria }
  user_id  = each.value.id
  type     = "US_BANK"
  provider = "act"
  mode     = "fiat"
}

resource "kira_recipient" "the_treasury_of_maria" {
  user_id    = kira_user.maria.id
  first_name = "Ana"
  last_name  = "Ruiz"
  account = {
    account_type = "SPEI"
    clabe        = "032180000118359719"
    doc_type     = "curp"
    doc_number   = "RUAA910203MDFZNN09"
  }
}

resource "kira_webhook" "events" {
  webhook_url = "https://hooks.example.com/kira"
  secret      = "long-enough-a-secret"
}

output "the_id_of_the_user_who_is_called_maria" {
  value = kira_user.maria.id
}

output "a_text_with_more_words" {
  value = local.words
}
`
