package engine

import (
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/config"
	"kiraform/internal/lang"
)

// Assert emits an assertion of a test that does not hold, for the values that the
// plan leads to or, once it was carried out, has led to. names are the values that it
// may refer to beside the configuration.
func (pl *Proposal) Assert(c config.Condition, names map[string]cty.Value) error {
	return pl.project.report(pl.project.program.Assert(c, pl.Known, names))
}

// Object is the plan as tests see it.
func (pl *Proposal) Object() cty.Value {
	judged := pl.asPolicyPlan(pl.judged())
	return judged.Object(pl.Empty())
}

// OutputValues returns the values of the outputs by name, unknown where they are not
// known yet. Sensitive ones are marked.
func (pl *Proposal) OutputValues() map[string]cty.Value {
	written, _ := pl.project.program.Outputs(pl.Known) // mistakes in them are reported by the run
	all := make(map[string]cty.Value, len(written))
	for name, o := range written {
		all[name] = o.Value
		if o.Sensitive {
			all[name] = o.Value.Mark(lang.Sensitive)
		}
	}
	return all
}
