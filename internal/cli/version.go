package cli

import (
	"fmt"
	"io"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"kiraform/internal/kira"
	"kiraform/internal/ui/tfjson"
)

// upcoming is the version that the source is on the way to. It is the one of a build that
// was not made of a tagged commit.
const upcoming = "0.1.0"

// Version is the version of kiraform, and built where this build of it comes from.
var Version, built = versionOf(debug.ReadBuildInfo())

// released is the version of a tagged commit, unlike that which Go makes up for others.
var released = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^v[0-9]+\.[0-9]+\.[0-9]+(-(alpha|beta|rc)[0-9.]*)?$`)
})

// versionOf reads the version and the commit that the Go tool wrote into the program.
func versionOf(info *debug.BuildInfo, known bool) (version, commit string) {
	version = upcoming
	if !known {
		return version, ""
	}
	if v := info.Main.Version; released().MatchString(v) {
		version = strings.TrimPrefix(v, "v")
	}
	settings := make(map[string]string)
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	revision := settings["vcs.revision"]
	if revision == "" {
		return version, ""
	}
	commit = "commit " + revision[:min(12, len(revision))]
	if at := settings["vcs.time"]; at != "" {
		commit += " of " + at
	}
	if settings["vcs.modified"] == "true" {
		commit += ", with changes that are not committed"
	}
	return version, commit
}

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
	return a.show(as, versionReport{Version, runtime.GOOS + "_" + runtime.GOARCH, kira.Version, built})
}

// versionReport describes this program.
type versionReport struct {
	Version, Platform string
	API               string // of Kira
	Built             string // of which source; "" if that is not known
}

// json has the form of Terraform's.
func (r versionReport) json() any { return tfjson.OfVersion(r.Version, r.API, r.Platform) }

func (r versionReport) text(w io.Writer) error {
	_, err := fmt.Fprintf(w, "kiraform v%s\non %s, for Kira API %s\n", r.Version, r.Platform, r.API)
	if err == nil && r.Built != "" {
		_, err = fmt.Fprintf(w, "built from %s\n", r.Built)
	}
	return err
}
