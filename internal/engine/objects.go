package engine

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/internal/tell"
	"kiraform/plan"
)

// objects packs the objects of all resources, in the order of their addresses: as
// they are shown, a line of JSON each, compressed. Of a resource that changes it has
// the objects alone: the rest stands in [PlanFile.Changes].
func (pl *Proposal) objects() []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	enc := json.NewEncoder(w)
	for i := range pl.Changes {
		c := &pl.Changes[i]
		r := event.Reviewed{Planned: event.Planned{Addr: c.Addr.String()}}
		if c.Action == plan.NoOp && c.Moved == (addr.Resource{}) {
			r.Planned = pl.planned(c)
			r.Nodes, r.Hidden = nil, 0
		}
		r.Before, r.Result = pl.sides(c)
		err = errors.Join(err, enc.Encode(r))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		panic(fmt.Sprintf("engine: objects cannot be packed: %v", err))
	}
	return b.Bytes()
}

// everything returns all resources of the plan, in the order of their addresses. The
// file is signed, so that a mistake in it is ours.
func (f *PlanFile) everything() []event.Reviewed {
	changes := make(map[string]*SavedChange, len(f.Changes))
	for i := range f.Changes {
		changes[f.Changes[i].Addr] = &f.Changes[i]
	}
	all := make([]event.Reviewed, 0, len(f.Changes)+f.Unchanged)
	unpacked, err := gzip.NewReader(bytes.NewReader(f.Objects))
	for dec := json.NewDecoder(unpacked); err == nil; {
		var r event.Reviewed
		if err = dec.Decode(&r); err != nil {
			break
		}
		if c := changes[r.Addr]; c != nil {
			r.Planned, r.Final = c.event(), c.Final
		}
		all = append(all, r)
	}
	if !errors.Is(err, io.EOF) {
		panic(fmt.Sprintf("engine: the objects of a saved plan cannot be read: %v", err))
	}
	return all
}

// sides returns the object of a change as it is, and as it will be.
func (pl *Proposal) sides(c *plan.Change) (is, will []event.Node) {
	k := pl.project.schemas[c.Addr.Schema()]
	if k == nil {
		return nil, nil
	}
	if c.Prior.ID != "" {
		o := c.Prior
		if !c.Config.IsNull() && c.Config.ContainsMarked() { // a value that is a secret now was one already
			want := pl.sealed(k, c)
			o.Seen, o.Sent = pl.key.Seal(k, o.Salt, o.Seen.Shown(), want), pl.key.Seal(k, o.Salt, o.Sent.Shown(), want)
		}
		is = tell.Object(c.Addr, k, o).Nodes
	}
	return is, tell.Attrs(k, c.After.Value())
}
