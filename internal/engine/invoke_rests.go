package engine

import (
	"slices"

	"kiraform/internal/addr"
	"kiraform/internal/live"
	"kiraform/plan"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// rests has the objects that actions may rest on, and their planned changes. It is made
// once for all instances, since no action changes an object.
type rests struct {
	of      *state.State
	at      map[addr.Object][]addr.Resource // the addresses of an object, sorted
	gone    map[addr.Object][]addr.Resource
	objects map[addr.Resource]state.Object
	changes map[addr.Resource]*plan.Change // of all that is written, also of that which no action refers to
}

// restsOn returns the objects that actions may rest on as the state has them.
func (iv *Invoked) restsOn() *rests {
	if iv.rests != nil && iv.rests.of == iv.State {
		return iv.rests
	}
	r := &rests{of: iv.State, at: make(map[addr.Object][]addr.Resource), gone: make(map[addr.Object][]addr.Resource),
		objects: iv.State.Resources, changes: make(map[addr.Resource]*plan.Change)}
	for _, a := range iv.State.Addrs() {
		o := addr.Object{Kind: a.Kind, ID: iv.State.Resources[a].ID}
		r.at[o] = append(r.at[o], a)
	}
	for a, was := range iv.gone {
		o := addr.Object{Kind: a.Kind, ID: was.ID}
		r.gone[o] = append(r.gone[o], a)
	}
	made, _ := plan.Make(plan.Input{Program: iv.project.program, Prior: iv.State, Kinds: iv.project.schemas, Key: iv.key, Gone: iv.gone, Stay: true})
	for i := range made.Changes {
		if c := &made.Changes[i]; r.changes[c.Addr] == nil {
			r.changes[c.Addr] = c
		}
	}
	iv.rests = r
	return r
}

// managed returns the addresses of an object and of its owner, as far as they are
// managed here.
func (r *rests) managed(kind, id string) (all []addr.Resource) {
	about := []addr.Object{{Kind: kind, ID: id}}
	if owner := r.owner(kind, id); owner != "" {
		about = append(about, addr.Object{Kind: kinds.UserKind, ID: owner})
	}
	for _, o := range about {
		all = append(append(all, r.at[o]...), r.gone[o]...)
	}
	slices.SortFunc(all, addr.Resource.Compare)
	return slices.Compact(all)
}

// owner returns the id of the user that an object belongs to, if that is known.
func (r *rests) owner(kind, id string) string {
	k, ok := kinds.ByName(kind)
	if at := r.at[addr.Object{Kind: kind, ID: id}]; ok && len(at) > 0 {
		return live.OwnerOf(k, r.objects[at[0]]).ID
	}
	return ""
}
