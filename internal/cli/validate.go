package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/kiratest"
	"kiraform/internal/ui/tfjson"
)

func (a *app) validateCommand() *cobra.Command {
	var vars varFlags
	var asJSON bool
	var how reviewFlags
	c := &cobra.Command{
		Use:   "validate",
		Short: "Check the configuration, without Kira and without state",
		Long: "validate checks everything that can be checked without asking Kira: the language, references, types, and\n" +
			"values that Kira refuses by its documents. Variables need no values. Files of tests are read, too, and not\n" +
			"run. With -json the outcome is in the format of Terraform's validate, with -format in one for a code host\n" +
			"or a test report.",
		Annotations: map[string]string{jsonForm: byCheck},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := how.checkOnly(asJSON); err != nil {
				return a.mistaken(cmd, err)
			}
			var said []event.Diagnostic
			view := a.view()
			emit := view.Handle
			if asJSON || how.format != "" {
				emit = func(e event.Event) {
					if d, is := e.(event.Diagnostic); is {
						said = append(said, d)
					}
				}
			}
			o, err := a.offlineOptions("validate", vars, stateFlag{}, emit)
			if err != nil {
				return a.mistaken(cmd, err)
			}
			tests, err := kiratest.Find(kiratest.Options{Engine: o, Directory: "tests"})
			if err != nil {
				return err
			}
			project, err := engine.Validate(cmd.Context(), o, tests...)
			view.Flush()
			switch {
			case how.format != "" && (err == nil || errors.Is(err, engine.ErrReported)):
				r := event.Review{Start: event.Start{Format: 1, Command: "validate"}, Version: Version, Diagnostics: said, Personal: project.Personal()}
				return errors.Join(a.writeReview(r, how, ""), err)
			case asJSON && (err == nil || errors.Is(err, engine.ErrReported)):
				return errors.Join(tfjson.Write(a.whole, tfjson.OfDiagnostics(said)), err)
			case err != nil:
				return err
			}
			fmt.Fprintln(a.Stdout, "Success! The configuration is valid.")
			return nil
		},
	}
	vars.bind(c)
	how.bind(c)
	c.Flags().BoolVar(&asJSON, "json", false, "in Terraform's JSON format")
	return c
}
