package cli_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kiraform/internal/cli"
)

var (
	hclBlock  = regexp.MustCompile("(?ms)^```hcl\n(.*?)^```$")
	invoked   = regexp.MustCompile("`kiraform ([^`]+)`")
	available = regexp.MustCompile(`(?m)^  ([a-z][a-z-]*)  +\S`)
	lowercase = regexp.MustCompile(`^[a-z-]+$`)
)

func readme(t *testing.T) string {
	t.Helper()
	src, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

// What the README shows can be copied: each of its configurations is formatted
// and valid.
func TestReadmeConfigurations(t *testing.T) {
	blocks := hclBlock.FindAllStringSubmatch(readme(t), -1)
	if len(blocks) == 0 {
		t.Fatal("README.md shows no configuration")
	}
	for _, b := range blocks {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "main.kira.hcl"), []byte(b[1]), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, command := range [][]string{{"fmt", "-check", "-diff"}, {"validate"}} {
			if stdout, stderr, code := run(t, cli.Env{Dir: dir}, command...); code != cli.ExitOK {
				t.Errorf("kiraform %s: exit code %d\n%s%s\nof\n%s", strings.Join(command, " "), code, stdout, stderr, b[1])
			}
		}
	}
}

// Every command that the README names exists.
func TestReadmeCommands(t *testing.T) {
	named := invoked.FindAllStringSubmatch(readme(t), -1)
	if len(named) < 10 {
		t.Fatalf("README.md names %d commands; does it still say how to run kiraform?", len(named))
	}
	for _, m := range named {
		known := subcommands(t)
		var path []string
		for word := range strings.FieldsSeq(m[1]) {
			if !lowercase.MatchString(word) || word[0] == '-' || len(known) == 0 {
				break // a flag, or an argument of the command
			}
			if !slices.Contains(known, word) {
				t.Errorf("README.md says `kiraform %s`, and there is no command %s", m[1], word)
				break
			}
			path = append(path, word)
			known = subcommands(t, path...)
		}
	}
}

// subcommands lists the commands below one, as its help does.
func subcommands(t *testing.T, path ...string) (names []string) {
	t.Helper()
	help, stderr, code := run(t, cli.Env{}, append(slices.Clone(path), "-help")...)
	if code != cli.ExitOK {
		t.Fatalf("kiraform %s -help: exit code %d\n%s", strings.Join(path, " "), code, stderr)
	}
	for _, m := range available.FindAllStringSubmatch(help, -1) {
		names = append(names, m[1])
	}
	return names
}
