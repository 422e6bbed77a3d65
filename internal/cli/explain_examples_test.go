package cli_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kiraform/internal/cli"
	"kiraform/internal/explain"
)

var variableOf = regexp.MustCompile(`(?s)variable "\w+" \{.*?\n\}\n`)

// The example of every kind, action and data source is valid as it is printed, beside those
// that it refers to, and no rule warns of it.
func TestExplainedExamplesAreValid(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	all.WriteString("provider \"kira\" {\n  environment = \"sandbox\"\n}\n")
	declared := make(map[string]bool)
	for _, topic := range explain.All() {
		if topic.Name == "kiraform.rules" {
			all.WriteString("kiraform {\n" + topic.Example + "\n}\n")
		}
		if topic.Sort == "block" {
			continue
		}
		all.WriteString(variableOf.ReplaceAllStringFunc(topic.Example, func(block string) string {
			if declared[block] {
				return ""
			}
			declared[block] = true
			return block
		}) + "\n")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.kira.hcl"), []byte(all.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	stdout, stderr, code := run(t, cli.Env{Dir: dir, Environ: map[string]string{}}, "validate")
	if code != 0 || stderr != "" {
		t.Errorf("the examples are not valid (exit code %d):\n%s\n%s%s", code, all.String(), stdout, stderr)
	}
}
