package eval

import (
	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/diag"
)

// Import says that a resource is an object that lives at Kira already.
type Import struct {
	To    addr.Resource
	ID    string
	Range *hcl.Range // of the address
}

// Imports returns what the import blocks say, as they are written.
func (p *Program) Imports() []Import { return p.imports }

// compileImports evaluates the import blocks, which may refer to variables.
func (p *Program) compileImports() hcl.Diagnostics {
	var diags hcl.Diagnostics
	to, ids := make(map[addr.Resource]hcl.Range), make(map[[2]string]hcl.Range)
	for _, im := range p.root.decl.Imports {
		b, declared := p.blocks[im.To.Block()]
		if !declared {
			if !p.root.decl.Broken {
				diags = append(diags, diag.Error("import-without-block", &im.ToRange, "Nothing to import to",
					"There is no resource block %s. Write one; \"kiraform import -discover\" can do that for you.", im.To.Block()))
			}
			continue
		}
		if b.repeated() == im.To.Key.IsZero() {
			diags = append(diags, diag.Error("invalid-reference", &im.ToRange, "Invalid reference",
				"An import needs an index exactly where the resource block has count or for_each. Correct %s.", im.To))
			continue
		}
		id, d := p.literalText(im.ID, "id", "an import block")
		diags = append(diags, d...)
		if id == "" {
			if im.ID != nil && !d.HasErrors() && !p.options.UnknownInputs {
				diags = append(diags, diag.Error("invalid-import", im.ID.Range().Ptr(), "No id",
					"An import needs the id that the object has at Kira. Write it."))
			}
			continue
		}
		diags = append(diags, twice(to, im.To, im, "for "+im.To.String())...)
		diags = append(diags, twice(ids, [2]string{im.To.Kind, id}, im, "of "+id)...)
		p.imports = append(p.imports, Import{To: im.To, ID: id, Range: &im.ToRange})
	}
	return diags
}

// twice reports a second import block that says something of what seen has.
func twice[K comparable](seen map[K]hcl.Range, key K, im *config.Import, what string) hcl.Diagnostics {
	if at, ok := seen[key]; ok {
		return hcl.Diagnostics{diag.Error("duplicate-import", &im.DefRange, "Duplicate import",
			"There is an import %s already, at %s. Take one of them away.", what, config.Place(at))}
	}
	seen[key] = im.DefRange
	return nil
}
