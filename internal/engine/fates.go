package engine

import (
	"kiraform/apply"
	"kiraform/internal/addr"
	"kiraform/internal/event"
)

// fates has how a run went for each action, so that none is counted twice.
type fates map[addr.Resource]apply.Fate

// count adds them up.
func (f fates) count() (n event.Invocations) {
	for _, fate := range f {
		switch fate {
		case apply.Done:
			n.Run++
		case apply.Failed:
			n.Failed++
		case apply.Skipped:
			n.Skipped++
		case apply.Deferred:
			n.Deferred++
		default:
			n.Undone++
		}
	}
	return n
}

// settle counts the actions, those of planned included that nobody came to, and says of
// these why. Those that are due still have to wait if left says why, and else the run
// ended before them.
func (f fates) settle(p *Project, pl *Proposal, planned []dueRun, left string, sum *apply.Summary) {
	open := make(map[addr.Resource]bool)
	for _, t := range p.dueIn(pl, pl.State) {
		open[t.action] = true
	}
	for i := range planned {
		d := &planned[i]
		if _, known := f[d.addr]; known || pl.leftOut(d.addr) {
			continue
		}
		switch {
		case open[d.action] && d.open:
			p.putOffDue(f, d.addr, "the plan could not say which instances there are; the next one can")
		case open[d.action] && left != "":
			p.putOffDue(f, d.addr, left)
		case open[d.action] && d.later:
			p.putOffDue(f, d.addr, d.planned(p).Why)
		case open[d.action]:
			f[d.addr] = apply.Undone
		default:
			f.follow(p, d, sum)
		}
	}
	sum.Actions = f.count()
}

// follow finds the fate of an action that is not due in the state by that of the objects
// whose creation triggers it. If they were there already, it has none.
func (f fates) follow(p *Project, d *dueRun, sum *apply.Summary) {
	fate := apply.Done
	for _, by := range d.by {
		switch is := sum.Fate(by); {
		case is == apply.Failed || is == apply.Skipped:
			f[d.addr] = apply.Skipped
			p.Emit(event.Skip{Addr: d.addr.String(), Cause: by.String()})
			return
		case is == apply.Undone:
			fate = apply.Undone
		case is == apply.Deferred && fate != apply.Undone:
			fate = apply.Deferred
		}
	}
	switch {
	case d.later:
		p.putOffDue(f, d.addr, d.planned(p).Why)
	case fate == apply.Undone:
		f[d.addr] = apply.Undone
	case fate == apply.Deferred:
		p.putOffDue(f, d.addr, "it is triggered by the creation of "+d.by[0].String()+", which is deferred")
	}
}
