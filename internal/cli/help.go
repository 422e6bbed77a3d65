package cli

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kiraform/internal/ui/words"
)

// group is a heading and the names of commands or flags below it.
type group struct {
	title string
	names []string
}

// commandGroups order the commands of the program. One that is in none stands at
// the end.
var commandGroups = []group{
	{"From files to Kira", []string{"init", "explain", "validate", "fmt", "test", "plan", "apply", "destroy"}},
	{"How it stands", []string{"status", "readiness", "verify", "drift", "refresh", "show", "output", "payouts", "webhook", "certify"}},
	{"State and objects at Kira", []string{"state", "import", "workspace", "lock", "force-unlock"}},
	{"When something is odd", []string{"doctor", "console", "graph", "replay", "simulator"}},
	{"About kiraform", []string{"help", "version", "schema", "completion", "lsp"}},
}

// flagGroups order the flags of a command. One that is in none stands first.
var flagGroups = []group{
	{"Which part", []string{"target", "exclude", "replace", "destroy", "refresh-only", "invoke", "item", "user"}},
	{"From where", []string{"var", "var-file", "state", "store", "refresh", "minimal-refresh", "policies", "allow-read", "secret"}},
	{"Allowed to", []string{"auto-approve", "allow", "force", "gone-ok", "same-person", "known", "again", "expect-digest", "missing-ok", "trust", "unknown", "input"}},
	{"How it runs", []string{"wait", "listen", "parallelism", "lock", "lock-timeout", "timeout"}},
	{"How it shows", []string{"json", "format", "progress", "read-only", "compact-warnings", "detailed-exitcode", "out", "write-moved", "limit", "redact", "diff", "list", "write", "check", "raw"}},
}

// widestLine is how many cells an example may have that shares its line with a remark.
const widestLine = 44

// fewFlags is how many flags a command may have before they are put in groups.
const fewFlags = 8

// explainUse gives all commands below root one form of help. The texts are made when
// somebody asks for them: a run that does something else does not pay for them.
func explainUse(root *cobra.Command) {
	root.SetUsageFunc(func(c *cobra.Command) error {
		usageOf(c.OutOrStdout(), c)
		return nil
	})
	root.SetHelpFunc(func(c *cobra.Command, _ []string) {
		w := c.OutOrStdout()
		fmt.Fprintf(w, "%s\n\n", strings.TrimRight(longOf(c, screenOf(w)), " \n"))
		usageOf(w, c)
	})
}

// longOf is the text of a command, for a screen.
func longOf(c *cobra.Command, screen int) string { return reflowed(cmp.Or(c.Long, c.Short), screen) }

// examplesOf are the examples of a command; "" if it has none.
func examplesOf(c *cobra.Command, screen int) string {
	return exampleText(strings.TrimPrefix(c.CommandPath(), c.Root().Name()+" "), screen)
}

// reflowed is a text whose paragraphs fit a screen. A line that is indented stays as it is.
func reflowed(text string, screen int) string {
	var out []string
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		if !strings.HasPrefix(paragraph, " ") {
			paragraph = strings.Join(words.Fold(strings.ReplaceAll(paragraph, "\n", " "), screen), "\n")
		}
		out = append(out, paragraph)
	}
	return strings.Join(out, "\n\n")
}

// exampleText is the examples of a command, with the remarks in one column, for a screen
// of so many cells.
func exampleText(path string, screen int) string {
	all := examples[path]
	width := 0
	for _, e := range all {
		if line := len(e.line); line <= widestLine {
			width = max(width, line)
		}
	}
	var b strings.Builder
	for _, e := range all {
		line := fmt.Sprintf("  %-*s   ", width, e.line)
		if len(e.line) > width { // the remark has no room beside it
			fmt.Fprintf(&b, "  %s\n", e.line)
			line = strings.Repeat(" ", width+5)
		}
		b.WriteString(words.Hang(line, e.does, screen) + "\n")
	}
	return strings.TrimRight(b.String(), "\n")
}

