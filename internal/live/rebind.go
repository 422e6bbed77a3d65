package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"kiraform/internal/addr"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// Rebinding is a state that may be bound to another place than it was of.
type Rebinding struct {
	Of      state.Place     // zero if the state did not say
	To      state.Place     // where its objects were looked for
	Found   int             // objects that live there
	Missing []addr.Resource // objects that do not, or that cannot be read, sorted
	Unshown []addr.Resource // objects that Kira never shows, sorted

	Failed map[addr.Resource]error // why an object of Missing cannot be read, though it may be there

	state *state.State
}

// Rebind reads every object of st by its id at the place to. The state itself is not
// touched.
func Rebind(ctx context.Context, st *state.State, of, to state.Place, call kinds.Call, workers int) (*Rebinding, error) {
	r := &Rebinding{Of: of, To: to, Failed: make(map[addr.Resource]error), state: st}
	return r, r.look(ctx, call, workers)
}

// look reads each object.
func (r *Rebinding) look(ctx context.Context, call kinds.Call, workers int) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(max(workers, 1))
	var mu sync.Mutex
	for _, a := range r.state.Addrs() {
		k, ok := kinds.ByName(a.Kind)
		if !ok || k.Read == nil {
			r.Unshown = append(r.Unshown, a)
			continue
		}
		g.Go(func() error {
			c := call
			c.ID = r.state.Resources[a].ID
			_, err := k.Read(ctx, c)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case errors.Is(err, kinds.ErrGone):
				r.Missing = append(r.Missing, a)
			case err != nil && OfOne(err):
				r.Missing = append(r.Missing, a)
				r.Failed[a] = err
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
	return len(r.Unshown) > 0 && (r.Found == 0 || r.Of.Account != r.To.Account)
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
	for _, in := range r.state.Open() {
		if in.Creates() && in.Unanswered() {
			out = append(out, in.Addr)
		}
	}
	return slices.Compact(out)
}

// Bind makes the state one of the place that its objects were looked for at.
func (r *Rebinding) Bind(at time.Time) {
	if r.Unproven() {
		for _, a := range r.Unshown {
			o := r.state.Resources[a]
			o.Sent = state.Sealed{}
			r.state.Resources[a] = o
		}
	}
	r.state.Place = r.Of
	gone := slices.DeleteFunc(slices.Clone(r.Missing), func(a addr.Resource) bool { return r.Failed[a] != nil })
	r.state.Rebind(r.To, r.same(), gone, at)
}
