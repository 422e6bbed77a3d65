package text

import (
	"fmt"

	"kiraform/internal/event"
)

// Resource shows one resource as it is remembered: every attribute in p, of
// which none changes. Parts that are equal are shown once.
func (v *View) Resource(p event.Planned) {
	b := body{style: v.style}
	b.nodes(block{nodes: newFolder().nodes("", p.Nodes, event.ObjectShape), shape: event.ObjectShape})
	v.write(fmt.Sprintf("%s\nresource %s %s {\n%s}\n", v.paint("# "+inline(p.Addr)+":", bold), quote(p.Kind), quote(p.Name), b.String()))
}
