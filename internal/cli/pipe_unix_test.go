//go:build unix

package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"kiraform/internal/cli"
)

// A pipe that has the name of a file of the configuration is a mistake, and is not waited
// for.
func TestAPipeInTheFolderIsNotWaitedFor(t *testing.T) {
	for _, name := range []string{"b.kira.hcl", "c.auto.kiravars.hcl", "d.kirapolicy.hcl"} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "a.kira.hcl"), []byte("variable \"a\" {\n  default = 1\n}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mkfifo(filepath.Join(dir, name), 0o600); err != nil {
			t.Fatal(err)
		}
		_, stderr, code := run(t, cli.Env{Dir: dir}, "validate")
		if code != cli.ExitFailed || !strings.Contains(stderr, name+" is no regular file") {
			t.Errorf("beside %s it exits with %d and says %s", name, code, stderr)
		}
	}
}
