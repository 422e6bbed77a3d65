package cli

import (
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kiraform/internal/actions"
	"kiraform/internal/certify"
	"kiraform/internal/diag"
	"kiraform/internal/published"
	"kiraform/internal/ui/tfjson"
)

// reportSchemas are the reports that have a schema, by the name of it.
var reportSchemas = map[string]func() published.Schema{
	"drift":     func() published.Schema { return published.Answer[driftReport]("kiraform drift -json") },
	"history":   func() published.Schema { return published.Answer[historyReport]("kiraform state history -json") },
	"lock":      func() published.Schema { return published.Answer[lockReport]("kiraform lock status -json") },
	"orphans":   func() published.Schema { return published.Answer[[]orphan]("kiraform state orphans -json") },
	"output":    func() published.Schema { return published.Answer[map[string]outputValue]("kiraform output -json") },
	"payouts":   func() published.Schema { return published.Answer[actions.PayoutList]("kiraform payouts list -json") },
	"readiness": func() published.Schema { return published.Answer[readinessReport]("kiraform readiness -json") },
	"resource":  func() published.Schema { return published.Answer[resourceReport]("kiraform state show -json ADDR") },
	"resources": func() published.Schema { return published.Answer[listReport]("kiraform state list -json") },
	"status":    func() published.Schema { return published.Answer[statusReport]("kiraform status -json") },
	"webhooks":  func() published.Schema { return published.Answer[[]jsonEvent]("kiraform webhook list -json") },
	"workspaces": func() published.Schema {
		return published.Answer[tfjson.Workspaces]("kiraform workspace list -json")
	},
}

// evidence is the format of the evidence that certify writes.
const evidence = "evidence"

// formats lists everything that has a schema, sorted.
func formats() []string {
	return slices.Sorted(slices.Values(slices.AppendSeq(append(published.Names(), evidence), maps.Keys(reportSchemas))))
}

// schemaOf returns the schema of the format called name.
func schemaOf(name string) (published.Schema, bool) {
	if answer, known := reportSchemas[name]; known {
		return answer(), true
	}
	return published.Of(name)
}

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema WHAT",
		Short: "Print the JSON Schema of a format",
		Long: "schema prints the JSON Schema of a format that kiraform writes or reads. WHAT is one of\n" +
			strings.Join(formats(), ", ") + ".\n" +
			"plan and state are of show -json; stream is of a line of plan -json and apply -json, and events of one\n" +
			"with -progress=json; config is of a configuration in JSON syntax. See docs/review.md.",
		Args:      cobra.ExactArgs(1),
		ValidArgs: formats(),
		RunE: func(_ *cobra.Command, args []string) error {
			if args[0] == evidence { // which is written down, and in each pack
				_, err := a.raw.Write(certify.Schema)
				return err
			}
			s, known := schemaOf(args[0])
			if !known {
				return usage("there is no format %q; it is one of %s.%s", args[0], strings.Join(formats(), ", "),
					diag.DidYouMean(args[0], formats()))
			}
			return tfjson.Write(a.whole, s)
		},
	}
}
