package cli

import (
	"bytes"
	"context"
	_ "embed"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kiraform/internal/sched"
)

// bashCompletion asks the program as the generated scripts of the other shells do. It
// is our own since the generated one needs a package beside bash, evaluates the line
// that is typed, and loses the quotes of an address.
//
//go:embed completion.bash
var bashCompletion string

// powershellCompletion is our own for the same reasons.
//
//go:embed completion.ps1
var powershellCompletion string

var shells = []string{"bash", "zsh", "fish", "powershell"}

func (a *app) completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print the script by which a shell completes what is typed",
		Long: "completion prints a script for bash, zsh, fish or powershell. With it the shell completes commands,\n" +
			"flags and their values, addresses, outputs, workspaces and generations. It reads the configuration\n" +
			"and the state beside it; it asks nobody, and shows no value. To use it:\n\n" +
			"  bash:\n" +
			"    kiraform completion bash > ~/.local/share/bash-completion/completions/kiraform\n" +
			"  or in ~/.bashrc: source <(kiraform completion bash)\n" +
			"  zsh:\n" +
			"    kiraform completion zsh > \"${fpath[1]}/_kiraform\"\n" +
			"  fish:\n" +
			"    kiraform completion fish > ~/.config/fish/completions/kiraform.fish\n" +
			"  powershell:\n" +
			"    kiraform completion powershell | Out-String | Invoke-Expression",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return completionScript(a.raw, cmd.Root(), args[0])
		},
	}
}

// completes reports whether a shell asks how to complete a line.
func (e Env) completes() bool {
	return len(e.Args) > 1 && (e.Args[0] == cobra.ShellCompRequestCmd || e.Args[0] == cobra.ShellCompNoDescRequestCmd)
}

// complete answers a shell. It never fails, since nobody would see why: where nothing
// is known, there are no proposals.
func (e Env) complete(ctx context.Context) int {
	var out bytes.Buffer
	args := slices.Clone(e.Args)
	last := opened(args[len(args)-1])
	args[len(args)-1] = last
	_ = sched.Catch(func() error {
		root := newRoot(e)
		root.SetOut(&out)
		root.SetErr(&bytes.Buffer{})
		lenient(root)
		root.SetArgs(doubleDashes(root, args))
		return root.ExecuteContext(ctx)
	})
	var words bytes.Buffer // thousands, in one write
	for line := range strings.Lines(out.String()) {
		if strings.HasPrefix(line, "_activeHelp_") || strings.ContainsFunc(strings.TrimRight(line, "\n"), unprintable) {
			continue
		}
		if oneDash(last) && strings.HasPrefix(line, "--") { // the shell compares it with the typed word
			line = line[1:]
		}
		words.WriteString(line)
	}
	_, _ = e.raw.Write(words.Bytes())
	return ExitOK
}

// opened is a word without a quote that is not closed yet, which a shell hands over as
// it is typed. It may stand behind the equals sign of a flag.
func opened(word string) string {
	name, value, flag := strings.Cut(word, "=")
	if !flag || !strings.HasPrefix(name, "-") {
		name, value = "", word
	} else {
		name += "="
	}
	if value != "" && strings.ContainsAny(value[:1], `'"`) && strings.Count(value, value[:1])%2 == 1 {
		value = value[1:]
	}
	return name + value
}

// lenient has the flags of c, and of the commands below it, take any value: a wrong one
// that is typed already is no reason to propose nothing.
func lenient(c *cobra.Command) {
	for _, flags := range []*pflag.FlagSet{c.Flags(), c.PersistentFlags()} {
		flags.VisitAll(func(f *pflag.Flag) {
			if f.Value = (anyValue{f.Value}); strings.Contains(f.Usage, "may be repeated") {
				f.Value = anyValues{anyValue{f.Value}}
			}
		})
	}
	for _, sub := range c.Commands() {
		lenient(sub)
	}
}

type anyValue struct{ pflag.Value }

func (v anyValue) Set(s string) error {
	_ = v.Value.Set(s)
	return nil
}

// anyValues is for a flag that may be repeated.
type anyValues struct{ anyValue }

// GetSlice tells cobra that the flag is worth proposing again.
func (v anyValues) GetSlice() []string { return nil }

// oneDash reports whether the name of a flag is typed with one dash.
func oneDash(word string) bool {
	return strings.HasPrefix(word, "-") && !strings.HasPrefix(word, "--") && !strings.Contains(word, "=")
}

// unprintable reports whether a shell should not be given r: it would command the
// terminal, or begin another proposal.
func unprintable(r rune) bool { return r != '\t' && !unicode.IsPrint(r) }
