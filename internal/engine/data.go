package engine

import (
	"context"
	"errors"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/plan"
	"kiraform/schema/kinds"
)

// data looks at every data source of which all is known by now. It reports
// whether there was one.
func (f *finder) data(ctx context.Context, made *plan.Plan) (bool, error) {
	any := false
	for i := range made.Changes {
		c := &made.Changes[i]
		if c.Action != plan.Read || f.seen[c.Addr] || c.Pending != (addr.Resource{}) {
			continue
		}
		want, _ := c.Config.UnmarkDeep()
		if !want.IsWhollyKnown() {
			continue
		}
		f.seen[c.Addr] = true
		d, _ := kinds.DataByName(c.Addr.Kind)
		call := f.call()
		call.Want = want
		v, err := d.Look(ctx, call)
		if errors.Is(err, kinds.ErrGone) {
			how := diag.Error
			if f.s.project.program.Scoped(c.Addr) { // in a check block
				how = diag.Warning
			}
			f.say(how("no-such-data", f.in.Program.Locate(c.Addr, nil), "Nothing found",
				"Kira has no %s as %s asks for. Correct its arguments, or take it away.", strings.TrimPrefix(c.Addr.Kind, "kira_"), c.Addr))
			v, err = cty.DynamicVal, nil
		}
		if err != nil {
			if err := f.unread(c.Addr, err); err != nil {
				return false, err
			}
			continue
		}
		f.in.Data[c.Addr], any = v, true
	}
	return any, nil
}
