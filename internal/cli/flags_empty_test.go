package cli

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kiraform/internal/norace"
)

// TestEmptyFlagsAreMistakes holds that no flag of any command takes an empty value, as
// that of a variable which is not set: what the flag was to check would go unchecked.
func TestEmptyFlagsAreMistakes(t *testing.T) {
	if norace.Run(t, Plain) {
		return
	}
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		for _, sub := range c.Commands() {
			walk(sub)
		}
		if c.RunE == nil && c.Run == nil || !c.HasParent() {
			return
		}
		flags := []*pflag.Flag{}
		c.InheritedFlags().VisitAll(func(f *pflag.Flag) { flags = append(flags, f) })
		c.LocalFlags().VisitAll(func(f *pflag.Flag) { flags = append(flags, f) })
		for _, f := range flags {
			for _, value := range []string{"", " "} {
				args := append(strings.Fields(c.CommandPath())[1:], "-"+f.Name+"="+value)
				var out, errs bytes.Buffer
				code := Main(context.Background(), Env{Args: args, Dir: t.TempDir(), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Environ: map[string]string{}})
				if code != ExitUsage || strings.Contains(errs.String(), "It is used as") {
					t.Errorf("kiraform %q exits with %d: %s%s", args, code, out.String(), errs.String())
				}
			}
		}
	}
	walk(newRoot(Env{Environ: map[string]string{}}))
}
