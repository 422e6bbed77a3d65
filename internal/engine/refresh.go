package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/zclconf/go-cty/cty"
	"golang.org/x/sync/errgroup"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/schema"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// refresh replaces what the state has seen of each object by what Kira shows
// now, and returns the ids of those that Kira has no more. The state on disk
// is not touched.
//
// Unless full, it reads lists where they are cheaper than a request for each
// object, and an object itself only where its row shows something new or
// nothing at all.
func (p *Project) refresh(ctx context.Context, pl *Planned, workers int, full bool) (map[addr.Resource]string, error) {
	r := &refresher{
		old: pl.State, now: pl.State.Clone(), key: pl.key, emit: p.Emit,
		gone: make(map[addr.Resource]string), at: make(map[object]addr.Resource),
	}
	todo := make(map[*kinds.Kind][]target)
	for _, a := range pl.State.Addrs() {
		k, ok := kinds.ByName(a.Kind)
		if !ok || k.Read == nil {
			continue
		}
		o := pl.State.Resources[a]
		r.total++
		r.at[object{k, o.ID}] = a
		todo[k] = append(todo[k], target{o.ID, ownerOf(k, o)})
	}
	if r.total == 0 {
		return nil, nil
	}
	p.Emit(event.Refresh{Total: r.total})
	slots := newSlots(workers)
	g, ctx := errgroup.WithContext(ctx)
	for k, targets := range todo {
		l := &looker{conn: pl.conn, kind: k, slots: slots, see: func(s sight) (bool, error) { return r.see(k, s) }}
		g.Go(func() error {
			if full {
				return l.all(ctx, targets)
			}
			return l.look(ctx, targets)
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	pl.State = r.now
	pl.Refreshed = pl.Refreshed || r.moved || len(r.gone) > 0
	return r.gone, nil
}

// ownerOf returns the id of the user that o belongs to, if that is known.
func ownerOf(k *kinds.Kind, o state.Object) string {
	for _, v := range []cty.Value{o.Sent, o.Seen} {
		if id := schema.Member(v, k.Owner); !id.IsNull() && id.Type() == cty.String && !state.IsSealed(id) {
			return id.AsString()
		}
	}
	return ""
}

type object struct {
	kind *kinds.Kind
	id   string
}

// refresher takes down what is seen.
type refresher struct {
	old  *state.State
	key  state.Key
	emit event.Sink
	at   map[object]addr.Resource

	mu          sync.Mutex
	now         *state.State
	gone        map[addr.Resource]string
	moved       bool // something is not as the state has it
	done, total int
}

func (r *refresher) see(k *kinds.Kind, s sight) (enough bool, err error) {
	a := r.at[object{k, s.id}]
	o := r.old.Resources[a]
	was := o.Seen
	if s.err == nil {
		o = seeing(k, r.key, o, s)
	}
	same := s.err == nil && was != cty.NilVal && o.Seen.RawEquals(was)
	if s.row && !same && len(k.RowLacks) > 0 {
		return false, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case errors.Is(s.err, kinds.ErrGone):
		r.gone[a] = o.ID
		delete(r.now.Resources, a)
	case s.err != nil:
		return false, fmt.Errorf("look at %s: %w", a, s.err)
	default:
		r.moved = r.moved || !same
		r.now.Resources[a] = o
	}
	r.done++
	r.emit(event.Refresh{Done: r.done, Total: r.total})
	return true, nil
}

// seeing returns o as it was seen. What a row cannot show stays as it was.
func seeing(k *kinds.Kind, key state.Key, o state.Object, s sight) state.Object {
	var lacks []string
	if s.row {
		lacks = k.RowLacks
	}
	o.Seen = key.SealLike(&k.Schema, carry(&k.Schema, s.obj.Seen, o.Seen, lacks...), o.Sent)
	return o
}
