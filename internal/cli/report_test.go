package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
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
