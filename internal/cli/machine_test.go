package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	terraform "github.com/hashicorp/terraform-json"

	"kiraform/internal/cli"
)

// maria is a user of the embedded simulator, where nobody verifies her, and account
// one that waits for that.
func maria(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "people", "maria.kira.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	return embedded + string(text)
}

const account = `
resource "kira_virtual_account" "usd" {
  user_id  = kira_user.maria.id
  type     = "US_BANK"
  provider = "act"
  mode     = "fiat"
}
`

// lost is a recipient whose user Kira does not know.
const lost = `
resource "kira_recipient" "lost" {
  user_id    = "51000000-0000-4000-8000-00000000dead"
  first_name = "Ana"
  last_name  = "Ruiz"
  account    = { account_type = "SPEI", clabe = "032180000118359719" }
}
`

const noDigest = "-expect-digest=sha256:0000000000000000000000000000000000000000000000000000000000000000"

// A command ends with the same exit code, however it is shown; and whatever is
// written for a program is of the format that it asked for.
func TestExitCodesInEveryFormat(t *testing.T) {
	t.Parallel()
	type scenario struct {
		name  string
		code  int
		ready func(*folder)
		args  []string
	}
	write := func(text string) func(*folder) { return func(f *folder) { f.write("main.kira.hcl", text) } }
	applied := func(before, after string) func(*folder) {
		return func(f *folder) {
			f.write("main.kira.hcl", before)
			f.must(0, "apply", "-auto-approve")
			f.write("main.kira.hcl", after)
		}
	}
	saved := func(then string) func(*folder) {
		return func(f *folder) {
			f.write("main.kira.hcl", pin)
			f.must(0, "plan", "-out=p.plan")
			f.write("main.kira.hcl", then)
		}
	}
	who := maria(t)
	for _, tt := range []scenario{
		{"a plan of changes", 0, write(pin), []string{"plan"}},
		{"a plan of changes, in detail", 2, write(pin), []string{"plan", "-detailed-exitcode"}},
		{"a plan of nothing, in detail", 0, applied(pin, pin), []string{"plan", "-detailed-exitcode"}},
		{"a plan of what waits, in detail", 0, applied(who, who+account), []string{"plan", "-detailed-exitcode"}},
		{"a plan of a mistake", 1, write(pin + `resource "kira_usr" "x" {}`), []string{"plan"}},
		{"a plan that does not parse", 1, write("resource {"), []string{"plan"}},
		{"a plan with another digest", 4, write(pin), []string{"plan", noDigest}},
		{"a plan with another digest, in detail", 4, write(pin), []string{"plan", "-detailed-exitcode", noDigest}},
		{"a plan to forget", 2, applied(pin, pin), []string{"plan", "-destroy", "-detailed-exitcode"}},
		{"a wrong flag", 64, write(pin), []string{"plan", "-parallelism=0"}},
		{"a look", 0, applied(pin, pin), []string{"plan", "-refresh-only", "-detailed-exitcode"}},
		{"an apply", 0, write(pin), []string{"apply", "-auto-approve"}},
		{"an apply that puts something off", 0, applied(who, who+account), []string{"apply", "-auto-approve"}},
		{"an apply that puts something off, in detail", 3, applied(who, who+account), []string{"apply", "-auto-approve", "-detailed-exitcode"}},
		{"an apply that fails", 1, write(pin + lost), []string{"apply", "-auto-approve"}},
		{"an apply that is not approved", 64, write(pin), []string{"apply", "-input=false"}},
		{"an apply of more than is allowed", 1, applied(pin, embedded), []string{"apply", "-auto-approve", "-allow=create"}},
		{"an apply of another digest", 4, write(pin), []string{"apply", "-auto-approve", noDigest}},
		{"an apply of a saved plan", 0, saved(pin), []string{"apply", "p.plan"}},
		{"an apply of a stale plan", 4, saved(pin + hook), []string{"apply", "p.plan"}},
		{"an apply of a plan that was edited", 4, func(f *folder) {
			saved(pin)(f)
			f.write("p.plan", strings.Replace(f.read("p.plan"), `"create"`, `"update"`, 1))
		}, []string{"apply", "p.plan"}},
		{"an apply of a saved plan with another digest", 4, saved(pin), []string{"apply", noDigest, "p.plan"}},
		{"a refresh", 0, applied(pin, pin), []string{"refresh", "-auto-approve"}},
		{"a destroy", 0, applied(pin, pin), []string{"destroy", "-auto-approve"}},
		{"a destroy of another digest", 4, applied(pin, pin), []string{"destroy", "-auto-approve", noDigest}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, form := range []string{"", "-progress=plain", "-progress=quiet", "-progress=json", "-json"} {
				f := newFolder(t, nil)
				f.environ["KIRAFORM_KEY"] = "a-key-that-outlives-the-run"
				tt.ready(f)
				args := slices.Clone(tt.args)
				if form != "" {
					args = slices.Insert(args, 1, form)
				}
				r := f.run(args...)
				if r.code != tt.code {
					t.Errorf("kiraform %s: exit code %d, want %d\n%s\n%s", strings.Join(args, " "), r.code, tt.code, r.out, r.err)
				}
				switch form {
				case "-json":
					wholeStream(t, r.out)
				case "-progress=json":
					fits(t, "events", r.out)
				}
			}
		})
	}
}

