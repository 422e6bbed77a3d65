package cli

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"
)

// refreshFlag is -refresh: how to look at live objects before planning.
type refreshFlag string

func (f *refreshFlag) bind(c *cobra.Command) {
	*f = "true"
	c.Flags().Var(f, "refresh", "look at the live objects before planning; full reads each object by its id, not lists")
	c.Flags().Lookup("refresh").NoOptDefVal = "true"
}

func (f *refreshFlag) Set(s string) error {
	if !slices.Contains([]string{"true", "false", "full"}, s) {
		return fmt.Errorf("%q is not true, false or full", s)
	}
	*f = refreshFlag(s)
	return nil
}

func (f *refreshFlag) String() string { return string(*f) }
func (f *refreshFlag) Type() string   { return "true|false|full" }
