package apply

import (
	"fmt"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/plan"
	"kiraform/schema"
)

// behind returns, by the attribute of each gate of k, the managed object whose
// id that attribute of want holds. Only the id decides: neither the order nor
// the addresses of its needs say which object a gate is about.
func (r *run) behind(k *schema.Kind, want cty.Value) map[string]Neighbour {
	found := make(map[string]Neighbour, len(k.Gates))
	for _, g := range k.Gates {
		id := schema.Member(want, g.Attr)
		if id.IsNull() || id.Type() != cty.String {
			continue
		}
		a, ok := r.owner.holder(g.Kind, id.AsString())
		if o := r.st.Resources[a]; ok && o.ID == id.AsString() {
			found[g.Attr] = Neighbour{Addr: a, ID: o.ID, Seen: o.Seen.Shown(), Whole: r.needsWhole(a)}
		}
	}
	return found
}

// needsWhole reports whether a row of a list, which lacks some attributes, is not
// enough to look at the object at a: something else may be made of these.
func (r *run) needsWhole(a addr.Resource) bool {
	if r.whole == nil {
		r.whole = make(map[addr.Resource]bool)
		var needs [][]addr.Resource
		for i := range r.plan.Changes {
			c := &r.plan.Changes[i]
			if c.MadeOfIDs(r.Kinds) {
				continue
			}
			needs = append(needs, c.Needs)
		}
		r.plan.Each(func(a addr.Resource) { r.whole[a] = true }, needs...)
	}
	return r.Whole || r.whole[a]
}

// looked stores observations of other objects under the addresses that hold
// those objects. An address that has another object by now keeps its own.
func (r *run) looked(h Hold) {
	for _, n := range h.Looked {
		o, ok := r.st.Resources[n.Addr]
		if !ok || o.ID != n.ID {
			continue
		}
		k := r.Kinds[n.Addr.Kind]
		o.Seen = r.Key.Seal(k, o.Salt, n.Seen, o.Sent, o.Seen)
		o.Unlooked = n.Unlooked
		r.st.Resources[n.Addr] = o
		j, planned := r.jobs[n.Addr]
		if planned && !j.undone && j.wrote != cty.NilVal {
			r.plan.Known.Set(n.Addr, plan.Propose(k, j.wrote, n.Seen, n.Unlooked...))
			continue
		}
		now, diags := r.Program.Eval(n.Addr, r.plan.Known)
		switch {
		case diags.HasErrors():
		case !planned || j.undone:
			r.plan.Known.Set(n.Addr, plan.Real(k, r.Key, now.Config, o))
		default:
			r.plan.Known.Set(n.Addr, plan.Propose(k, plan.Standing(k, r.Key, now, o), n.Seen, n.Unlooked...))
		}
	}
}

// identify returns a *mixedError if seen shows another object than the one
// with that id. Nothing that was seen may be stored before it was asked.
func identify(id string, seen cty.Value) error {
	is := schema.Member(seen, "id")
	if is.IsNull() || is.Type() != cty.String || is.AsString() == id {
		return nil
	}
	return &mixedError{want: id, got: is.AsString()}
}

// mixedError is an observation of one object that was about to be stored as
// another's. It ends the run: one person's data must not become another's.
type mixedError struct{ want, got string }

func (e *mixedError) Error() string {
	return fmt.Sprintf("the answer for %s is about %s: this is a bug of kiraform, and the run was ended before the two were mixed up", e.want, e.got)
}
