package cli

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/spf13/cobra"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"kiraform/internal/diag"
	"kiraform/internal/tell"
	"kiraform/internal/ui/text"
	"kiraform/state"
)

func (a *app) outputCommand() *cobra.Command {
	var st stateFlag
	var raw bool
	var as format
	c := &cobra.Command{
		Use:   "output [NAME]",
		Short: "Show the outputs of the last apply",
		Long: "output prints the outputs as the last apply left them. The values of sensitive outputs are not\n" +
			"kept in the state and cannot be printed.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if raw && (!as.forPeople() || len(args) != 1) {
				return usage("-raw takes one NAME and does not go with -json")
			}
			s, err := a.loadState(cmd.Context(), st)
			if err != nil {
				return err
			}
			if len(args) == 0 {
				return a.printOutputs(s, as)
			}
			return a.printOutput(s, args[0], as, raw)
		},
	}
	st.bind(c)
	as.bind(c)
	c.Flags().BoolVar(&raw, "raw", false, "only the text of one output, without quotes")
	return c
}

// loadState reads the state; one that does not exist is empty.
func (a *app) loadState(ctx context.Context, st stateFlag) (*state.State, error) {
	store, err := a.stateStore(ctx, st)
	if err != nil {
		return nil, err
	}
	s, err := store.Load(ctx)
	if err != nil {
		return nil, err
	}
	if s == nil {
		s = state.New("")
	}
	return s, nil
}

func (a *app) printOutputs(s *state.State, as format) error {
	r, err := reportOutputs(s, a.look())
	if err != nil {
		return err
	}
	if len(s.Outputs) == 0 && as.forPeople() {
		fmt.Fprintln(a.Stderr, "The state has no outputs. Declare some with output blocks, and apply.")
	}
	return a.show(as, r)
}

func (a *app) printOutput(s *state.State, name string, as format, raw bool) error {
	o, ok := s.Outputs[name]
	if !ok {
		return fmt.Errorf("there is no output %q in the state.%s", name, diag.DidYouMean(name, slices.Collect(maps.Keys(s.Outputs))))
	}
	if o.Sensitive {
		return fmt.Errorf("output %q is sensitive, so its value is not kept in the state and cannot be printed", name)
	}
	if raw {
		v, err := convert.Convert(o.Value, cty.String)
		if err != nil || v.IsNull() {
			return fmt.Errorf("output %q is no text, number or bool, so it has no -raw form; use -json", name)
		}
		_, err = io.WriteString(a.raw, v.AsString()) // asked for as it is
		return err
	}
	r, err := reportOutputs(&state.State{Outputs: map[string]state.Output{name: o}}, a.look())
	if err != nil {
		return err
	}
	return a.show(as, outputReport{r, name})
}

// look is how text of the state looks.
func (a *app) look() text.Options { return text.Options{Color: a.color(a.noColor)} }

func (a *app) showOutputs(s *state.State) { text.Outputs(a.Stdout, tell.Outputs(s), a.look()) }
