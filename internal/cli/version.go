package cli

import (
	"fmt"
	"io"
	"runtime"

	"github.com/spf13/cobra"

	"kiraform/internal/kira"
	"kiraform/internal/ui/tfjson"
)

// Version is the version of kiraform.
const Version = "0.1.0"

func (a *app) versionCommand() *cobra.Command {
	var as format
	c := &cobra.Command{
		Use:   "version",
		Short: "Print the versions of kiraform and of the API that it speaks",
		RunE: func(*cobra.Command, []string) error {
			return a.version(as)
		},
	}
	as.bind(c)
	return c
}

func (a *app) version(as format) error {
	return a.show(as, versionReport{Version, runtime.GOOS + "_" + runtime.GOARCH, kira.Version})
}

// versionReport describes this program.
type versionReport struct {
	Version, Platform string
	API               string // of Kira
}

// json has the form of Terraform's.
func (r versionReport) json() any { return tfjson.OfVersion(r.Version, r.API, r.Platform) }

func (r versionReport) text(w io.Writer) error {
	_, err := fmt.Fprintf(w, "kiraform v%s\non %s, for Kira API %s\n", r.Version, r.Platform, r.API)
	return err
}
