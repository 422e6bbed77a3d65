package cli

import (
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kiraform/internal/ui/words"
)

// A ManualPage tells of one command all that its help does.
type ManualPage struct {
	Command  string // such as "kiraform state show"
	Synopsis string // how it is typed
	Short    string
	Long     string // "" if Short is all
	Examples string
	Flags    []ManualFlag
	Below    []string // the commands below it
}

// A ManualFlag is one flag of a command.
type ManualFlag struct {
	Name    string
	Value   string // a word for the value, or "" if it takes none
	Usage   string
	Default string // "" if that says nothing
	Global  bool   // all commands have it
}

// Manual returns a page for each command that help lists, each command before those
// below it. It is for the generators of pages; the program itself shows none of them.
func Manual() (pages []ManualPage) {
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		if c.Hidden {
			return
		}
		pages = append(pages, manualPage(c))
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	visit(newRoot(Env{Stdout: io.Discard, Stderr: io.Discard}))
	return pages
}

func manualPage(c *cobra.Command) ManualPage {
	p := ManualPage{Command: c.CommandPath(), Synopsis: c.UseLine(), Short: c.Short, Long: longOf(c, words.Screen), Examples: examplesOf(c, words.Screen)}
	for _, sub := range c.Commands() {
		if !sub.Hidden {
			p.Below = append(p.Below, sub.CommandPath())
		}
	}
	add := func(global bool) func(*pflag.Flag) {
		return func(f *pflag.Flag) {
			value, usage := pflag.UnquoteUsage(f)
			m := ManualFlag{Name: f.Name, Value: value, Usage: usage, Global: global}
			switch d := f.DefValue; {
			case d == "" || d == "[]" || d == "false" && f.Value.Type() == "bool" || strings.Trim(d, "0s") == "":
			default:
				m.Default = d
			}
			p.Flags = append(p.Flags, m)
		}
	}
	c.NonInheritedFlags().VisitAll(add(!c.HasParent()))
	c.InheritedFlags().VisitAll(add(true))
	return p
}
