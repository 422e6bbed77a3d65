package engine

import (
	"context"
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/internal/personal"
	"kiraform/plan"
)

// Personal returns the personal values that the project has come across so far: in
// the state, at Kira, in data sources, in the values that are planned and in the texts
// of the files. A secret that is written in a file may be among them, so that they are
// for leaving out of a text only, and never kept.
func (p *Project) Personal() []event.Personal {
	if p.module == nil {
		return nil
	}
	in := p.people(context.Background(), nil)
	for _, name := range slices.Sorted(maps.Keys(p.module.Files)) {
		in.Text(p.module.Files[name].Bytes)
	}
	return in.All
}

// people gathers the personal values that may be kept: no secret is among them. What
// the changes of a plan have is not evaluated again. It ends early if ctx does.
func (p *Project) people(ctx context.Context, planned []plan.Change) personal.People {
	in := personal.People{Kinds: p.schemas}
	if p.program.Program != nil {
		configs := make(map[addr.Resource]cty.Value, len(planned))
		for i := range planned {
			if c := &planned[i]; c.Config != cty.NilVal && !c.Config.IsNull() {
				configs[c.Addr] = c.Config
			}
		}
		in.Values(ctx, p.program, p.known, func(a addr.Resource) (cty.Value, bool) {
			v, ok := configs[a]
			return v, ok
		})
	}
	if s := p.session; s != nil {
		in.State(ctx, s.State)
		if s.was != s.State {
			in.State(ctx, s.was)
		}
	}
	return in
}
