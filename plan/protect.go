package plan

import (
	"kiraform/internal/diag"
)

// protect refuses the changes by which a resource that has prevent_destroy
// would be forgotten or replaced: an instance that count or for_each drops has
// it too. It goes away with its block, which is warned of.
func (m *maker) protect() {
	for i := range m.changes {
		c := &m.changes[i]
		if c.Action != Forget && c.Action != Replace {
			continue
		}
		held, diags := m.Program.Protected(c.Addr, m.known)
		if !m.names[c.Addr] { // else reported when it was evaluated
			m.diags = append(m.diags, diags...)
		}
		switch at := m.Program.Locate(c.Addr, nil); {
		case held:
			m.diags = append(m.diags, diag.At(diag.Error("prevent-destroy", at, "Resource is protected",
				"%s has lifecycle { prevent_destroy = true }, so this plan cannot be made. "+
					"Take that out, or leave the resource out of the plan with -target.", c.Addr), c.Addr.InstanceName()))
		case c.Action == Forget && c.Prior.Protected && !m.Program.Blocks().Has(c.Addr.Block()):
			m.diags = append(m.diags, diag.Warning("protection-gone", nil, "The protection went with the block",
				"%s was protected by lifecycle { prevent_destroy = true }, but its block is not in the configuration any more, "+
					"and so the protection does not hold: it will be forgotten. To keep it, write the block again.", c.Addr))
		}
	}
}
