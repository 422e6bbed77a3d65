package cli

import (
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"kiraform/internal/engine"
	"kiraform/internal/ui/words"
)

func (a *app) graphCommand() *cobra.Command {
	var vars varFlags
	var kind, format string
	c := &cobra.Command{
		Use:   "graph",
		Short: "Draw the graph of needs",
		Long: "graph writes the graph of the configuration in the language of Graphviz, or in that of Mermaid with\n" +
			"-format=mermaid: its resources, or with -type=full also variables, local values, outputs and\n" +
			"modules. Neither Kira nor the state is looked at, and variables need no values.",
		RunE: func(*cobra.Command, []string) error {
			if !slices.Contains(engine.GraphFormats, format) {
				return usage("-format is %s, not %q", words.Or(engine.GraphFormats...), format)
			}
			if kind != "resources" && kind != "full" {
				return usage("-type is resources or full, not %q", kind)
			}
			o, err := a.offlineOptions("graph", vars, stateFlag{}, a.reader(false).emit)
			if err != nil {
				return err
			}
			project, err := engine.OpenUnvalued(o)
			if err != nil {
				return err
			}
			_, err = io.WriteString(a.whole, project.Graph(format, kind == "full"))
			if err != nil {
				return fmt.Errorf("write the graph: %w", err)
			}
			return nil
		},
	}
	vars.bind(c)
	c.Flags().StringVar(&kind, "type", "resources", "`CONTENT` of the graph: resources or full")
	c.Flags().StringVar(&format, "format", "dot", "the language: `FORMAT` is dot or mermaid")
	return c
}
