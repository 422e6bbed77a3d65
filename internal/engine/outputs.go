package engine

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"kiraform/apply"
	"kiraform/internal/event"
	"kiraform/internal/tell"
	"kiraform/state"
)

// settleOutputs enters the outputs into the state, as they are after a run. An
// output keeps its old value if the new one is not known, because something
// that it needs failed, was put off or was left out. One that cannot be
// evaluated keeps its old value too, and is reported as an error.
func (p *Project) settleOutputs(pl *Proposal, sum apply.Summary) error {
	written, diags := p.program.Outputs(pl.Known)
	if pl.Destroys() {
		written, diags = nil, nil
	}
	for name := range pl.State.Outputs {
		if _, ok := written[name]; !ok && !pl.Partial() && (sum.OK() || !pl.Destroys()) {
			delete(pl.State.Outputs, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(written)) {
		o := written[name]
		if !pl.Settles(o) {
			continue
		}
		diags = append(diags, o.Problems...)
		_, had := pl.State.Outputs[name]
		switch known := o.Value.IsWhollyKnown() && !o.Problems.HasErrors(); {
		case o.Sensitive && (known || had): // no old value of it is kept either
			pl.State.Outputs[name] = state.Output{Sensitive: true}
		case known:
			pl.State.Outputs[name] = state.Output{Value: o.Value}
		}
	}
	return p.report(slices.DeleteFunc(diags, func(d *hcl.Diagnostic) bool { return d.Severity != hcl.DiagError }))
}

// warnPartial says after a run that -target left something out.
func (pl *Proposal) warnPartial() {
	if pl.Partial() {
		d := event.Diagnostic{Severity: "warning", Code: "partial-apply", Summary: "Only a part was applied",
			Detail: "-target or -exclude was in effect, so that changes which the configuration asks for elsewhere may not have been made, " +
				"and outputs may have their former values. To plan everything, run \"kiraform plan\"."}
		if pl.Destroys() {
			d = event.Diagnostic{Severity: d.Severity, Code: d.Code, Summary: d.Summary,
				Detail: "-target or -exclude was in effect, so that objects elsewhere may still be managed. To plan everything, run \"kiraform plan -destroy\"."}
		}
		pl.project.Emit(d)
	}
}

// Outputs emits the outputs of the state.
func (p *Project) Outputs(st *state.State) {
	if len(st.Outputs) > 0 {
		p.Emit(event.Outputs{Nodes: tell.Outputs(st)})
	}
}
