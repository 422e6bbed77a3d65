package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"kiraform/internal/tell"
	"kiraform/internal/ui/text"
	"kiraform/state"
)

// outputsReport is every output of the state; outputReport is one.
type (
	outputsReport struct {
		s    *state.State
		all  map[string]outputValue
		look text.Options
	}
	outputReport struct {
		outputsReport
		name string
	}
)

type outputValue struct {
	Sensitive bool            `json:"sensitive"`
	Type      json.RawMessage `json:"type,omitempty"`
	Value     json.RawMessage `json:"value"`
}

func reportOutputs(s *state.State, look text.Options) (outputsReport, error) {
	r := outputsReport{s: s, all: make(map[string]outputValue, len(s.Outputs)), look: look}
	for name, o := range s.Outputs {
		v, err := spelledOutput(o)
		if err != nil {
			return r, fmt.Errorf("output %q: %w", name, err)
		}
		r.all[name] = v
	}
	return r, nil
}

func spelledOutput(o state.Output) (outputValue, error) {
	if o.Sensitive || o.Value == cty.NilVal {
		return outputValue{Sensitive: o.Sensitive, Value: json.RawMessage("null")}, nil
	}
	typ, err := ctyjson.MarshalType(o.Value.Type())
	if err != nil {
		return outputValue{}, err
	}
	value, err := ctyjson.Marshal(o.Value, o.Value.Type())
	return outputValue{Type: typ, Value: value}, err
}

func (r outputsReport) json() any { return r.all }

func (r outputsReport) text(w io.Writer) error {
	text.Outputs(w, tell.Outputs(r.s), r.look)
	return nil
}

func (r outputReport) json() any { return r.all[r.name].Value }

// text leaves the name out: it was asked for.
func (r outputReport) text(w io.Writer) error {
	var b strings.Builder
	if err := r.outputsReport.text(&b); err != nil {
		return err
	}
	_, err := io.WriteString(w, strings.TrimPrefix(b.String(), r.name+" = "))
	return err
}
