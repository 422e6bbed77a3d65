package plan

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/ui/words"
	"kiraform/schema"
)

// Ended is a resource whose object has ended at Kira: it cannot be used, and
// does not become usable by itself.
type Ended struct {
	Addr addr.Resource
	ID   string
	Is   string // in Kira's words, such as "REJECTED"
	Said string // the reason that Kira gave, in sentences; "" if none is known
	Then string // the advice, in sentences, the reason included
}

// EndOf returns the end that the object of c has come to, and false if it lives
// on or its resource is about to have another object, or none. Of the reasons
// that Kira gave, said has those that are known, by the ids of the objects.
func (c *Change) EndOf(k *schema.Kind, said map[string]string) (Ended, bool) {
	if k == nil || c.Addr.Data || c.Prior.ID == "" || c.Action == Forget || c.Action == Gone || c.Final() == Replace {
		return Ended{}, false
	}
	is := k.EndBy(c.Prior.Seen.Member)
	if is == "" {
		return Ended{}, false
	}
	e := Ended{Addr: c.Addr, ID: c.Prior.ID, Is: is, Said: said[c.Prior.ID]}
	e.Then = k.Course.Mend(e.Said, c.Config, c.Addr.Shell())
	return e, true
}

// ends notes in p the objects that have ended, and warns of each: one that has
// ended holds up its dependants, and nothing else.
func (m *maker) ends(p *Plan) {
	for i := range p.Changes {
		c := &p.Changes[i]
		e, is := c.EndOf(m.Kinds[c.Addr.Schema()], m.Said)
		if !is {
			continue
		}
		p.Ended = append(p.Ended, e)
		m.diags = append(m.diags, diag.At(e.Warning(m.Program.Locate(c.Addr, nil), m.waitsFor(c.Addr)), c.Addr.InstanceName()))
	}
}

// waitsFor returns the resources that the plan puts off because a has ended,
// sorted.
func (m *maker) waitsFor(a addr.Resource) (names []string) {
	for i := range m.changes {
		if b := m.changes[i].Addr; slices.Contains(m.cut[a], b) {
			names = append(names, b.String())
		}
	}
	return names
}

// Warning says of e that it has ended, with the resources that wait for it and
// the advice.
func (e Ended) Warning(at *hcl.Range, waits []string) *hcl.Diagnostic {
	held := ""
	if len(waits) > 0 {
		held = fmt.Sprintf(" It holds up %s; everything else goes on.", words.And(waits...))
	}
	return diag.Warning("end-state", at, "Has ended at Kira", "%s is %s at Kira, and does not become usable by itself.%s %s",
		e.Addr, e.Is, held, e.Then)
}

// over says why a dependant of a has to wait, now that a has ended.
func (m *maker) over(a addr.Resource, end string, g schema.Gate) string {
	if m.corrected(a) {
		return fmt.Sprintf("%s is %s, and corrected by this plan; Kira has to verify it again", a, end)
	}
	return g.Over(a.String(), end)
}
