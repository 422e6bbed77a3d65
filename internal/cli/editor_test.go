package cli

import (
	"slices"
	"testing"
)

// The block of a resource is opened at its line, in whichever editor.
func TestEditorsOpenAtALine(t *testing.T) {
	for _, c := range []struct{ environ, want []string }{
		{nil, []string{"vi", "+7", "/x/main.kira.hcl"}},
		{[]string{"EDITOR", "nano -w"}, []string{"nano", "-w", "+7", "/x/main.kira.hcl"}},
		{[]string{"VISUAL", "code"}, []string{"code", "--wait", "-g", "/x/main.kira.hcl:7"}},
		{[]string{"VISUAL", "/usr/bin/codium --wait"}, []string{"/usr/bin/codium", "--wait", "-g", "/x/main.kira.hcl:7"}},
	} {
		a := &app{Env: Env{Dir: "/x", Environ: map[string]string{}}}
		if c.environ != nil {
			a.Environ[c.environ[0]] = c.environ[1]
		}
		if got := a.editor()("main.kira.hcl", 7).Args; !slices.Equal(got, c.want) {
			t.Errorf("with %v it runs %q, want %q", c.environ, got, c.want)
		}
	}
}
