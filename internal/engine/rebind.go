package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"kiraform/internal/addr"
	"kiraform/internal/live"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// Rebinding is a state that may be bound to another place than it was of. Close
// it when it is no longer needed.
type Rebinding struct {
	*Session
	Of      state.Place     // zero if the state did not say
	To      state.Place     // where its objects were looked for
	Found   int             // objects that live there
	Missing []addr.Resource // objects that do not, or that cannot be read, sorted
	Unread  []addr.Resource // objects that Kira never shows, sorted

	Failed map[addr.Resource]error // why an object of Missing cannot be read, though it may be there
}

// Rebind reads every object of the state by its id at the place of this run.
// Nothing is changed, neither at Kira nor in the state: that is for Bind.
func (p *Project) Rebind(ctx context.Context, workers int) (*Rebinding, error) {
	st, err := p.Store.Load(ctx)
	if err != nil {
		return nil, err
	}
	if st == nil {
		return nil, errors.New("there is no state yet, so there is nothing to bind. The first apply binds it")
	}
	key, err := p.keyOf(st)
	if err != nil {
		return nil, err
	}
	now, err := p.Where(ctx)
	if err != nil {
		return nil, err
	}
	of := st.Place
	if now.Address == "" && now.World == "" { // none to look in
		if err := p.admit(of, now); err != nil {
			return nil, err
		}
	}
	st.Place = state.Place{}
	conn, err := p.connect(ctx, st)
	if err != nil {
		return nil, err
	}
	r := &Rebinding{Session: &Session{State: st, was: st, project: p, key: key, conn: conn}, Of: of, To: conn.Place,
		Failed: make(map[addr.Resource]error)}
	if err := r.look(ctx, workers); err != nil {
		return r, p.hide(err)
	}
	return r, nil
}

// look reads each object.
func (r *Rebinding) look(ctx context.Context, workers int) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(max(workers, 1))
	var mu sync.Mutex
	for _, a := range r.State.Addrs() {
		k, ok := kinds.ByName(a.Kind)
		if !ok || k.Read == nil {
			r.Unread = append(r.Unread, a)
			continue
		}
		g.Go(func() error {
			_, err := k.Read(ctx, r.conn.call(r.State.Resources[a].ID))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case errors.Is(err, kinds.ErrGone):
				r.Missing = append(r.Missing, a)
			case err != nil && live.OfOne(err):
				r.Missing = append(r.Missing, a)
				r.Failed[a] = r.project.hide(err)
			case err != nil:
				return fmt.Errorf("look at %s: %w", a, err)
			default:
				r.Found++
			}
			return nil
		})
	}
	err := g.Wait()
	slices.SortFunc(r.Missing, addr.Resource.Compare)
	return err
}

// Unproven reports whether nothing speaks for the objects that Kira never shows:
// no other object of the state lives here, or the account is another one. Their
// attributes count as never sent then.
func (r *Rebinding) Unproven() bool {
	return len(r.Unread) > 0 && (r.Found == 0 || r.Of.Account != r.To.Account)
}

// same reports whether all speaks for the place being the old one under another
// address: a world on this machine that has each object of the state.
func (r *Rebinding) same() bool {
	of := r.Of
	of.Address = r.To.Address
	moved := of == r.To && r.Of.Loopback() && r.To.Loopback()
	return (moved || r.Of.IsZero()) && r.Found > 0 && len(r.Missing) == 0
}

// Unanswered returns the addresses, sorted, of creates that were never answered
// and cannot be sent once more here: their objects live at another place.
func (r *Rebinding) Unanswered() (out []addr.Resource) {
	if r.Of == r.To || r.same() {
		return nil
	}
	for _, in := range r.State.Open() {
		if in.Creates() && in.Unanswered() {
			out = append(out, in.Addr)
		}
	}
	return slices.Compact(out)
}

// Bind makes the state one of the place that its objects were looked for at.
func (p *Project) Bind(ctx context.Context, r *Rebinding) error {
	if r.Unproven() {
		for _, a := range r.Unread {
			o := r.State.Resources[a]
			o.Sent = state.Sealed{}
			r.State.Resources[a] = o
		}
	}
	r.State.Place = r.Of
	gone := slices.DeleteFunc(slices.Clone(r.Missing), func(a addr.Resource) bool { return r.Failed[a] != nil })
	r.State.Rebind(r.To, r.same(), gone, p.now().UTC().Truncate(time.Second))
	return p.save(ctx, r.State)
}
