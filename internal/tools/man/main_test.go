package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kiraform/internal/cli"
	"kiraform/internal/norace"
)

// TestMain looks for no data races: nothing here runs beside anything else.
func TestMain(m *testing.M) { os.Exit(norace.Main(m)) }

func TestEveryCommandHasAPage(t *testing.T) {
	dir := t.TempDir()
	if err := write(dir); err != nil {
		t.Fatal(err)
	}
	for _, p := range cli.Manual() {
		text, err := os.ReadFile(filepath.Join(dir, fileName(p.Command)))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range p.Flags {
			if !strings.Contains(string(text), `\fB\-`+strings.ReplaceAll(f.Name, "-", `\-`)+`\fR`) {
				t.Errorf("the page of %s does not tell of -%s", p.Command, f.Name)
			}
		}
		for line := range strings.Lines(string(text)) {
			word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
			if strings.HasPrefix(line, ".") && !strings.Contains(".TH .SH .B .PP .TP .nf .fi", word) {
				t.Errorf("the page of %s has a line that man takes for a command: %q", p.Command, line)
			}
		}
	}
	if text, err := os.ReadFile(filepath.Join(dir, "kiraform-state-show.1")); err != nil || !strings.Contains(string(text), ".B kiraform state show ADDR") {
		t.Errorf("%v:\n%s", err, text)
	}
}

func TestTextCommandsNothing(t *testing.T) {
	for text, want := range map[string]string{
		".so /etc/passwd": `\&.so /etc/passwd`,
		"a\n'b' \\c -d":   "a\n\\&\\(aqb\\(aq \\ec \\-d",
		"no command: .x":  "no command: .x",
	} {
		if got := lines(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
