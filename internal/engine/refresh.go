package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/zclconf/go-cty/cty"
	"golang.org/x/sync/errgroup"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/schema"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// refresh replaces what the state has seen of each object by what Kira shows
// now. Objects that are gone move to pl.gone, and those that cannot be read stay
// as they were, with the reason in pl.unread. The state on disk is not touched.
//
// Unless full, it reads lists where they are cheaper than a request for each
// object, and an object itself only where its row shows something new or
// nothing at all.
func (p *Project) refresh(ctx context.Context, s *Session, workers int, full bool) error {
	slots := newSlots(workers)
	r := &refresher{
		old: s.State, now: s.State.Clone(), key: s.key, emit: p.Emit, witnesses: newWitnesses(s.conn, slots),
		missing: make(map[*kinds.Kind][]missingObject), gone: make(map[addr.Resource]state.Object),
		unread: make(map[addr.Resource]error), updated: make(map[addr.Resource]time.Time), at: make(map[object]addr.Resource),
	}
	todo := make(map[*kinds.Kind][]target)
	for _, a := range s.State.Addrs() {
		k, ok := kinds.ByName(a.Kind)
		if !ok || k.Read == nil {
			continue
		}
		o := s.State.Resources[a]
		r.total++
		r.at[object{k, o.ID}] = a
		todo[k] = append(todo[k], target{o.ID, ownerOf(k, o)})
	}
	if r.total == 0 {
		return nil
	}
	p.Emit(event.Refresh{Total: r.total})
	g, gctx := errgroup.WithContext(ctx)
	for k, targets := range todo {
		l := &looker{conn: s.conn, kind: k, slots: slots,
			see:  func(s sight) (bool, error) { return r.see(k, s) },
			keep: func(owner string, is listing) { r.witnesses.keep(listKey{k, owner}, is) }}
		g.Go(func() error {
			if full {
				return l.all(gctx, targets)
			}
			return l.look(gctx, targets)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if err := r.judge(ctx); err != nil {
		return err
	}
	s.State, s.gone, s.unread, s.updated = r.now, r.gone, r.unread, r.updated
	s.Refreshed = s.Refreshed || r.moved || len(r.gone) > 0
	return nil
}

// ownerOf returns the id of the object that o belongs to, if that is known.
func ownerOf(k *kinds.Kind, o state.Object) string {
	owner := k.Schema.OwnerAttr()
	if owner == nil {
		return ""
	}
	for _, v := range []cty.Value{o.Sent.Shown(), o.Seen.Shown()} {
		if id := schema.Member(v, owner.Name); !id.IsNull() && id.Type() == cty.String && !state.IsSealed(id) {
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

	witnesses *witnesses

	mu          sync.Mutex
	now         *state.State
	missing     map[*kinds.Kind][]missingObject // one witness says that they are gone
	gone        map[addr.Resource]state.Object
	unread      map[addr.Resource]error
	updated     map[addr.Resource]time.Time // when Kira last changed each
	moved       bool                        // something is not as the state has it
	done, total int
}

// missingObject is an object for which Kira answered 404.
type missingObject struct {
	addr addr.Resource
	target
	err error // the answer
}

func (r *refresher) see(k *kinds.Kind, s sight) (enough bool, err error) {
	a := r.at[object{k, s.id}]
	o := r.old.Resources[a]
	was := o.Seen
	if s.err == nil {
		o = seeing(k, r.key, o, s)
	}
	same := s.err == nil && !was.IsZero() && o.Seen.Same(was)
	if s.row && !same && len(k.RowLacks) > 0 {
		return false, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case errors.Is(s.err, kinds.ErrGone):
		r.missing[k] = append(r.missing[k], missingObject{a, target{o.ID, ownerOf(k, o)}, s.err})
	case s.err != nil && ofOne(s.err):
		r.unread[a] = s.err
	case s.err != nil:
		return false, fmt.Errorf("look at %s: %w", a, s.err)
	default:
		r.moved = r.moved || !same
		r.now.Resources[a] = o
		r.updated[a] = s.obj.Updated
	}
	r.done++
	r.emit(event.Refresh{Done: r.done, Total: r.total})
	return true, nil
}

// judge decides which of the missing objects are gone. Kinds come in the order
// of [kinds.All], which has owners before what they own.
func (r *refresher) judge(ctx context.Context) error {
	for _, k := range kinds.All {
		if err := r.witnesses.read(ctx, k, r.missing[k]); err != nil {
			return err
		}
		for _, m := range r.missing[k] {
			why, err := r.witnesses.absent(ctx, k, m.target, m.err)
			switch {
			case err != nil:
				return err
			case why != nil:
				r.unread[m.addr] = why
			default:
				r.gone[m.addr] = r.old.Resources[m.addr]
				delete(r.now.Resources, m.addr)
			}
		}
	}
	return nil
}

// seeing returns o as it was seen. What a row cannot show stays as it was.
func seeing(k *kinds.Kind, key state.Key, o state.Object, s sight) state.Object {
	var lacks []string
	if s.row {
		lacks = k.RowLacks
	}
	o.Seen = key.Seal(k.Schema, o.Salt, carry(k.Schema, s.obj.Seen, o.Seen.Shown(), lacks...), o.Sent, o.Seen)
	return o
}
