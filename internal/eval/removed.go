package eval

import (
	"slices"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/diag"
)

// Removed says that a resource, or a module if it has no kind, is managed no
// more.
type Removed struct {
	From  addr.Resource // without keys
	Range hcl.Range     // of the block's header
}

// Removed returns the removed blocks, as they are written.
func (p *Program) Removed() []Removed { return slices.Clone(p.removed) }

// compileRemoved checks the removed blocks.
func (p *Program) compileRemoved() (diags hcl.Diagnostics) {
	seen := make(map[addr.Resource]hcl.Range)
	for _, m := range p.tree {
		for _, r := range m.decl.Removed {
			from := r.From
			from.Module = m.path.Join(from.Module)
			if at, twice := seen[from]; twice {
				diags = append(diags, diag.Error("duplicate-removed", &r.DefRange, "Removed twice",
					"There is a removed block for %s already, at %s. Take one of them away.", from, config.Place(at)))
				continue
			}
			seen[from] = r.DefRange
			if from.Data {
				diags = append(diags, diag.Error("invalid-reference", &r.FromRange, "Data sources are not managed",
					"The state keeps nothing of %s, so that it needs no removed block. Take the block away.", from))
				continue
			}
			if d := p.misspelt(r.From, &r.FromRange, "Correct the address."); d != nil {
				diags = append(diags, d)
				continue
			}
			if at := p.declares(from); at != nil {
				diags = append(diags, diag.Error("removed-still-declared", &r.FromRange, "Removed object still exists",
					"The configuration still has %s, at %s. Take that block away, or the removed block.", from, config.Place(*at)))
				continue
			}
			p.removed = append(p.removed, Removed{from, r.DefRange})
		}
	}
	return diags
}
