package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"kiraform/internal/diag"
	"kiraform/internal/format"
	"kiraform/internal/tell"
	"kiraform/internal/ui/text"
	"kiraform/state"
)

func (a *app) outputCommand() *cobra.Command {
	var st stateFlag
	var asJSON, raw bool
	c := &cobra.Command{
		Use:   "output [NAME]",
		Short: "Show the outputs of the last apply",
		Long: "output prints the outputs as the last apply left them. The values of sensitive outputs are not\n" +
			"kept in the state and cannot be printed.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if raw && (asJSON || len(args) != 1) {
				return usage("-raw takes one NAME and does not go with -json")
			}
			s, err := a.loadState(cmd.Context(), st)
			if err != nil {
				return err
			}
			if len(args) == 0 {
				return a.printOutputs(s, asJSON)
			}
			return a.printOutput(s, args[0], asJSON, raw)
		},
	}
	st.bind(c)
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
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

func outputJSON(o state.Output) (format.Output, error) {
	if o.Sensitive || o.Value == cty.NilVal {
		return format.Output{Sensitive: o.Sensitive}, nil
	}
	typ, err := ctyjson.MarshalType(o.Value.Type())
	if err != nil {
		return format.Output{}, err
	}
	value, err := ctyjson.Marshal(o.Value, o.Value.Type())
	return format.Output{Type: json.RawMessage(typ), Value: json.RawMessage(value)}, err
}

func (a *app) printOutputs(s *state.State, asJSON bool) error {
	if !asJSON {
		if len(s.Outputs) == 0 {
			fmt.Fprintln(a.Stderr, "The state has no outputs. Declare some with output blocks, and apply.")
		}
		a.showOutputs(s)
		return nil
	}
	all := make(map[string]format.Output, len(s.Outputs))
	for name, o := range s.Outputs {
		j, err := outputJSON(o)
		if err != nil {
			return fmt.Errorf("output %q: %w", name, err)
		}
		all[name] = j
	}
	return a.printJSON(all)
}

func (a *app) printJSON(v any) error {
	enc := json.NewEncoder(a.Stdout)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

func (a *app) printOutput(s *state.State, name string, asJSON, raw bool) error {
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
	if asJSON {
		j, err := outputJSON(o)
		if err != nil {
			return err
		}
		return a.printJSON(j.Value)
	}
	var b strings.Builder
	a.writeOutputs(&b, &state.State{Outputs: map[string]state.Output{name: o}})
	_, err := io.WriteString(a.Stdout, strings.TrimPrefix(b.String(), name+" = ")) // it was asked for by name
	return err
}

func (a *app) showOutputs(s *state.State) { a.writeOutputs(a.Stdout, s) }

func (a *app) writeOutputs(w io.Writer, s *state.State) {
	text.Outputs(w, tell.Outputs(s), text.Options{Color: a.color(a.noColor)})
}
