package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kiraform/internal/simulator"
	"kiraform/state/postgres/pgtest"
)

// recipe is the text of the CI recipe for teams.
func recipe(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(examples, "teams", "ci.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// steps returns the commands that a job of the recipe runs, without the name of the
// program, and with these files instead of those of the runner.
func steps(t *testing.T, job string) (all [][]string) {
	t.Helper()
	_, of, found := strings.Cut(recipe(t), "\n  "+job+":\n")
	if !found {
		t.Fatalf("the recipe has no job %s", job)
	}
	for line := range strings.SplitSeq(of, "\n") {
		if strings.HasPrefix(line, "  ") && !strings.HasPrefix(line, "   ") {
			break // the next job
		}
		if _, command, is := strings.Cut(line, "- run: kiraform "); is {
			all = append(all, strings.Fields(command))
		}
	}
	if len(all) == 0 {
		t.Fatalf("the job %s of the recipe runs nothing", job)
	}
	return all
}

// TestTheRecipeForTeams runs the commands of examples/teams/ci.yaml, each job in a
// checkout of its own that has nothing but the files of the example and the
// environment that the recipe names.
func TestTheRecipeForTeams(t *testing.T) {
	url := pgtest.URL(t)
	sim := &simulator.Server{}
	var base string
	checkout := func() *folder {
		f := newFolder(t, nil)
		if err := os.CopyFS(f.dir, os.DirFS(filepath.Join(examples, "teams"))); err != nil {
			t.Fatal(err)
		}
		if base == "" {
			f.serve(sim, nil)
			base = f.environ["KIRA_BASE_URL"]
		}
		for name, value := range map[string]string{
			"KIRAFORM_DATABASE_URL": url, "KIRAFORM_KEY": strings.Repeat("A", 43) + "=", "KIRAFORM_VAR_environment": "sandbox",
			"KIRA_API_KEY": apiKey, "KIRA_CLIENT_ID": clientID, "KIRA_PASSWORD": password, "KIRAFORM_VAR_webhook_secret": "canary-webhook-secret",
		} {
			if !strings.Contains(recipe(t), "\n  "+name+": ") {
				t.Fatalf("the recipe does not set %s", name)
			}
			f.environ[name] = value
		}
		f.environ["KIRA_BASE_URL"] = base // instead of Kira's own
		return f
	}
	job := func(name string) (said string) {
		f := checkout()
		for _, args := range steps(t, name) {
			said += f.must(0, args...)
		}
		return said
	}
	says(t, job("plan"), "2 to add")
	says(t, job("apply"), "2 added")
	says(t, job("plan"), "no differences")
	says(t, job("apply"), "0 added, 0 changed")
	if is := recipe(t); strings.Contains(is, "secrets.") && strings.Contains(is, "pull_request_target") {
		t.Error("the recipe gives secrets to foreign pull requests")
	}
}
