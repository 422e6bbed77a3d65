package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/internal/planfile"
	"kiraform/internal/tell"
	"kiraform/internal/ui/tfjson"
	"kiraform/schema/kinds"
	"kiraform/state"
)

func (a *app) showCommand() *cobra.Command {
	f := runFlags{parallelism: 10}
	var how reviewFlags
	var asJSON bool
	c := &cobra.Command{
		Use:   "show [PLANFILE|STATE]",
		Short: "Show everything in the state, or a saved plan",
		Long: "show shows the state, that of a file STATE or, with a PLANFILE, the effects of that plan, once it has\n" +
			"seen with the key of the fingerprints that the file is as it was saved. With -json it is in the\n" +
			"format of Terraform's plans (1.2) and states (1.0). With -format a plan is rendered for those who\n" +
			"review it: for a comment, as a page to read, or for a tool; without a PLANFILE it is made now, as plan\n" +
			"makes it. A plan with other flags, such as -invoke, -replace or -destroy, is saved first, with plan\n" +
			"-out=PLANFILE. See docs/review.md.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var path string
			if len(args) == 1 {
				path = args[0]
				if err := a.isPlanFile(path, "state show "); err != nil {
					return err
				}
			}
			if err := how.checkShow(asJSON, path, &f); err != nil {
				return err
			}
			if how.format != "" && path == "" {
				return a.reviewLive(cmd.Context(), &f, how)
			}
			shown, err := a.shown(cmd.Context(), path, f.state)
			switch {
			case err != nil:
				return err
			case how.format != "" && shown.plan == nil:
				return usage("-format renders a plan, and %s is a state", path)
			case how.format != "":
				return a.writeReview(shown.plan.Review(), how, path)
			case shown.plan != nil && asJSON:
				r := shown.plan.Review()
				return tfjson.Write(a.whole, tfjson.OfPlan(&r))
			case shown.plan != nil:
				shown.plan.Show(a.view().Handle)
				return nil
			case asJSON:
				return tfjson.Write(a.whole, stateDocument(shown.state, shown.state.Addrs(), tell.Outputs(shown.state)))
			}
			a.showState(shown.state)
			return nil
		},
	}
	f.vars.bind(c)
	f.state.bind(c)
	f.lock.bind(c)
	f.refresh.bind(c)
	c.Flags().Var(&f.targets, "target", "plan only this resource and its needs; may be repeated")
	c.Flags().Var(&f.exclude, "exclude", "leave this resource or module out, and its dependants; may be repeated, and may have * in it")
	how.bind(c)
	c.Flags().BoolVar(&asJSON, "json", false, "in Terraform's JSON format")
	return c
}

// shown is one of the two things that can be shown.
type shown struct {
	plan  *planfile.File
	state *state.State
}

// shown reads the file at path, or the state if there is no path.
func (a *app) shown(ctx context.Context, path string, st stateFlag) (shown, error) {
	if path == "" {
		s, err := a.loadState(ctx, st)
		return shown{state: s}, err
	}
	dir, err := a.dir()
	if err != nil {
		return shown{}, err
	}
	data, err := a.decrypted(in(dir, path))
	if err != nil {
		return shown{}, err
	}
	if !planfile.Is(data) {
		if s, err := a.stored(in(dir, path)).Load(ctx); err == nil && s != nil {
			return shown{state: s}, nil
		}
	}
	f, err := a.readPlan(path, st)
	return shown{plan: f}, err
}

// stateDocument is a state in Terraform's format, or a part of it.
func stateDocument(s *state.State, addrs []addr.Resource, outputs []event.Node) tfjson.State {
	var objects []event.Planned
	for _, r := range addrs {
		e := tell.Object(r, kinds.Schemas()[r.Kind], s.Resources[r])
		e.Needs = addr.Texts(s.Resources[r].Needs)
		objects = append(objects, e)
	}
	facts := tfjson.StateFacts{Version: Version, Lineage: s.Lineage, Serial: uint64(s.Serial), Place: tell.Place(s.Place)}
	return tfjson.OfState(facts, objects, outputs)
}

func (a *app) showState(s *state.State) {
	a.showPlace(s)
	if len(s.Resources) == 0 {
		fmt.Fprintln(a.Stdout, "The state is empty: nothing is managed here.")
	}
	for i, r := range s.Addrs() {
		if i > 0 {
			fmt.Fprintln(a.Stdout)
		}
		a.showResource(s, r)
	}
	if len(s.Outputs) > 0 {
		fmt.Fprintln(a.Stdout, "\nOutputs:")
		fmt.Fprintln(a.Stdout)
		a.showOutputs(s)
	}
}

// showPlace says where the objects of s live, once that is known.
func (a *app) showPlace(s *state.State) {
	if where := tell.Place(s.Place).String(); where != "" {
		fmt.Fprintf(a.Stdout, "Of %s.\n\n", where)
	}
}

func (a *app) showResource(s *state.State, r addr.Resource) {
	a.view().Resource(describe(s, r))
}

// describe shows one resource as the state remembers it.
func describe(s *state.State, r addr.Resource) event.Planned {
	return tell.Object(r, kinds.Schemas()[r.Kind], s.Resources[r])
}
