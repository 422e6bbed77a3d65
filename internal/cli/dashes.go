package cli

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// doubleDashes turns -auto-approve, as users of Terraform type it, into
// --auto-approve. A single letter, a lone dash and all that follows "--" stay, and
// so does the value of a flag, whatever it begins with.
func doubleDashes(root *cobra.Command, args []string) []string {
	out := make([]string, 0, len(args))
	c, value := root, false
	for i, a := range args {
		switch {
		case value:
			value = false
		case a == "--":
			return append(out, args[i:]...)
		case strings.HasPrefix(a, "-"):
			name, _, given := strings.Cut(strings.TrimLeft(a, "-"), "=")
			if len(name) > 1 && a[1] != '-' {
				a = "-" + a
			}
			value = !given && takesValue(c, name)
		default:
			if sub := child(c, a); sub != nil {
				c = sub
			}
		}
		out = append(out, a)
	}
	return out
}

// child is the command below c that is called name, or nil.
func child(c *cobra.Command, name string) *cobra.Command {
	for _, sub := range c.Commands() {
		if sub.Name() == name || sub.HasAlias(name) {
			return sub
		}
	}
	return nil
}

// takesValue reports whether a flag of c without an equals sign has its value in the
// next argument.
func takesValue(c *cobra.Command, name string) bool {
	f := flagOf(c, name)
	return f != nil && f.NoOptDefVal == ""
}

// flagOf is the flag of c, or of the commands above it, that is called name, or nil.
func flagOf(c *cobra.Command, name string) *pflag.Flag {
	if f := c.Flags().Lookup(name); f != nil {
		return f
	}
	for ; c != nil; c = c.Parent() {
		if f := c.PersistentFlags().Lookup(name); f != nil {
			return f
		}
	}
	return nil
}
