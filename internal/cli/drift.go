package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"kiraform/internal/engine"
	"kiraform/internal/format"
	"kiraform/internal/ui/text"
	"kiraform/plan"
)

func (a *app) driftCommand() *cobra.Command {
	var f runFlags
	var asJSON bool
	c := &cobra.Command{
		Use:   "drift",
		Short: "Report what changed at Kira since it was applied",
		Long: "drift compares what is live with what was applied and with what is written, and says of every\n" +
			"attribute that differs who made it differ. It changes nothing, neither at Kira nor in the state.\n" +
			"It exits with 2 if anything changed, or is gone, at Kira. What Kira itself sets, such as a status,\n" +
			"is no drift, and neither is what only the configuration has changed; what has ended there, such as a\n" +
			"rejected user, is said all the same.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.check(); err != nil {
				return err
			}
			return a.drift(cmd.Context(), &f, asJSON)
		},
	}
	f.vars.bind(c)
	f.state.bind(c)
	f.lock.bind(c)
	f.refresh.bind(c)
	c.Flags().IntVar(&f.parallelism, "parallelism", 10, "send at most `N` requests at once")
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

func (a *app) drift(ctx context.Context, f *runFlags, asJSON bool) error {
	if f.refresh == "false" {
		return usage("-refresh=false leaves nothing to compare with")
	}
	choose := func(*engine.Project) (*audience, error) {
		return &audience{emit: a.textView(a.unless(asJSON), false).Handle, say: a.remark, close: func() error { return nil }}, nil
	}
	return a.session(ctx, "drift", f, choose, func(s *session) error {
		d, err := s.project.Drift(s.ctx, f.planOptions(false))
		if err != nil {
			return err
		}
		if asJSON {
			err = a.printJSON(format.Drift{Place: engine.Where(s.project.Place()), Drift: d})
		} else {
			a.showDrift(d)
		}
		if err == nil {
			err = unread(d.Unread)
		}
		if err == nil && d.Drifted() {
			err = &exit{code: ExitChanges}
		}
		return err
	})
}

// causes says in words who made an attribute differ.
var causes = map[plan.Cause]string{
	plan.Drifted:    "changed at Kira",
	plan.Both:       "changed at Kira and in the configuration",
	plan.Configured: "changed in the configuration",
	plan.Unreadable: "Kira cannot show it, and it was never sent from here",
}

func (a *app) showDrift(d *engine.Drift) {
	changed, gone := 0, 0
	for _, r := range d.Resources {
		switch {
		case r.Gone:
			gone++
			fmt.Fprintf(a.Stdout, "\n%s is gone%s: Kira has no %s any more\n", r.Addr, unwritten(r), r.ID)
			continue
		case r.Drifted():
			changed++
			fmt.Fprintf(a.Stdout, "\n%s has changed at Kira%s [id=%s]\n", r.Addr, unwritten(r), r.ID)
		default:
			fmt.Fprintf(a.Stdout, "\n%s is as it was applied, but not as it is written [id=%s]\n", r.Addr, r.ID)
		}
		for _, at := range r.Attrs {
			fmt.Fprintf(a.Stdout, "  %s: %s %s, live %s  # %s\n", at.Path, expected(r), text.Value(at.Written), live(at), causes[at.Cause])
		}
	}
	ended := ""
	for _, e := range d.Ended {
		fmt.Fprintf(a.Stdout, "\n%s is %s at Kira, and does not become usable by itself [id=%s]\n  %s\n", e.Addr, e.Is, e.ID, e.Then)
		ended = fmt.Sprintf(", %d ended", len(d.Ended))
	}
	fmt.Fprintf(a.Stdout, "\nDrift: %d changed at Kira, %d gone%s, of %d compared.", changed, gone, ended, d.Compared)
	if d.Unseen > 0 {
		fmt.Fprintf(a.Stdout, " Of what is written, Kira never shows %s.", plural(d.Unseen, "attribute"))
	}
	fmt.Fprintf(a.Stdout, "\n%s to Kira.\n", plural(int(d.Requests), "request"))
}

// unwritten says of a resource that only the state has it.
func unwritten(r engine.ResourceDrift) string {
	if r.Unwritten {
		return ", and is not in the configuration"
	}
	return ""
}

// expected names the value that live ones are compared with.
func expected(r engine.ResourceDrift) string {
	if r.Unwritten {
		return "applied"
	}
	return "written"
}

// live spells the value at Kira, as far as it can be seen. One that did not
// change there is null because Kira does not show it.
func live(at engine.AttrDrift) string {
	if at.Live.IsNull() && at.Cause != plan.Drifted && at.Cause != plan.Both {
		return "(not shown)"
	}
	return text.Value(at.Live)
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
