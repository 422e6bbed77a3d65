package apply

import (
	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/event"
)

// complete ends j, of which nothing is left to do, and lets its dependants go
// on. If a postcondition of it does not hold, j has failed after all: its
// object stays, and its dependants are skipped.
func (r *run) complete(j *job) {
	diags := r.Program.Check(j.Addr, r.plan.Known.GetLater(j.Addr), r.plan.Known)
	if !diags.HasErrors() {
		r.walk.Done(j.Addr)
		return
	}
	if r.sum.Unmet == nil {
		r.sum.Unmet = make(map[addr.Resource]hcl.Diagnostics)
	}
	r.sum.Unmet[j.Addr] = diags
	j.fate = Failed
	r.Emit(event.End{Addr: j.Addr.String(), Action: string(j.Action), ID: r.st.Resources[j.Addr].ID, Err: event.Foreign(firstError(diags))})
	r.skip(j)
}
