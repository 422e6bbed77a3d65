package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
)

// leftOut is a change that a plan leaves out because it needs another one that
// is left out.
type leftOut struct{ addr, because addr.Resource }

// exclude takes the resources that m.Exclude names, and their dependants, out of
// p.selected.
func (m *maker) exclude(all, p *Plan) {
	if len(m.Exclude) == 0 {
		return
	}
	out, acts := make(map[addr.Resource]bool), make(map[addr.Resource]bool)
	for i := range all.Changes {
		acts[all.Changes[i].Addr] = all.Changes[i].Action != NoOp
	}
	for _, x := range m.Exclude {
		found := len(m.stuck(x)) > 0
		for i := range all.Changes {
			c := &all.Changes[i]
			if x.Covers(c.Addr) {
				out[c.Addr], found = true, true
			}
		}
		for a := range m.names { // a block that could not be evaluated has no change
			if x.Covers(a) {
				out[a], found = true, true
			}
		}
		if !found {
			m.diags = append(m.diags, diag.Error("no-such-target", nil, "Nothing to exclude",
				"There is no resource %s in the configuration or in the state.%s Check the address with \"kiraform state list\".", x, m.nearest(x)))
		}
	}
	for a, because := range all.Graph().Dependants(out) {
		out[a] = true
		if acts[a] {
			p.left = append(p.left, leftOut{a, because})
		}
	}
	slices.SortFunc(p.left, func(a, b leftOut) int { return a.addr.Compare(b.addr) })
	for a := range out {
		delete(p.selected, a)
	}
	m.diags = slices.DeleteFunc(m.diags, func(d *hcl.Diagnostic) bool {
		a, ok := m.about[d]
		return ok && (out[a] || slices.ContainsFunc(m.Exclude, func(x addr.Resource) bool { return x.Covers(a) }))
	})
}

// narrowed names the flags that leave something out.
func (m *maker) narrowed() string {
	switch {
	case len(m.Exclude) == 0:
		return "-target is"
	case len(m.Targets) == 0:
		return "-exclude is"
	}
	return "-target and -exclude are"
}

// mostLeft is how many changes a message names that are left out as well.
const mostLeft = 5

// besides names the resources that are left out without having been named.
func (p *Plan) besides() string {
	if len(p.left) == 0 {
		return ""
	}
	var all []string
	for _, l := range p.left[:min(mostLeft, len(p.left))] {
		all = append(all, fmt.Sprintf("%s, which needs %s", l.addr, l.because))
	}
	more := ""
	if n := len(p.left) - mostLeft; n > 0 {
		more = fmt.Sprintf("; and %d more", n)
	}
	return "Left out as well: " + strings.Join(all, "; ") + more + ". "
}
