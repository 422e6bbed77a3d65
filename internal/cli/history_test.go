package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kiraform/internal/simulator/simtest"
)

// commandIn runs one command in dir and returns its output and its exit code.
func commandIn(t *testing.T, dir string, args ...string) (said string, code int) {
	t.Helper()
	var out bytes.Buffer
	code = Main(t.Context(), Env{Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Environ: map[string]string{}, Dir: dir})
	return out.String(), code
}

func TestAStateThatIsEmptyIsBroughtBack(t *testing.T) {
	dir := t.TempDir()
	var watch simtest.Watch
	t.Cleanup(func() {
		watch.LookBelow(t, dir)
		watch.Judge(t)
	})
	file := filepath.Join(dir, "kiraform.state.json")
	config := "provider \"kira\" {\n  environment = \"simulator\"\n}\nresource \"kira_version_pin\" \"p\" {\n  target_version = \"2026-04-14\"\n}\n"
	if err := os.WriteFile(filepath.Join(dir, "main.kira.hcl"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		does string
		args []string
		code int
		says string
		then func() error
	}{
		{does: "no history before the first apply", args: []string{"state", "history"}, says: "it was never saved"},
		{does: "an apply", args: []string{"apply", "-auto-approve"}, says: "1 added", then: func() error { return os.Truncate(file, 0) }},
		{does: "an empty file is not no state", args: []string{"plan"}, code: ExitFailed, says: "kiraform state restore 2"},
		{does: "and nothing is written over it", args: []string{"apply", "-auto-approve"}, code: ExitFailed, says: "it is empty (0 bytes)"},
		{does: "its history", args: []string{"state", "history"}, says: "2       "},
		{does: "a generation that is not kept", args: []string{"state", "restore", "7"}, code: ExitFailed, says: "but these are: 2, 1"},
		{does: "no serial at all", args: []string{"state", "restore", "x"}, code: ExitUsage, says: "is not the serial"},
		{does: "the way back", args: []string{"state", "restore", "2"}, says: "Generation 2 is the state again"},
		{does: "nothing is to be done then", args: []string{"plan"}, says: "No changes", then: func() error { return os.Remove(file) }},
		{does: "a file that is gone is warned of", args: []string{"plan"}, says: "The state file is gone"},
		{does: "and comes back as well", args: []string{"state", "restore", "2"}, says: "with serial 2"},
		{does: "going back in time", args: []string{"state", "restore", "1"}, says: "kira_version_pin.p is not managed any more"},
		{does: "requests without an answer", args: []string{"state", "rm", "-unanswered", "kira_version_pin.p"}, code: ExitFailed, says: "no request for kira_version_pin.p"},
	} {
		said, code := commandIn(t, dir, step.args...)
		if code != step.code || !strings.Contains(said, step.says) {
			t.Fatalf("%s: exit code %d, want %d, and %q in\n%s", step.does, code, step.code, step.says, said)
		}
		if step.then != nil {
			if err := step.then(); err != nil {
				t.Fatal(err)
			}
		}
	}
}
