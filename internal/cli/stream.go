package cli

import (
	"errors"
	"time"

	"github.com/spf13/cobra"

	"kiraform/internal/engine"
	"kiraform/internal/ui/tfjson"
)

// streams adds -json to a command that runs something, and -compact-warnings for those
// who read text. However the command ends, its output begins with the version of the
// format and ends with a summary.
func (a *app) streams(c *cobra.Command, f *runFlags) {
	c.Flags().BoolVar(&f.json, "json", false, "write Terraform's stream of JSON, one event a line")
	c.Flags().BoolVar(&a.compact, "compact-warnings", false, "show the titles of warnings alone, and not their details")
	c.Annotations = map[string]string{jsonForm: byStream}
	run := c.RunE
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if !f.json {
			return run(cmd, args)
		}
		f.stream = &tfjson.Stream{Out: a.whole, Version: Version, Command: cmd.Name(), Now: now}
		err := run(cmd, args)
		f.stream.End(a.unsaid(err))
		return err
	}
}

func now() time.Time { return time.Now().UTC() }

// unsaid is the text of an error that no diagnostic has said yet.
func (a *app) unsaid(err error) string {
	e, is := errors.AsType[*exit](err)
	switch {
	case err == nil, errors.Is(err, engine.ErrReported), is && e.text == "":
		return ""
	case is:
		return a.safe(e)
	}
	return a.safe(err)
}
