package live

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// Options says how to look. Its zero value lacks Call, Key and Emit.
type Options struct {
	Call    kinds.Call             // that each request begins with: API and ClientID
	Key     state.Key              // seals the observations
	Emit    event.Sink             // is told how far the look has come
	Workers int                    // at most this many requests at once; 0 means 10
	Only    map[addr.Resource]bool // look at these alone; nil for all
	Full    bool                   // look at each object by its id rather than at lists

	// Moved is called when an object is not as the state has it, on any goroutine; nil
	// means that nobody wants to know so early.
	Moved func()

	// Rows tells that a row of a list is enough where it shows something new. The
	// attributes that it lacks are not known then: see [state.Object.Unlooked].
	Rows bool
}

// Seen is a state as Kira shows it now.
type Seen struct {
	State   *state.State                   // without the objects that are gone
	Gone    map[addr.Resource]state.Object // as the state had them
	Unread  map[addr.Resource]error        // why an object could not be looked at; State has it as it was
	Updated map[addr.Resource]time.Time    // when Kira last changed each object
	Moved   bool                           // something is not as the state had it, or is gone
}

// Refresh looks at each object of a state that Kira can show. The state itself
// is not touched.
//
// Unless o.Full, it reads lists where they are cheaper than a request for each
// object, and an object itself only where its row shows something new or
// nothing at all.
func Refresh(ctx context.Context, st *state.State, o Options) (*Seen, error) {
	slots := newSlots(o.Workers)
	r := &refresher{
		old: st, key: o.Key, emit: o.Emit, rows: o.Rows, moved: o.Moved, witnesses: newWitnesses(o.Call, slots),
		missing: make(map[*kinds.Kind][]missingObject), counted: make(map[addr.Resource]bool), at: make(map[addr.Object]addr.Resource),
		Seen: Seen{State: st.Clone(), Gone: make(map[addr.Resource]state.Object),
			Unread: make(map[addr.Resource]error), Updated: make(map[addr.Resource]time.Time)},
	}
	todo := make(map[*kinds.Kind][]target)
	for _, a := range st.Addrs() {
		k, ok := kinds.ByName(a.Kind)
		if !ok || k.Read == nil || o.Only != nil && !o.Only[a] {
			continue
		}
		have := st.Resources[a]
		r.total++
		r.at[a.Object(have.ID)] = a
		todo[k] = append(todo[k], target{have.ID, OwnerOf(k, have).ID})
	}
	if r.total == 0 {
		return &Seen{State: st}, nil
	}
	o.Emit(event.Refresh{Total: r.total})
	g, gctx := errgroup.WithContext(ctx)
	for k, targets := range todo {
		l := &looker{base: o.Call, kind: k, slots: slots,
			see:  func(s sight) (bool, error) { return r.see(k, s) },
			keep: func(owner string, is listing) { r.witnesses.keep(listKey{k, owner}, is) }}
		g.Go(func() error {
			if o.Full {
				return l.all(gctx, targets)
			}
			return l.look(gctx, targets)
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	if err := r.judge(ctx); err != nil {
		return nil, err
	}
	return &r.Seen, nil
}

// refresher takes down the observations.
type refresher struct {
	old   *state.State
	key   state.Key
	emit  event.Sink
	rows  bool // rows are enough
	moved func()
	at    map[addr.Object]addr.Resource

	witnesses *witnesses

	mu sync.Mutex // over the rest
	Seen
	missing     map[*kinds.Kind][]missingObject // one witness says that they are gone
	counted     map[addr.Resource]bool          // in done: one that rows show in two ways is seen twice
	done, total int
}

// missingObject is an object for which Kira answered 404.
type missingObject struct {
	addr addr.Resource
	target
	err error // the answer
}

func (r *refresher) see(k *kinds.Kind, s sight) (enough bool, err error) {
	a := r.at[addr.Object{Kind: k.Schema.Name, ID: s.id}]
	o := r.old.Resources[a]
	was := o.Seen
	if s.err == nil && !s.row {
		s.err = whole(k.Schema, s.obj, o)
	}
	if s.err == nil {
		o = seeing(k, r.key, o, s)
	}
	same := s.err == nil && !was.IsZero() && o.Seen.Same(was)
	switch {
	case s.row && !same && (short(k, s.obj.Seen, was.Shown()) || rewritten(k, o.Seen, was)):
		return false, nil
	case len(k.RowLacks) == 0:
	case !s.row:
		o.Unlooked = nil
	case !same && (!r.rows || was.IsZero()), len(o.Unlooked) > 0 && !r.rows:
		return false, nil
	case !same:
		seen, unlooked := withoutLacks(k, s.obj.Seen, was.Shown())
		o.Unlooked, o.Seen = unlooked, r.key.Seal(k.Schema, o.Salt, seen, o.Sent, was)
	}
	if !same && r.moved != nil {
		r.moved()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if s.err != nil && r.counted[a] { // a row that is in doubt is no observation
		r.State.Resources[a] = r.old.Resources[a]
		delete(r.Updated, a)
	}
	switch {
	case errors.Is(s.err, kinds.ErrGone):
		r.missing[k] = append(r.missing[k], missingObject{a, target{o.ID, OwnerOf(k, o).ID}, s.err})
	case s.err != nil && OfOne(s.err):
		r.Unread[a] = s.err
	case s.err != nil:
		return false, fmt.Errorf("look at %s: %w", a, s.err)
	default:
		r.Moved = r.Moved || !same
		r.State.Resources[a] = o
		r.Updated[a] = s.obj.Updated
	}
	if !r.counted[a] {
		r.counted[a] = true
		r.done++
		r.emit(event.Refresh{Done: r.done, Total: r.total})
	}
	return true, nil
}

// judge decides which of the missing objects are gone. Kinds come in the order
// of [kinds.All], which has owners before their objects.
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
				r.Unread[m.addr] = why
			default:
				r.Gone[m.addr], r.Moved = r.old.Resources[m.addr], true
				delete(r.State.Resources, m.addr)
			}
		}
	}
	return nil
}

// seeing returns o as it was seen. Attributes that a row cannot show stay as
// they were.
func seeing(k *kinds.Kind, key state.Key, o state.Object, s sight) state.Object {
	var lacks []string
	if s.row {
		lacks = k.RowLacks
	}
	o.Seen = key.Seal(k.Schema, o.Salt, Carry(k.Schema, s.obj.Seen, o.Seen.Shown(), lacks...), o.Sent, o.Seen)
	return o
}
