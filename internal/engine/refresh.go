package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"cmp"

	"golang.org/x/sync/errgroup"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/internal/sched"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// refresh replaces what the state has seen of each object by what Kira shows
// now, and returns the ids of those that Kira has no more. The state on disk
// is not touched.
func (p *Project) refresh(ctx context.Context, pl *Planned, workers int) (map[addr.Resource]string, error) {
	var todo []addr.Resource
	for _, a := range pl.State.Addrs() {
		if k, ok := kinds.ByName(a.Kind); ok && k.Read != nil {
			todo = append(todo, a)
		}
	}
	if len(todo) == 0 {
		return nil, nil
	}
	now, gone := pl.State.Clone(), make(map[addr.Resource]string)
	var mu sync.Mutex
	done := 0
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(cmp.Or(workers, 10))
	p.Emit(event.Refresh{Total: len(todo)})
	for _, a := range todo {
		g.Go(func() error {
			var o state.Object
			err := sched.Catch(func() (err error) {
				o, err = pl.look(gctx, a, pl.State.Resources[a])
				return err
			})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case errors.Is(err, kinds.ErrGone):
				gone[a] = o.ID
				delete(now.Resources, a)
			case err != nil:
				return fmt.Errorf("look at %s: %w", a, err)
			default:
				pl.Refreshed = pl.Refreshed || !o.Seen.RawEquals(now.Resources[a].Seen)
				now.Resources[a] = o
			}
			done++
			p.Emit(event.Refresh{Done: done, Total: len(todo)})
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	pl.State = now
	pl.Refreshed = pl.Refreshed || len(gone) > 0
	return gone, nil
}

// look returns o as Kira shows it now.
func (pl *Planned) look(ctx context.Context, a addr.Resource, o state.Object) (state.Object, error) {
	k, _ := kinds.ByName(a.Kind)
	got, err := k.Read(ctx, kinds.Call{API: pl.conn.API, ClientID: pl.conn.ClientID, ID: o.ID, Note: func(string) {}})
	if err != nil {
		return o, err
	}
	o.Seen = pl.key.SealLike(&k.Schema, carry(&k.Schema, got.Seen, o.Seen), o.Sent)
	return o, nil
}
