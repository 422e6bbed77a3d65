package cli

import (
	"fmt"
	"regexp"
	"sync"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// digestFlag is -expect-digest: the approved plan, and no other, is carried
// out.
type digestFlag struct {
	want  string
	flags *pflag.FlagSet // nil where the command has no such flag
}

func (f *digestFlag) bind(c *cobra.Command) {
	f.flags = c.Flags()
	c.Flags().StringVar(&f.want, "expect-digest", "", "go on only with the plan that has this `DIGEST`, which plan prints; else send nothing and exit with 4")
}

var digestForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^sha256:[0-9a-f]{64}$`) })

func (f *digestFlag) check() error {
	given := f.flags != nil && f.flags.Changed("expect-digest") // an empty one is that of a variable that is not set
	if f.want == "" && !given || digestForm().MatchString(f.want) {
		return nil
	}
	return usage("-expect-digest=%s: a digest is sha256: and 64 hexadecimal digits, as plan prints it", f.want)
}

// expects returns an error if the plan is not the one that was approved.
func (f *digestFlag) expects(r *planRun) error {
	if f.want == "" {
		return nil
	}
	switch is, why := r.Digest(); {
	case is == "":
		return &exit{ExitStale, "the plan has no digest, so nothing was done: " + why}
	case is != f.want:
		return f.another(is)
	}
	return nil
}

// another is the error of a plan that has another digest than the one that was approved.
func (f *digestFlag) another(is string) error {
	return &exit{ExitStale, fmt.Sprintf("the plan is not the one that was approved, and nothing was done.\n  approved was %s\n"+
		"  the plan is  %s\nReview the plan again.", f.want, is)}
}
