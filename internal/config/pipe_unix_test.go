//go:build unix

package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"kiraform/internal/config"
)

// A pipe that has the name of a file is a mistake, and is not waited for.
func TestAPipeIsNoFile(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.kira.hcl", "a.kirapolicy.hcl"} {
		if err := syscall.Mkfifo(filepath.Join(dir, name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m, diags := config.Load(os.DirFS(dir))
	if !diags.HasErrors() || !strings.Contains(diags.Error(), "a.kira.hcl is no regular file") {
		t.Errorf("the mistakes of the configuration are %v", diags)
	}
	if _, diags := m.Policies(config.PolicyFolder{FS: os.DirFS(dir)}); !diags.HasErrors() {
		t.Error("a pipe is taken for policies")
	}
}
