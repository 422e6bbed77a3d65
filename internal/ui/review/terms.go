package review

import (
	"strings"

	"kiraform/internal/event"
)

// terms says with which values an action is run, such as the amount of a payout and its
// payee, for forms that have one line for it. It is "" for any other change.
func terms(c *event.Reviewed) string {
	if c.Action != event.Invoke && !strings.HasPrefix(strings.TrimPrefix(c.Addr, c.Module+"."), "action.") {
		return ""
	}
	var all []string
	leaves("", c.Nodes, func(path string, n event.Node) {
		if n.Op != event.Remove {
			all = append(all, path+" = "+spell(n.After))
		}
	})
	return strings.Join(all, ", ")
}

// leaves calls do with each value without parts below nodes, and its path.
func leaves(path string, nodes []event.Node, do func(path string, n event.Node)) {
	for _, n := range nodes {
		at := strings.TrimPrefix(path+"."+n.Name, ".")
		switch n.Shape {
		case event.ObjectShape, event.MapShape, event.ListShape:
			leaves(at, n.Nodes, do)
		default:
			do(at, n)
		}
	}
}
