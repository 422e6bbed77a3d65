package engine

import (
	"context"
	"fmt"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/live"
	"kiraform/schema"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// holders has the addresses of the objects of a state.
type holders map[addr.Object]addr.Resource

func holdersIn(st *state.State) holders {
	all := make(holders, len(st.Resources))
	for a, o := range st.Resources {
		all[a.Object(o.ID)] = a
	}
	return all
}

// unready says which object of st an action is for that exists and cannot be used yet, and
// the thing that Kira has to provide; "" if there is none. An object for which look returns
// another observation than the state has is judged by that; nil looks at none.
func (h holders) unready(st *state.State, config cty.Value, look func(k *kinds.Kind, o state.Object) cty.Value) string {
	if config == cty.NilVal {
		return ""
	}
	for _, n := range kinds.Named {
		id, _ := schema.Member(config, n.Attr).Unmark()
		k, ok := kinds.ByName(n.Kind)
		if !ok || k.Schema.Waiting == nil || id == cty.NilVal || id.IsNull() || !id.IsKnown() || id.Type() != cty.String {
			continue
		}
		a, managed := h[addr.Object{Kind: n.Kind, ID: id.AsString()}]
		if !managed {
			continue
		}
		o := st.Resources[a]
		lacks := k.Schema.Waiting(o.Seen.Shown())
		if lacks != "" && look != nil {
			lacks = k.Schema.Waiting(look(k, o))
		}
		if lacks != "" {
			return fmt.Sprintf("%s waits for %s, and Kira has to provide it first", a, lacks)
		}
	}
	return ""
}

// unready is [holders.unready] once the run has changed what it could. Each such object
// is looked at again: Kira may have provided it since.
func (r *invokeRun) unready(ctx context.Context, config cty.Value) string {
	if r.holders == nil {
		r.holders = holdersIn(r.st)
	}
	return r.holders.unready(r.st, config, func(k *kinds.Kind, o state.Object) cty.Value {
		if now, err := live.Read(ctx, k, r.iv.conn.call(o.ID), o.Seen.Shown()); err == nil {
			return now.Seen
		}
		return o.Seen.Shown()
	})
}
