package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kiraform/internal/diag"
	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/plan"
)

// limitFlags are the flags that limit an apply.
type limitFlags struct{ allow []string }

func (f *limitFlags) bind(c *cobra.Command) {
	c.Flags().StringSliceVar(&f.allow, "allow", nil, "do only these `ACTIONS`, such as create,update; a plan with others is refused whole. With rules, let rules be turned down in production; with extra, let unknown attributes be sent there; with invoke, let actions be run, also there without a terminal")
}

// allowable are the actions that change something, and that of running an action.
var allowable = []string{string(plan.Create), string(plan.Update), string(plan.Replace), string(plan.Adopt), string(plan.Forget), event.Invoke}

// limits returns the limits that the flags set.
func (f *limitFlags) limits(force bool) (engine.Limits, error) {
	l := engine.Limits{Force: force}
	for _, name := range f.allow {
		switch name = strings.TrimSpace(name); name {
		case "rules":
			l.Rules = true
			continue
		case "extra":
			l.Extra = true
			continue
		case event.Invoke:
			l.Invoke = true
		}
		if !slices.Contains(allowable, name) {
			return l, usage("-allow: there is no action %q.%s There are %s", name, diag.DidYouMean(name, allowable), strings.Join(allowable, ", "))
		}
		l.Allow = append(l.Allow, plan.Action(name))
	}
	return l, nil
}
