package cli

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"kiraform/internal/engine"
)

// A plan that nobody wants any more while its file is made is not saved: an older file
// stays as it is, and no half of one is left beside it.
func TestSavePlanInterrupted(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.kira.hcl"), []byte(`provider "kira" { environment = "sandbox" }
resource "kira_webhook" "w" { webhook_url = "https://hooks.example.com/kira" }
`), 0o600); err != nil {
		t.Fatal(err)
	}
	const name = "p.kiraplan"
	save := func(interrupted bool) error {
		a := &app{Env: Env{Dir: dir, Stdout: io.Discard, Stderr: io.Discard, Environ: map[string]string{"KIRA_BASE_URL": "http://127.0.0.1:9/sandbox",
			"KIRA_API_KEY": "k", "KIRA_PASSWORD": "p", "KIRA_CLIENT_ID": "c", "KIRAFORM_KEY": "a key of at least 16 bytes"}}}
		f := &runFlags{out: name, progress: "quiet"}
		return a.run(t.Context(), "plan", f, engine.PlanOptions{NoRefresh: true, Save: true}, func(r *planRun) error {
			if interrupted {
				stop := make(chan struct{})
				close(stop)
				r.stop = stop
			}
			return a.savePlan(f, r)
		})
	}
	left := func() (all map[string]string) {
		all = make(map[string]string)
		paths, _ := filepath.Glob(filepath.Join(dir, "*"))
		for _, path := range paths {
			data, _ := os.ReadFile(path)
			all[filepath.Base(path)] = string(data)
		}
		return all
	}
	const want = "interrupted, and no plan was saved"
	if err := save(true); err == nil || err.Error() != want {
		t.Errorf("it ends with %v, want %s", err, want)
	}
	if _, is := left()[name]; is {
		t.Error("the plan was saved")
	}
	if err := save(false); err != nil {
		t.Fatal(err)
	}
	was := left()
	if err := save(true); err == nil || err.Error() != want {
		t.Errorf("it ends with %v, want %s", err, want)
	}
	if now := left(); len(was[name]) == 0 || now[name] != was[name] || len(now) != len(was) {
		t.Errorf("the file has %d bytes, and beside it are %d others; want %d and %d", len(now[name]), len(now)-1, len(was[name]), len(was)-1)
	}
}
