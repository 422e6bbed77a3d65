package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Every command says what its arguments may be, and every row of the tables is about
// something that can be typed.
func TestEveryArgumentHasASource(t *testing.T) {
	commands := make(map[string]*cobra.Command)
	flags := make(map[string]bool)
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		path := strings.TrimPrefix(c.CommandPath(), c.Root().Name()+" ")
		commands[path] = c
		if _, known := arguments[path]; !known && strings.Contains(c.Use, " ") {
			t.Errorf("%q takes an argument, and nothing is proposed for it", c.Use)
		}
		for name := range values {
			of, flag, owned := strings.Cut(name, " -")
			if !owned {
				of, flag = path, name
			}
			flags[name] = flags[name] || of == path && c.Flag(flag) != nil
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			_, here := values[path+" -"+f.Name]
			_, everywhere := values[f.Name]
			open := slices.Contains(openFlags, f.Name)
			if flags[f.Name] = true; f.Value.Type() != "bool" && (here || everywhere) == open {
				t.Errorf("the values of -%s of %s are known (%t), and nobody can guess them (%t)", f.Name, path, here || everywhere, open)
			}
		})
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	root := newRoot(Env{})
	root.InitDefaultHelpCmd()
	visit(root)
	for _, name := range openFlags {
		if !flags[name] {
			t.Errorf("there is no flag -%s", name)
		}
	}
	for path := range arguments {
		if commands[path] == nil {
			t.Errorf("there is no command %q", path)
		}
	}
	for name := range values {
		if !flags[name] {
			t.Errorf("there is no flag %q", name)
		}
	}
}

// BenchmarkCompletion completes an address among 1,000, which the configuration and the
// state both have. The program around it takes about 13 ms to begin; both together
// should be below 50 ms.
func BenchmarkCompletion(b *testing.B) {
	dir := b.TempDir()
	manyUsers(b, dir, 1000)
	for b.Loop() {
		var out strings.Builder
		env := Env{Args: []string{cobra.ShellCompRequestCmd, "plan", "-target=kira_user.u9"}, Stdout: &out, Stderr: io.Discard, Dir: dir}
		if Main(b.Context(), env); strings.Count(out.String(), "\n") != 112 {
			b.Fatal(out.String())
		}
	}
}

// manyUsers writes a configuration with n users, and a state of them that is as long as
// that of real ones.
func manyUsers(t testing.TB, dir string, n int) {
	t.Helper()
	var config, resources strings.Builder
	for i := range n {
		fmt.Fprintf(&config, "resource \"kira_user\" \"u%d\" {\n", i)
		fmt.Fprintf(&resources, "    {\n      \"address\": \"kira_user.u%d\",\n      \"seen\": {\n", i)
		for j := range 30 {
			fmt.Fprintf(&config, "  attribute_%d = \"a value of some length\"\n", j)
			fmt.Fprintf(&resources, "        \"attribute_%d\": [{\"name\": \"a value of \\\"some\\\" length\", \"eligible\": false, \"at\": 12.5}],\n", j)
		}
		config.WriteString("}\n")
		resources.WriteString("        \"last\": null\n      }\n    },\n")
	}
	state := `{"version": 3, "lineage": "x", "resources": [` + strings.TrimSuffix(resources.String(), ",\n") + `], "outputs": {}}`
	for name, text := range map[string]string{stateFileName: state, "main.kira.hcl": config.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// The scripts hand over the words that are typed. Evaluated, a line with $(rm -r .) in it
// would run that when a person presses the key for completion.
func TestCompletionScriptsEvaluateNothing(t *testing.T) {
	for _, shell := range shells {
		var b strings.Builder
		if err := completionScript(&b, newRoot(Env{}), shell); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			code, _, _ := strings.Cut(line, "#")
			if regexp.MustCompile(`(?i)\beval\b|\biex\b|Invoke-(Expression|Command)|ScriptBlock\]|ExpandString|^\s*\. `).MatchString(code) {
				t.Errorf("%s: %s", shell, line)
			}
		}
	}
}

// The script for PowerShell calls the program that is completed, by its name and with its
// words in a list, and no other program.
func TestPowerShellCallsTheProgramAlone(t *testing.T) {
	calls := regexp.MustCompile(`(?:^|[^&\d>])&[^&].*`).FindAllString(powershellCompletion, -1)
	if len(calls) != 1 || !strings.Contains(calls[0], `& $words[0] '__complete' @arguments 2>$null`) {
		t.Errorf("it calls %q", calls)
	}
}

// A quote that is not closed yet is no part of a word.
func TestOpened(t *testing.T) {
	for typed, want := range map[string]string{
		`'kira_user.a["b`: `kira_user.a["b`, `-target='kira_user.a["b`: `-target=kira_user.a["b`, `"kira_user.a`: `kira_user.a`,
		`kira_user.a["b`: `kira_user.a["b`, `"b"`: `"b"`, `-target="b"`: `-target="b"`, "": "", "-x=": "-x=", "a='b": "a='b",
	} {
		if got := opened(typed); got != want {
			t.Errorf("%s is %s, want %s", typed, got, want)
		}
	}
}

// Thousands of addresses are proposed by the kinds and modules that they begin with.
func TestThousandsAreProposedInStages(t *testing.T) {
	var all []string
	for i := range 3000 {
		all = append(all, fmt.Sprintf("kira_user.u%d", i), fmt.Sprintf("kira_recipient.r%d", i), fmt.Sprintf("module.m[\"a.%d\"].kira_user.u", i))
	}
	if got := staged(slices.Clone(all[:6]), ""); len(got) != 6 {
		t.Errorf("of a few it proposes %q", got)
	}
	if got, want := staged(slices.DeleteFunc(slices.Clone(all), func(a string) bool { return strings.HasPrefix(a, "module") }), "ki"), []string{"kira_recipient.", "kira_user."}; !slices.Equal(got, want) {
		t.Errorf("of thousands it proposes %.60q, want %q", got, want)
	}
	if got, want := staged(slices.Clone(all), ""), []string{"kira_recipient.", "kira_user.", "module."}; !slices.Equal(got, want) {
		t.Errorf("beside modules it proposes %.60q, want %q", got, want)
	}
	if got := staged(slices.Clone(all), "kira_user.u12"); len(got) != 111 || got[0] != "kira_user.u12" {
		t.Errorf("behind the beginning of a name it proposes %d, %.60q", len(got), got)
	}
}

// Behind the key of a module that is typed, whatever it is, the blocks of the module are
// proposed.
func TestKeysThatAreTypedAreKept(t *testing.T) {
	all := []string{"kira_user.a", "module.m", "module.m.kira_user.a", "module.m.module.n", "module.m.module.n.kira_user.b", "module.mm.kira_user.c"}
	for typed, want := range map[string][]string{
		`module.m["k"].`:                 {`module.m["k"].kira_user.a`, `module.m["k"].module.n`, `module.m["k"].module.n.kira_user.b`},
		`module.m[0].k`:                  {`module.m[0].kira_user.a`},
		`module.m["a]b\"c"].module.n[1]`: {`module.m["a]b\"c"].module.n[1].kira_user.b`},
		`module.m["k`:                    nil,
		`module.m["k"]`:                  {`module.m["k"].kira_user.a`, `module.m["k"].module.n`, `module.m["k"].module.n.kira_user.b`},
		`kira_user.a["x"].`:              nil,
		`module.none[0].`:                nil,
	} {
		if got := staged(withKeys(slices.Clone(all), typed), typed); !slices.Equal(got, want) {
			t.Errorf("behind %s: %q, want %q", typed, got, want)
		}
	}
}
