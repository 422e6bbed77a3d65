package engine

import (
	"maps"
	"slices"

	"kiraform/internal/event"
	"kiraform/internal/personal"
)

// Personal returns the personal values that the project has come across so far: in
// the state, at Kira, in data sources, in the values that are planned and in the texts
// of the files. A secret that is written in a file may be among them, so that they are
// for leaving out of a text only, and never kept.
func (p *Project) Personal() []event.Personal {
	if p.module == nil {
		return nil
	}
	in := p.people()
	for _, name := range slices.Sorted(maps.Keys(p.module.Files)) {
		in.Text(p.module.Files[name].Bytes)
	}
	return in.All
}

// people gathers the personal values that may be kept: no secret is among them.
func (p *Project) people() (in personal.People) {
	if p.program.Program != nil {
		in.Values(p.program, p.known)
	}
	if s := p.session; s != nil {
		in.State(s.State)
		in.State(s.was)
	}
	return in
}
