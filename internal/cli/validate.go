package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"kiraform/internal/engine"
)

func (a *app) validateCommand() *cobra.Command {
	var vars varFlags
	c := &cobra.Command{
		Use:   "validate",
		Short: "Check the configuration, without Kira and without state",
		Long: "validate checks everything that can be checked without asking Kira: the language, references,\n" +
			"types, and what Kira's documents say that it refuses. Variables need no values.",
		RunE: func(*cobra.Command, []string) error {
			o, err := a.offlineOptions("validate", vars, stateFlag{}, a.view().Handle)
			if err != nil {
				return err
			}
			if err := engine.Validate(o); err != nil {
				return err
			}
			fmt.Fprintln(a.Stdout, "Success! The configuration is valid.")
			return nil
		},
	}
	vars.bind(c)
	return c
}
