package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"weak"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kiraform/internal/norace"
)

// every calls visit with each command of the program that a person may type.
func every(visit func(path string, c *cobra.Command)) {
	root := newRoot(Env{})
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		for _, sub := range c.Commands() {
			visit(strings.TrimPrefix(sub.CommandPath(), root.Name()+" "), sub)
			walk(sub)
		}
	}
	walk(root)
}

// foreign is text of Go's, or of the libraries that read a command line.
var foreign = regexp.MustCompile(`strconv|time: |pflag|parsing "|invalid (argument|syntax|duration|character)|missing unit|arg\(s\)|` +
	`unknown (flag|shorthand|command)|no such file or directory|open /|stat /|%!|\bnil\b|EOF|\.\.? ?\. |\?\.`)

// Whatever a flag is given, the answer is a sentence of this program.
func TestNoFlagAnswersInGo(t *testing.T) {
	if norace.Run(t, Plain) {
		return
	}
	every(func(path string, c *cobra.Command) {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			for _, value := range []string{"15", "", "x", "-1", "1.5.2", "ü\"", "99999999999999999999", "a=b,c", "kira_user", "words.txt"} {
				code, said := answer(t, path, "-"+f.Name+"="+value)
				if foreign.MatchString(said) || code == ExitOK && f.Value.Type() == "duration" {
					t.Errorf("%s -%s=%s exits with %d and says:\n%s", path, f.Name, value, code, said)
				}
			}
			code, said := answer(t, path, "-"+f.Name)
			if foreign.MatchString(said) || code != ExitUsage && f.NoOptDefVal == "" {
				t.Errorf("%s -%s exits with %d and says:\n%s", path, f.Name, code, said)
			}
		})
	})
}

// The same holds for arguments: too few, too many, and such as nobody means.
func TestNoArgumentAnswersInGo(t *testing.T) {
	if norace.Run(t, Plain) {
		return
	}
	every(func(path string, c *cobra.Command) {
		for _, args := range [][]string{nil, {"x"}, {""}, {"no/such/file"}, {"kira_user.a"}, {"x", "y"}, {"x", "y", "z", "z"}, {"-x"}, {"--"}, {"/"}, {"words.txt"}} {
			if listens(path) && len(args) == 0 || path == "completion" || strings.HasPrefix(path, "completion ") {
				continue
			}
			if _, said := answer(t, path, args...); foreign.MatchString(said) {
				t.Errorf("%s %q says:\n%s", path, args, said)
			}
		}
	})
}

// answer runs a command in an empty folder. One that would go on is stopped.
func answer(t *testing.T, path string, args ...string) (code int, said string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if listens(path) {
		cancel()
	}
	var out bytes.Buffer
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "words.txt"), []byte("only words"), 0o600); err != nil {
		t.Fatal(err)
	}
	code = Main(ctx, Env{Args: append(strings.Fields(path), args...), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Environ: map[string]string{}, Dir: dir})
	return code, out.String()
}

// listens reports whether a command goes on until it is stopped.
func listens(path string) bool {
	return slices.Contains([]string{"simulator", "webhook listen", "webhook wait", "lsp"}, path)
}

// Every command that people type has examples, and each of them can be typed.
func TestExamplesCanBeTyped(t *testing.T) {
	paths := make(map[string]bool)
	every(func(path string, c *cobra.Command) {
		paths[path] = true
		if path == "help" || strings.HasPrefix(path, "completion") {
			return
		}
		least := 1
		if !strings.Contains(path, " ") {
			least = 3
		}
		if n := len(examples[path]); n < least {
			t.Errorf("%s has %d examples, want %d", path, n, least)
		}
	})
	tree := newTree()
	for path, all := range examples {
		if !paths[path] {
			t.Errorf("there are examples of %q, which is no command", path)
		}
		for _, e := range all {
			if wrong := tree.wrong(e.line); len(wrong) > 0 {
				t.Errorf("the example %q names %q", e.line, wrong)
			}
		}
	}
}

// The flags of a command with many are all in groups, but those of it alone.
func TestFlagsAreInGroups(t *testing.T) {
	known := make(map[string]int)
	every(func(_ string, c *cobra.Command) {
		c.LocalFlags().VisitAll(func(f *pflag.Flag) { known[f.Name]++ })
	})
	for _, name := range slices.Concat(flagNames()...) {
		if known[name] == 0 {
			t.Errorf("-%s is in a group, and no command has it", name)
		}
	}
	for name, n := range known {
		if n > 3 && name != "help" && !slices.Contains(slices.Concat(flagNames()...), name) {
			t.Errorf("-%s is a flag of %d commands, and in no group", name, n)
		}
	}
}

// A habit names no command or flag that does exist.
func TestHabitsAreOfOtherTools(t *testing.T) {
	tree := newTree()
	for name := range habits {
		if wrong := tree.wrong("kiraform " + name); len(wrong) == 0 && !slices.Contains(prose, name) {
			t.Errorf("%s is a command of this program", name)
		}
	}
}

// One dash is as good as two before a flag, and stays before everything else.
func TestDashes(t *testing.T) {
	for typed, want := range map[string]string{
		"plan -target -json":                  "plan --target -json",
		"plan -target=-json":                  "plan --target=-json",
		"plan -auto-approve -var -x=1":        "plan --auto-approve --var -x=1",
		"apply -auto-approve -target a -json": "apply --auto-approve --target a --json",
		"-chdir -x plan -json":                "--chdir -x plan --json",
		"plan -json -":                        "plan --json -",
		"plan -- -json":                       "plan -- -json",
		"plan -h":                             "plan -h",
		"plan --out -json":                    "plan --out -json",
		"state mv -state -json a b":           "state mv --state -json a b",
		"__complete plan -target -json":       "__complete plan --target -json",
		"plan -refresh -json":                 "plan --refresh --json",
		"apply -nonsense -json":               "apply --nonsense --json",
	} {
		if got := strings.Join(doubleDashes(newRoot(Env{}), strings.Fields(typed)), " "); got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
}

// Every command stands in a group of the help, and the groups name commands alone.
func TestEveryCommandIsInAGroup(t *testing.T) {
	grouped := make(map[string]bool)
	for _, g := range commandGroups {
		for _, name := range g.names {
			grouped[name] = true
		}
	}
	every(func(path string, c *cobra.Command) {
		if !strings.Contains(path, " ") && c.IsAvailableCommand() && !grouped[path] {
			t.Errorf("%s is in none of commandGroups", path)
		}
		delete(grouped, path)
	})
	delete(grouped, "help")
	for name := range grouped {
		t.Errorf("commandGroups has %s, which is no command", name)
	}
}

// Nothing keeps the flags of a run once it has ended: cobra keeps those with proposals
// for ever, in a map of its own, which the tests would fill with gigabytes.
func TestFlagsAreLetGo(t *testing.T) {
	flag := func() weak.Pointer[pflag.Flag] {
		c, _, err := newRoot(Env{}).Find([]string{"plan"})
		if err != nil {
			t.Fatal(err)
		}
		return weak.Make(c.Flags().Lookup("target"))
	}()
	runtime.GC()
	if flag.Value() != nil {
		t.Error("a flag is still there, though nothing uses it")
	}
}
