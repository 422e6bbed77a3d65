package cli_test

import (
	"strings"
	"testing"
)

// A watch at a terminal clears the screen before it shows a report: it does not spell the
// codes for that out.
func TestAWatchClearsTheScreen(t *testing.T) {
	f, _ := served(t, `provider "kira" { environment = "sandbox" }`)
	f.tty = true
	r := f.run("status", "-watch=1s")
	if r.code != 0 || !strings.HasPrefix(r.out, "\x1b[H\x1b[2J") || !strings.Contains(r.out, "ctrl-c ends") || strings.Contains(r.out, `\u001b`) {
		t.Errorf("exit code %d and %q, want a screen that is cleared", r.code, r.out)
	}
	f.environ["NO_COLOR"] = "1"
	if r := f.run("status", "-watch=1s"); strings.Contains(r.out, "\x1b") {
		t.Errorf("with NO_COLOR: %q", r.out)
	}
}
