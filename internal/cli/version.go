package cli

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"kiraform/internal/kira"
	"kiraform/internal/ui/tfjson"
)

// Version is the version of kiraform.
const Version = "0.1.0"

func (a *app) versionCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "version",
		Short: "Print the versions of kiraform and of the API that it speaks",
		RunE: func(*cobra.Command, []string) error {
			platform := runtime.GOOS + "_" + runtime.GOARCH
			if asJSON {
				return tfjson.Write(a.Stdout, tfjson.OfVersion(Version, kira.Version, platform))
			}
			fmt.Fprintf(a.Stdout, "kiraform v%s\non %s, for Kira API %s\n", Version, platform, kira.Version)
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON, in the form of Terraform's")
	return c
}
