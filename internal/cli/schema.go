package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"kiraform/internal/diag"
	"kiraform/internal/format"
	"kiraform/internal/ui/tfjson"
)

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema WHAT",
		Short: "Print the JSON Schema of a format",
		Long: "schema prints the JSON Schema of a format that kiraform writes or reads. WHAT is one of\n" +
			strings.Join(format.Names(), ", ") + ".\n" +
			"plan and state are of show -json; stream is of a line of plan -json and apply -json, and events of one\n" +
			"with -progress=json; config is of a configuration in JSON syntax. See docs/review.md.",
		Args:      cobra.ExactArgs(1),
		ValidArgs: format.Names(),
		RunE: func(_ *cobra.Command, args []string) error {
			s, known := format.Schema(args[0])
			if !known {
				return usage("there is no format %q; it is one of %s.%s", args[0], strings.Join(format.Names(), ", "),
					diag.DidYouMean(args[0], format.Names()))
			}
			return tfjson.Write(a.Stdout, s)
		},
	}
}
