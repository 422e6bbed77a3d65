package cli

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"kiraform/internal/kira"
)

// Version is the version of kiraform.
const Version = "0.1.0"

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the versions of kiraform and of the API that it speaks",
		RunE: func(*cobra.Command, []string) error {
			fmt.Fprintf(a.Stdout, "kiraform v%s\non %s_%s, for Kira API %s\n", Version, runtime.GOOS, runtime.GOARCH, kira.Version)
			return nil
		},
	}
}
