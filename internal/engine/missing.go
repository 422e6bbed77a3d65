package engine

import (
	"fmt"

	"kiraform/internal/event"
	"kiraform/state"
)

// missing warns if there was a state once: to begin without one would create
// everything a second time.
func (p *Project) missing() {
	kept, ok := p.Store.(interface {
		History() ([]state.Generation, error)
	})
	if !ok {
		return
	}
	all, err := kept.History()
	if err != nil || len(all) == 0 || all[0].Damaged != nil || all[0].Resources == 0 {
		return
	}
	p.Emit(event.Diagnostic{Severity: "warning", Code: "state-missing", Summary: "The state file is gone",
		Detail: fmt.Sprintf("There is no state, so everything counts as not yet created. But there was one (resources: %d), and it is kept: "+
			"\"kiraform state restore %d\" brings it back.", all[0].Resources, all[0].Serial)})
}
