package plan

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
)

// target leaves in the changes and in p.Moves only those that m.Targets name
// and their needs, without those that m.Exclude names and their dependants.
func (m *maker) target(p *Plan) {
	if len(m.Targets) == 0 && len(m.Exclude) == 0 {
		return
	}
	all := Plan{Changes: m.changes, Known: m.known}
	if len(m.Targets) > 0 {
		p.selected = m.targeted(&all, p)
		m.silence(p.selected)
	} else {
		p.selected = make(map[addr.Resource]bool)
		for _, a := range all.Graph().Nodes() {
			p.selected[a] = true
		}
	}
	m.exclude(&all, p)
	p.Moves = m.selected(p.Moves, p.selected)
	m.changes = slices.DeleteFunc(m.changes, func(c Change) bool {
		if p.selected[c.Addr] {
			return false
		}
		m.undo(&c)
		return true
	})
}

// targeted returns the resources that m.Targets name, and their needs.
func (m *maker) targeted(all, p *Plan) map[addr.Resource]bool {
	var from []addr.Resource
	for _, t := range m.Targets {
		n := len(from)
		for i := range m.changes {
			if t.Covers(m.changes[i].Addr) {
				from = append(from, m.changes[i].Addr)
			}
		}
		from = append(from, m.unplanned(t)...)
		former := slices.ContainsFunc(p.Moves, func(mv Move) bool { return t.Covers(mv.From) })
		if len(from) == n && !former && len(m.stuck(t)) == 0 {
			m.diags = append(m.diags, diag.Error("no-such-target", nil, "Nothing to target",
				"There is no resource %s in the configuration or in the state.%s Check the address with \"kiraform state list\".", t, m.nearest(t)))
		}
	}
	return all.Graph().Reach(from...)
}

// nearest proposes the address that was probably meant.
func (m *maker) nearest(a addr.Resource) string {
	var known []string
	for i := range m.changes {
		known = append(known, m.changes[i].Addr.String())
	}
	return diag.DidYouMean(a.String(), known)
}

// stuck returns the blocks that t is about and of which it is not known which
// resources they have, in no order.
func (m *maker) stuck(t addr.Resource) (blocks []addr.Resource) {
	for _, unsure := range []map[addr.Resource]bool{m.failed, m.open} {
		for b, is := range unsure {
			if is && t.Block().Covers(b) {
				blocks = append(blocks, b)
			}
		}
	}
	return blocks
}

// belong records that the diagnostics after the first n are about a.
func (m *maker) belong(a addr.Resource, n int) {
	for _, d := range m.diags[n:] {
		m.about[d] = a
	}
}

// unplanned returns the resources that t covers and that have diagnostics, but
// no change, since they could not be evaluated.
func (m *maker) unplanned(t addr.Resource) (found []addr.Resource) {
	for _, a := range m.about {
		if _, planned := m.at[a]; !planned && t.Covers(a) && m.names[a] {
			found = append(found, a)
		}
	}
	return found
}

// silence takes out the diagnostics of resources that are not selected, and of
// blocks without instances that nothing selected refers to.
func (m *maker) silence(selected map[addr.Resource]bool) {
	var roots []addr.Resource
	for a := range selected {
		roots = append(roots, a.Block())
	}
	for _, t := range m.Targets {
		roots = append(roots, m.stuck(t)...)
	}
	blocks := m.Program.Blocks().Reach(roots...)
	m.diags = slices.DeleteFunc(m.diags, func(d *hcl.Diagnostic) bool {
		a, ok := m.about[d]
		return ok && !selected[a] && !(m.unsure(a) && blocks[a])
	})
}

// partial warns that there may be more to do than p has.
func (m *maker) partial(p *Plan) {
	if p.Partial() && !m.diags.HasErrors() {
		d := diag.Warning("partial-plan", nil, "Only a part is planned",
			"%s in effect, so this plan may not have all that the configuration asks for. %s"+
				"To plan everything, run \"kiraform plan\".", m.narrowed(), p.besides())
		if m.Destroy {
			d = diag.Warning("partial-plan", nil, "Only a part is planned",
				"%s in effect, so this plan may not forget everything. %sTo plan everything, run \"kiraform plan -destroy\".", m.narrowed(), p.besides())
		}
		m.diags = append(m.diags, d)
	}
}

// replaces reports an address that -replace names and at which the plan has
// nothing.
func (m *maker) replaces() {
	for _, t := range m.Replace {
		if slices.ContainsFunc(m.changes, func(c Change) bool {
			return t.Covers(c.Addr) && c.Action != Forget && c.Action != Gone && c.Action != Read
		}) {
			continue
		}
		left := ""
		switch {
		case len(m.Exclude) > 0:
			left = ", or it is left out"
		case len(m.Targets) > 0:
			left = ", or -target leaves it out"
		}
		m.diags = append(m.diags, diag.Error("no-such-target", nil, "Nothing to replace",
			"There is no resource %s in the configuration%s, so -replace cannot replace it. Check the address with \"kiraform state list\".", t, left))
	}
}

// selected returns the moves of which both ends are selected, and reports
// those of which one is.
func (m *maker) selected(moves []Move, keep map[addr.Resource]bool) (in []Move) {
	if len(m.Targets) == 0 {
		return m.leaving(moves, keep)
	}
	var missing []string
	for _, mv := range moves {
		named := slices.ContainsFunc(m.Targets, func(t addr.Resource) bool { return t.Covers(mv.From) })
		switch old := named || keep[mv.From]; {
		case old && keep[mv.To]:
			in = append(in, mv)
		case old:
			missing = append(missing, "-target="+mv.To.Shell())
		case keep[mv.To]:
			missing = append(missing, "-target="+mv.From.Shell())
		}
	}
	m.halfMoved("-target selects one end of that only. Add", missing)
	return in
}

// leaving returns the moves to addresses that are not left out. An object that does not
// leave its address keeps it, so that nothing else may come there: those that would are
// reported.
func (m *maker) leaving(moves []Move, keep map[addr.Resource]bool) (in []Move) {
	stays := make(map[addr.Resource]bool)
	for more := true; more; {
		more = false
		for _, mv := range moves {
			if !stays[mv.From] && (!keep[mv.To] || stays[mv.To]) {
				stays[mv.From], more = true, true
			}
		}
	}
	var missing []string
	for _, mv := range moves {
		switch {
		case !stays[mv.From]:
			in = append(in, mv)
		case keep[mv.From]:
			missing = append(missing, "-exclude="+mv.From.Shell())
		}
	}
	m.halfMoved("-exclude leaves out one end of that only, while something else comes to the other. Add", missing)
	return in
}

func (m *maker) halfMoved(why string, missing []string) {
	if len(missing) == 0 {
		return
	}
	slices.Sort(missing)
	m.diags = append(m.diags, diag.Error("half-a-move", nil, "Only one end of a move is selected",
		"Objects have moved to other addresses, and %s: %s", why, strings.Join(slices.Compact(missing), " ")))
}