func usageOf(w io.Writer, c *cobra.Command) {
	fmt.Fprintln(w, "Usage:")
	if c.Runnable() && c.HasParent() {
		fmt.Fprintf(w, "  %s\n", c.UseLine())
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(w, "  %s COMMAND [flags]\n", c.CommandPath())
	}
	if text := examplesOf(c, screenOf(w)); text != "" {
		fmt.Fprintf(w, "\nExamples:\n%s\n", text)
	}
	if c.HasAvailableSubCommands() {
		listCommands(w, c)
	}
	listFlags(w, c)
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(w, "\nMore about one: %s COMMAND -help\n", c.CommandPath())
	}
}

func listCommands(w io.Writer, c *cobra.Command) {
	left := make(map[string]*cobra.Command)
	var names []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() || sub.Name() == "help" {
			left[sub.Name()] = sub
			names = append(names, sub.Name())
		}
	}
	groups := []group{{"Commands", names}}
	if !c.HasParent() {
		groups = append(slices.Clone(commandGroups), group{"Others", names})
	}
	for _, g := range groups {
		titled := false
		for _, name := range g.names {
			sub := left[name]
			if sub == nil {
				continue
			}
			delete(left, name)
			if !titled {
				fmt.Fprintf(w, "\n%s:\n", g.title)
				titled = true
			}
			fmt.Fprintln(w, words.Hang(fmt.Sprintf("  %-12s  ", name), sub.Short, screenOf(w)))
		}
	}
}

// listFlags lists the flags of c itself by groups, and then those that all commands have.
func listFlags(w io.Writer, c *cobra.Command) {
	left := make(map[string]*pflag.Flag)
	var names []string
	everywhere := pflag.NewFlagSet("", pflag.ContinueOnError)
	add := func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		if f.Name == "help" || c.Root().PersistentFlags().Lookup(f.Name) == f {
			everywhere.AddFlag(f)
			return
		}
		left[f.Name] = f
		names = append(names, f.Name)
	}
	c.LocalFlags().VisitAll(add)
	c.InheritedFlags().VisitAll(add)
	groups := []group{{"Flags", names}}
	if len(names) > fewFlags {
		grouped := slices.Concat(flagNames()...)
		own := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(grouped, name) })
		groups = append([]group{{"Flags", own}}, flagGroups...)
	}
	for _, g := range groups {
		set := pflag.NewFlagSet("", pflag.ContinueOnError)
		set.SortFlags = false
		for _, name := range g.names {
			if f := left[name]; f != nil {
				set.AddFlag(f)
			}
		}
		writeFlags(w, g.title, set)
	}
	writeFlags(w, "Everywhere", everywhere)
}

func flagNames() (all [][]string) {
	for _, g := range flagGroups {
		all = append(all, g.names)
	}
	return all
}

// writeFlags lists flags as they are typed here, with one dash.
func writeFlags(w io.Writer, title string, set *pflag.FlagSet) {
	if !set.HasFlags() {
		return
	}
	fmt.Fprintf(w, "\n%s:\n", title)
	type usage struct{ flag, does string }
	var all []usage
	width := 0
	set.VisitAll(func(f *pflag.Flag) {
		alone := pflag.NewFlagSet("", pflag.ContinueOnError)
		long := *f
		long.Shorthand = ""
		alone.AddFlag(&long)
		flag, does, _ := strings.Cut(strings.TrimSpace(alone.FlagUsages()), "   ")
		flag = "-" + strings.TrimLeft(withoutValue.ReplaceAllString(flag, ""), "-")
		all = append(all, usage{flag, does})
		width = max(width, len(flag))
	})
	for _, u := range all {
		fmt.Fprintln(w, words.Hang(fmt.Sprintf("  %-*s   ", width, u.flag), u.does, screenOf(w)))
	}
}

// withoutValue is the value of a flag that is typed without one, which its words tell.
var withoutValue = regexp.MustCompile(`\[=[^\]]*\]$`)

// helpCommand is "help", which fails where there is nothing to help with.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND...]",
		Short: "Tell about a command, and show examples of it",
		Args:  cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			c := cmd.Root()
			for _, name := range args {
				sub := child(c, name)
				if sub == nil {
					return noCommand(c, name)
				}
				c = sub
			}
			c.InitDefaultHelpFlag()
			return c.Help()
		},
	}
}
