package engine

import (
	"context"
	"fmt"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/trust"
	"kiraform/plan"
)

// Trust returns the assumptions about the object at a. Nothing is changed.
func (p *Project) Trust(ctx context.Context, a addr.Resource) (*trust.Trusting, error) {
	st, key, err := p.load(ctx)
	if err != nil {
		return nil, err
	}
	if _, lives := st.Resources[a]; !lives {
		return nil, unmanaged(st, a)
	}
	made, diags := plan.Make(plan.Input{Program: p.program, Prior: st, Kinds: p.schemas, Key: key, Stay: true})
	i := slices.IndexFunc(made.Changes, func(c plan.Change) bool { return c.Former() == a })
	if i < 0 || trust.Written(&made.Changes[i]) == cty.NilVal {
		if diags.HasErrors() {
			return nil, p.report(diags)
		}
		return nil, fmt.Errorf("the configuration has no %s, so there is nothing written to compare with", a)
	}
	return trust.Of(st, key, p.schemas[a.Kind], &made.Changes[i])
}

// Confirm notes that Kira has the written values of the object, as by says.
func (p *Project) Confirm(ctx context.Context, t *trust.Trusting, by string) error {
	return p.save(ctx, t.Confirmed(by, p.now()))
}