// fits holds that each line of a stream fits the schema of a format.
func fits(t *testing.T, name, stream string) {
	t.Helper()
	for line := range strings.Lines(stream) {
		if err := cli.CheckDocument(name, []byte(line)); err != nil {
			t.Errorf("%s: %v\n%s", name, err, line)
		}
	}
}

// wholeStream holds that a stream is Terraform's, begins with a version and has a
// summary.
func wholeStream(t *testing.T, stream string) {
	t.Helper()
	fits(t, "stream", stream)
	var types []string
	for line := range strings.Lines(stream) {
		if _, err := terraform.UnmarshalLogMessage([]byte(line)); err != nil {
			t.Errorf("terraform-json does not read %s: %v", line, err)
		}
		var m struct{ Type string }
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Errorf("%v: %s", err, line)
		}
		types = append(types, m.Type)
	}
	if len(types) == 0 || types[0] != "version" || !slices.Contains(types, "change_summary") {
		t.Errorf("the lines are %v", types)
	}
}

// document runs a command, and holds that it writes a document that fits the schema
// of a format.
func document(t *testing.T, f *folder, code int, name string, args ...string) string {
	t.Helper()
	r := f.run(args...)
	if r.code != code {
		t.Fatalf("kiraform %s: exit code %d, want %d\n%s\n%s", strings.Join(args, " "), r.code, code, r.out, r.err)
	}
	if err := cli.CheckDocument(name, []byte(r.out)); err != nil {
		t.Errorf("kiraform %s: %v\n%s", strings.Join(args, " "), err, r.out)
	}
	return r.out
}

// Every document fits its schema, and Terraform's library reads those that are in its
// formats.
func TestDocumentsOfCommands(t *testing.T) {
	f := newFolder(t, map[string]string{"main.kira.hcl": maria(t) + "output \"status\" {\n  value = kira_user.maria.status\n}\n"})
	f.environ["KIRAFORM_KEY"] = "a-key-that-outlives-the-run"
	reads := func(code int, name string, into any, args ...string) {
		t.Helper()
		if out := document(t, f, code, name, args...); json.Unmarshal([]byte(out), into) != nil {
			t.Errorf("kiraform %s: terraform-json does not read it:\n%s", strings.Join(args, " "), out)
		}
	}
	var s terraform.State
	reads(0, "state", &s, "show", "-json")
	f.must(0, "apply", "-auto-approve")
	reads(0, "state", &s, "show", "-json")
	reads(0, "state", &s, "show", "-json", "kiraform.state.json")
	document(t, f, 0, "resource", "state", "show", "-json", "kira_user.maria")
	document(t, f, 0, "resources", "state", "list", "-json")
	document(t, f, 0, "history", "state", "history", "-json")
	document(t, f, 0, "lock", "lock", "status", "-json")
	document(t, f, 0, "payouts", "payouts", "list", "-json")
	if got := s.Values.RootModule.Resources[0].AttributeValues["email"]; got != "maria@example.com" {
		t.Errorf("the state has the e-mail %v", got)
	}

	f.write("main.kira.hcl", strings.Replace(f.read("main.kira.hcl"), `"Gonzalez"`, `"Lopez"`, 1)+account+hook)
	f.must(0, "plan", "-out=p.plan")
	var p terraform.Plan
	reads(0, "plan", &p, "show", "-json", "p.plan")
	actions := make(map[string]string)
	for _, c := range p.ResourceChanges {
		actions[c.Address] = string(c.Change.Actions[0])
	}
	for _, c := range p.DeferredChanges {
		actions[c.ResourceChange.Address] = "deferred " + string(c.ResourceChange.Change.Actions[0])
	}
	if actions["kira_user.maria"] != "update" || actions["kira_webhook.w"] != "create" || actions["kira_virtual_account.usd"] != "deferred create" || *p.Complete {
		t.Errorf("the plan does %v; it is complete: %v", actions, *p.Complete)
	}

	var v terraform.ValidateOutput
	reads(0, "validate", &v, "validate", "-json")
	f.write("wrong.kira.hcl", `resource "kira_usr" "x" {}`)
	reads(1, "validate", &v, "validate", "-json")
	if v.Valid || v.ErrorCount != 1 || v.Diagnostics[0].Range.Start.Byte != 9 {
		t.Errorf("the mistake is %+v", v)
	}
	var w terraform.WorkspaceListOutput
	reads(0, "workspaces", &w, "workspace", "list", "-json")
	if w.CurrentWorkspace() == nil || w.CurrentWorkspace().Name != "default" {
		t.Errorf("the workspaces are %+v", w)
	}
	if err := os.Remove(f.path("wrong.kira.hcl")); err != nil {
		t.Fatal(err)
	}
	document(t, f, 0, "output", "output", "-json")
	document(t, f, 0, "status", "status", "-json")
	document(t, f, 0, "drift", "drift", "-json")
	document(t, f, 0, "readiness", "readiness", "-json")
	f.must(0, "state", "rm", "kira_user.maria")
	document(t, f, 0, "orphans", "state", "orphans", "-json")
	var n terraform.VersionOutput
	reads(0, "version", &n, "version", "-json")

	for _, name := range cli.Formats() {
		var schema any
		if r := f.run("schema", name); r.code != 0 || json.Unmarshal([]byte(r.out), &schema) != nil {
			t.Errorf("schema %s: exit code %d\n%s", name, r.code, r.out)
		}
	}
	says(t, f.must(64, "schema", "plans"), `Did you mean "plan"?`)
}

