package plan

import (
	"slices"

	"kiraform/internal/addr"
	"kiraform/schema"
	"kiraform/state"
)

// Without takes changes out of p: those at the given addresses, and every
// change that needs one of them. The others stay as they were planned.
func (p *Plan) Without(leave []addr.Resource, kinds map[string]*schema.Kind, key state.Key) {
	walk := p.Graph().Walk()
	gone := make(map[addr.Resource]bool)
	for i := range p.Changes {
		if c := &p.Changes[i]; c.Action != NoOp && slices.ContainsFunc(leave, func(a addr.Resource) bool { return a.Covers(c.Addr) }) {
			for _, a := range walk.Skip(c.Addr) {
				gone[a] = true
			}
		}
	}
	stays := make(map[addr.Resource]bool) // a resource without a change stays, whatever it needs
	for i := range p.Changes {
		stays[p.Changes[i].Addr] = p.Changes[i].Action == NoOp
	}
	p.Changes = slices.DeleteFunc(p.Changes, func(c Change) bool {
		if !gone[c.Addr] || stays[c.Addr] {
			return false
		}
		if k, ok := kinds[c.Addr.Kind]; ok && !c.Addr.Data {
			p.Known.Set(c.Addr, Real(k, key, c.Config, c.Prior))
		}
		return true
	})
	p.leave(p.Changes, func(a addr.Resource) bool { return gone[a] && !stays[a] })
}
