package cli_test

import (
	"strings"
	"testing"

	"kiraform/internal/cli"
	"kiraform/internal/ui/words"
)

// The help of every command fits the narrowest terminal that is usual, lines to paste apart.
func TestHelpFitsAScreen(t *testing.T) {
	t.Parallel()
	lists, _, _ := run(t, cli.Env{}, "-help")
	var names []string
	for line := range strings.Lines(lists) {
		if name, _, ok := strings.Cut(strings.TrimPrefix(line, "  "), "  "); ok && name != "" && strings.HasPrefix(line, "  ") && !strings.ContainsAny(name, " -") {
			names = append(names, name)
		}
	}
	if len(names) < 25 {
		t.Fatalf("only %d commands in the help: %v", len(names), names)
	}
	for _, name := range append(names, "force-unlock", "explain kira_user") {
		args := append([]string{"help"}, name)
		if kind, ok := strings.CutPrefix(name, "explain "); ok {
			args = []string{"explain", kind}
		}
		text, _, code := run(t, cli.Env{}, args...)
		if code != 0 {
			t.Errorf("%v: exit code %d", args, code)
		}
		for line := range strings.Lines(text) {
			if line = strings.TrimRight(line, "\n"); words.Cells(line) > words.Screen && !strings.Contains(line, "kiraform ") {
				t.Errorf("%v: a line of %d cells: %s", args, words.Cells(line), line)
			}
			if strings.Contains(line, "[=") || strings.Contains(line, "--") {
				t.Errorf("%v: no such form is typed: %s", args, line)
			}
		}
	}
}