var digestText = regexp.MustCompile(`sha256:[0-9a-f]{64}`)

// A plan has one digest, whichever way it is shown.
func TestDigestInEveryFormat(t *testing.T) {
	f := newFolder(t, map[string]string{"main.kira.hcl": maria(t) + account + hook})
	f.environ["KIRAFORM_KEY"] = "a-key-that-outlives-the-run"
	want := digestText.FindString(f.must(0, "plan", "-out=p.plan"))
	if want == "" {
		t.Fatal("the plan has no digest")
	}
	for _, args := range [][]string{
		{"plan"}, {"plan", "-json"}, {"plan", "-progress=json"}, {"plan", "-progress=quiet"}, {"plan", "-wait=5m"}, {"plan", "-expect-digest=" + want},
		{"show", "p.plan"}, {"show", "-json", "p.plan"}, {"plan", "-json", "-out=q.plan"}, {"show", "-json", "q.plan"},
	} {
		if got := digestText.FindString(f.must(0, args...)); got != want {
			t.Errorf("kiraform %s shows %s; the plan showed %s", strings.Join(args, " "), got, want)
		}
	}
	f.must(0, "apply", "-json", "-auto-approve", "-expect-digest="+want)
	delete(f.environ, "KIRAFORM_KEY")

	g := newFolder(t, map[string]string{"main.kira.hcl": pin})
	for _, args := range [][]string{{"plan", "-out=p.plan"}, {"show", "p.plan"}, {"show", "-json", "p.plan"}} {
		says(t, g.must(0, args...), "this run made the key of the fingerprints")
	}
}

// Standard output is for the program that reads it, and standard error for people.
func TestStreamsAreKeptApart(t *testing.T) {
	f := newFolder(t, map[string]string{"main.kira.hcl": pin})
	for _, form := range []string{"-json", "-progress=json"} {
		r := f.run("plan", form, "-out=p.plan")
		says(t, r.err, "Saved the plan to p.plan", "kiraform apply")
		if strings.Contains(r.out, "Saved the plan") {
			t.Errorf("%s: standard output has a remark\n%s", form, r.out)
		}
	}
	r := f.run("apply", "-json", "-auto-approve", "-allow=update")
	wholeStream(t, r.out)
	says(t, r.out, `"More than is allowed"`)
	if r = f.run("apply", "-json"); r.code != 64 || !strings.Contains(r.err, "-auto-approve") {
		t.Errorf("exit code %d\n%s", r.code, r.err)
	}
	wholeStream(t, r.out)
}

// docs/review.md names every format that has a schema, and every type of line.
func TestReviewIsDocumented(t *testing.T) {
	src, err := os.ReadFile(filepath.Join("..", "..", "docs", "review.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range cli.Formats() {
		says(t, string(src), "`kiraform schema "+name+"`")
	}
	lines, err := os.ReadFile(filepath.Join("..", "ui", "tfjson", "testdata", "run.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`"type":"([a-z_]+)"`).FindAllStringSubmatch(string(lines), -1) {
		if m[1] != "string" && m[1] != "number" {
			says(t, string(src), "`"+m[1]+"`")
		}
	}
}
