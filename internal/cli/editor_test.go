package cli

import (
	"path/filepath"
	"slices"
	"testing"
)

// The block of a resource is opened at its line, in whichever editor.
func TestEditorsOpenAtALine(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "main.kira.hcl")
	for _, c := range []struct{ environ, want []string }{
		{nil, []string{"vi", "+7", file}},
		{[]string{"EDITOR", "nano -w"}, []string{"nano", "-w", "+7", file}},
		{[]string{"VISUAL", "code"}, []string{"code", "--wait", "-g", file + ":7"}},
		{[]string{"VISUAL", "/usr/bin/codium --wait"}, []string{"/usr/bin/codium", "--wait", "-g", file + ":7"}},
	} {
		a := &app{Env: Env{Dir: dir, Environ: map[string]string{}}}
		if c.environ != nil {
			a.Environ[c.environ[0]] = c.environ[1]
		}
		if got := a.editor()("main.kira.hcl", 7).Args; !slices.Equal(got, c.want) {
			t.Errorf("with %v it runs %q, want %q", c.environ, got, c.want)
		}
	}
}
