package cli

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kiraform/internal/ui/tui"
)

// A format of reports is one place: commands ask whether a report is for people, and
// never which format it has.
func TestOnlyReportKnowsFormats(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	asks := regexp.MustCompile(`\bas\.json\b`)
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if file != "report.go" && !strings.HasSuffix(file, "_test.go") && asks.Match(src) {
			t.Errorf("%s asks for JSON by name; ask whether the report is forPeople", file)
		}
	}
}

// Every value of -progress is a view, or says why it cannot be one here; no other is.
func TestEveryProgressIsShown(t *testing.T) {
	a := &app{Env: Env{Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard, Environ: map[string]string{}}}
	for _, mode := range progresses {
		if who, err := a.audience(mode, tui.Options{}); who == nil && (err == nil || !strings.Contains(err.Error(), "needs a terminal")) {
			t.Errorf("-progress=%s is nobody's: %v", mode, err)
		}
	}
	if _, err := a.audience("loud", tui.Options{}); err == nil || !strings.Contains(err.Error(), "one of "+modes) {
		t.Errorf("-progress=loud: %v", err)
	}
}
