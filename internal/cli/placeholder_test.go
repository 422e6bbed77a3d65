package cli

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// The help of a flag has a word in capitals for its value, or all values there are: a
// word that could be typed looks like the only one.
func TestPlaceholdersAreNoValues(t *testing.T) {
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			name, usage := pflag.UnquoteUsage(f)
			if name == "" || name == strings.ToUpper(name) || strings.Contains(name, "|") {
				return
			}
			if others := strings.Contains(usage, " or ") || strings.Contains(usage, name+" takes"); others || name == f.Value.Type() {
				t.Errorf("%s -%s %s: %s", c.CommandPath(), f.Name, name, usage)
			}
		})
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(newRoot(Env{}))
}
