package cli

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
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

var shells = []string{"bash", "zsh", "fish", "powershell"}

func (a *app) completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print the script by which a shell completes what is typed",
		Long: "completion prints a script for bash, zsh, fish or powershell. With it the shell completes commands,\n" +
			"flags and their values, addresses, outputs, workspaces and generations. It reads the configuration\n" +
			"and the state beside it; it asks nobody, and shows no value. To use it:\n\n" +
			"  bash        kiraform completion bash > ~/.local/share/bash-completion/completions/kiraform\n" +
			"              or in ~/.bashrc: source <(kiraform completion bash)\n" +
			"  zsh         kiraform completion zsh > \"${fpath[1]}/_kiraform\"\n" +
			"  fish        kiraform completion fish > ~/.config/fish/completions/kiraform.fish\n" +
			"  powershell  kiraform completion powershell | Out-String | Invoke-Expression",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch args[0] {
			case "bash":
				_, err := fmt.Fprint(a.raw, bashCompletion)
				return err
			case "zsh":
				return cmd.Root().GenZshCompletion(a.raw)
			case "fish":
				return cmd.Root().GenFishCompletion(a.raw, true)
			case "powershell":
				return cmd.Root().GenPowerShellCompletionWithDesc(a.raw)
			}
			return usage("there is no completion for %q; there is for %s", args[0], strings.Join(shells, ", "))
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
	_ = sched.Catch(func() error {
		root := newRoot(e)
		root.SetOut(&out)
		root.SetErr(&bytes.Buffer{})
		lenient(root)
		root.SetArgs(doubleDashes(root, e.Args))
		return root.ExecuteContext(ctx)
	})
	last := e.Args[len(e.Args)-1]
	for line := range strings.Lines(out.String()) {
		if strings.HasPrefix(line, "_activeHelp_") || strings.ContainsFunc(strings.TrimRight(line, "\n"), unprintable) {
			continue
		}
		if oneDash(last) && strings.HasPrefix(line, "--") { // the shell compares it with the typed word
			line = line[1:]
		}
		fmt.Fprint(e.raw, line)
	}
	return ExitOK
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
