package engine

import (
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/tell"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// written is the written object of a change, as it enters digests.
type written struct {
	tell.LeafWriter
	of     *plan.Change
	kind   *schema.Kind // nil if nothing is written, or the kind is not known
	sealed state.Sealed

	sources *tell.Sources
	all     tell.Leaves // see leaves; nil before they are needed
}

func (pl *Proposal) written(c *plan.Change) *written {
	w := &written{LeafWriter: tell.LeafWriter{Key: pl.key, Addr: c.Addr.String()}, of: c, sources: pl.sources()}
	if k, ok := pl.project.schemas[c.Addr.Schema()]; ok && !c.Config.IsNull() {
		w.kind, w.sealed = k, pl.sealed(k, c)
	}
	return w
}

// leaves returns all leaves, and how those are written that are not known. They are not
// to be changed.
func (w *written) leaves() tell.Leaves {
	if w.all != nil {
		return w.all
	}
	w.all = make(tell.Leaves)
	whole := w.sealed.Shown()
	w.Add(w.all, nil, whole)
	for name := range whole.Elements() {
		addSources(w.all, w.sources, w.of, name.AsString())
	}
	return w.all
}

// digest covers the values, sealed, or how they are written where they are not known;
// and the changes that have to be made first.
func (w *written) digest() string {
	if w.kind == nil {
		return w.Key.Digest(cty.EmptyTupleVal)
	}
	return digestOf(w.Key, w.leaves(), "(needs)", w.sources.Needs(w.of.Needs))
}
