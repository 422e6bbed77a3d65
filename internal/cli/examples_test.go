package cli_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kiraform/internal/cli"
	"kiraform/internal/simulator/simtest"
	"kiraform/schema/kinds"
	"kiraform/state/postgres/pgtest"
)

var examples = filepath.Join("..", "..", "examples")

// exampleFolders lists the examples.
func exampleFolders(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(examples, "*", "main.kira.hcl"))
	if err != nil || len(files) == 0 {
		t.Fatalf("found %d examples: %v", len(files), err)
	}
	for i, f := range files {
		files[i] = filepath.Dir(f)
	}
	return files
}

// TestExamples holds that every example is formatted and valid, that its tests pass, that it can be
// applied, that a second plan then finds nothing to do, and that it can be
// destroyed; that none of its secrets is said or kept by kiraform; and that
// kiraform does nothing to Kira that no good client does.
func TestExamples(t *testing.T) {
	for _, from := range exampleFolders(t) {
		t.Run(filepath.Base(from), func(t *testing.T) {
			t.Parallel()
			work := t.TempDir()
			dir := filepath.Join(work, "example")
			if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
				t.Fatal(err)
			}
			env := cli.Env{Dir: dir}
			if strings.Contains(configuration(t, dir), "backend \"postgres\"") {
				env.Environ = map[string]string{"KIRAFORM_DATABASE_URL": pgtest.URL(t)}
			}
			tests, err := filepath.Glob(filepath.Join(dir, "*.kiratest.hcl"))
			if err != nil {
				t.Fatal(err)
			}
			steps := [][]string{
				{"fmt", "-check", "-diff"},
				{"validate"},
				{"plan"},
				{"apply", "-auto-approve", "-wait=" + patience(t, dir)},
				{"plan", "-detailed-exitcode"},
				{"show"},
				{"output", "-json"},
				{"destroy", "-auto-approve"},
				{"state", "list"},
			}
			if len(tests) > 0 {
				steps = append(steps, []string{"test"})
			}
			for _, step := range steps {
				command := strings.Join(step, " ")
				stdout, stderr, code := run(t, env, step...)
				if code != cli.ExitOK {
					t.Fatalf("kiraform %s: exit code %d\n%s%s", command, code, stdout, stderr)
				}
				if command == "state list" && stdout != "" {
					t.Errorf("after destroy, the state still has\n%s", stdout)
				}
				said := filepath.Join(work, strings.ReplaceAll(command, " ", "_"))
				if err := os.WriteFile(said, []byte(stdout+stderr), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			for _, leak := range leaks(work) {
				t.Error(leak)
			}
			var watch simtest.Watch
			watch.LookBelow(t, dir)
			watch.Judge(t)
		})
	}
}

// patience is how long to wait for the people at Kira whom the example's
// simulator plays: not at all if it plays nobody.
func patience(t *testing.T, dir string) string {
	t.Helper()
	if strings.Contains(configuration(t, dir), "verify_after") {
		return "30s"
	}
	return "0s"
}

func configuration(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.kira.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range files {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(src)
	}
	return all.String()
}

// TestEveryKindHasAnExample holds that each kind is shown in a folder of its
// own: kira_virtual_account in virtual-account.
func TestEveryKindHasAnExample(t *testing.T) {
	for _, k := range kinds.All {
		name := k.Schema.Name
		dir := filepath.Join(examples, strings.ReplaceAll(strings.TrimPrefix(name, "kira_"), "_", "-"))
		uses := regexp.MustCompile(`(?m)^resource "` + name + `" `)
		if !uses.MatchString(configuration(t, dir)) {
			t.Errorf("%s has no example: write %s with a resource of that kind", name, filepath.Join(dir, "main.kira.hcl"))
		}
	}
}

// TestEverySourceHasAnExample holds that examples/data looks at everything that
// can be looked at.
func TestEverySourceHasAnExample(t *testing.T) {
	text := configuration(t, filepath.Join(examples, "data"))
	for _, d := range kinds.Sources {
		if !strings.Contains(text, `data "`+d.Schema.Name+`" `) {
			t.Errorf("examples/data does not look at %s", d.Schema.Name)
		}
	}
}

// TestEveryActionHasAnExample holds that examples/payouts has every kind of action,
// and that each of them runs, and runs once.
func TestEveryActionHasAnExample(t *testing.T) {
	t.Parallel()
	work := t.TempDir()
	if err := os.CopyFS(work, os.DirFS(filepath.Join(examples, "payouts"))); err != nil {
		t.Fatal(err)
	}
	text := configuration(t, work)
	kiraform := func(args ...string) string {
		t.Helper()
		stdout, stderr, code := run(t, cli.Env{Dir: work}, args...)
		if code != cli.ExitOK {
			t.Fatalf("kiraform %s: exit code %d\n%s%s", strings.Join(args, " "), code, stdout, stderr)
		}
		return stdout
	}
	if said := kiraform("apply", "-auto-approve", "-wait=30s"); !strings.Contains(said, "action.kira_simulated_deposit.first: Run complete") {
		t.Errorf("the deposit was not triggered\n%s", said)
	}
	for _, k := range kinds.Actions {
		name := regexp.MustCompile(`(?m)^action "` + k.Schema.Config.Name + `" "([a-z]+)" `).FindStringSubmatch(text)
		if name == nil {
			t.Errorf("examples/payouts has no action %s", k.Schema.Config.Name)
			continue
		}
		for range 2 {
			kiraform("apply", "-auto-approve", "-wait=30s", "-invoke=action."+k.Schema.Config.Name+"."+name[1])
		}
	}
	if said := kiraform("payouts", "list"); strings.Count(said, "COMPLETED") != 1 {
		t.Errorf("payouts list says\n%s", said)
	}
	var watch simtest.Watch
	watch.LookBelow(t, work)
	watch.Judge(t)
}
