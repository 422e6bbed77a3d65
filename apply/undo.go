package apply

import (
	"github.com/zclconf/go-cty/cty"

	"kiraform/plan"
)

// undo restores the real value of a resource whose planned change was not made,
// so that no output shows a value that was only planned.
func (r *run) undo(j *job) {
	j.undone = true
	switch k := r.Kinds[j.Addr.Kind]; {
	case j.Action == plan.Forget, j.Action == plan.Gone:
		return // nothing refers to it
	case j.Addr.Data || k == nil:
		r.plan.Known.Set(j.Addr, cty.DynamicVal)
	default:
		r.plan.Known.Set(j.Addr, plan.Real(k, r.Key, j.Config, r.st.Resources[j.Addr]))
	}
}
