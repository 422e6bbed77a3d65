package live

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"kiraform/internal/addr"
	"kiraform/schema/kinds"
)

// witnesses find out whether objects are gone for which Kira answered 404. That
// takes two: the object's own 404, and a complete list without it. A list that
// answers 404 because its owner is gone is complete and empty, once the owner is
// gone by two witnesses itself.
type witnesses struct {
	base  kinds.Call
	slots chan struct{}

	mu    sync.Mutex
	lists map[listKey]listing
	gone  map[addr.Object]bool // by two witnesses
}

// listKey names a list: of all objects of a kind, or of those of one owner.
type listKey struct {
	kind  *kinds.Kind
	owner string // "" for all
}

// listing is a complete list, or the reason why there is none.
type listing struct {
	ids map[string]bool
	err error
}

func listingOf(objects []kinds.Object, err error) listing {
	l := listing{ids: make(map[string]bool, len(objects)), err: err}
	for _, o := range objects {
		l.ids[o.ID] = true
	}
	return l
}

func newWitnesses(base kinds.Call, slots chan struct{}) *witnesses {
	return &witnesses{base: base, slots: slots, lists: make(map[listKey]listing), gone: make(map[addr.Object]bool)}
}

// keep remembers a list that was read anyway.
func (w *witnesses) keep(key listKey, l listing) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lists[key] = l
}

// read reads at once the lists that absent will ask for.
func (w *witnesses) read(ctx context.Context, k *kinds.Kind, missing []missingObject) error {
	keys := make(map[listKey]bool)
	for _, m := range missing {
		if key, ok := keyOf(k, m.target); ok {
			keys[key] = true
		}
	}
	g, ctx := errgroup.WithContext(ctx)
	for key := range keys {
		g.Go(func() error {
			_, err := w.list(ctx, key)
			return err
		})
	}
	return g.Wait()
}

// keyOf names the list that has to have an object of k; false if it is not
// known which list that is.
func keyOf(k *kinds.Kind, t target) (listKey, bool) {
	if k.Owner == "" {
		return listKey{kind: k}, true
	}
	return listKey{k, t.owner}, t.owner != ""
}

// absent returns nil if the object t of k, for which Kira answered own, is gone,
// and otherwise why that is not certain. The error is that of a context which
// ended.
func (w *witnesses) absent(ctx context.Context, k *kinds.Kind, t target, own error) (why, err error) {
	key, ok := keyOf(k, t)
	if !ok {
		return fmt.Errorf("%w. No list can show that it is gone, since it is not known whose it is", own), nil
	}
	l, err := w.list(ctx, key)
	switch {
	case err != nil:
		return nil, err
	case errors.Is(l.err, kinds.ErrGone):
		why, err := w.ownerless(ctx, k, t.owner)
		if err != nil {
			return nil, err
		}
		if why != nil {
			return fmt.Errorf("%w. It is not certain that %s, whose it is, is gone as well: %w", own, t.owner, why), nil
		}
	case l.err != nil:
		return fmt.Errorf("%w. No complete list shows that it is gone: %w", own, l.err), nil
	case l.ids[t.id]:
		return fmt.Errorf("%w. But Kira lists it", own), nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gone[addr.Object{Kind: k.Schema.Name, ID: t.id}] = true
	return nil, nil
}

// ownerless is absent for the owner of objects of k.
func (w *witnesses) ownerless(ctx context.Context, k *kinds.Kind, id string) (why, err error) {
	owner, ok := kinds.ByName(k.Schema.OwnerAttr().Ref)
	if !ok || owner.Owner != "" {
		return errors.New("nothing shows it"), nil
	}
	w.mu.Lock()
	gone := w.gone[addr.Object{Kind: owner.Schema.Name, ID: id}]
	w.mu.Unlock()
	if gone {
		return nil, nil
	}
	l := &looker{base: w.base, kind: owner, slots: w.slots}
	var own error
	if err := l.ask(ctx, func() { _, own = owner.Read(ctx, l.call(id)) }); err != nil {
		return nil, err
	}
	switch {
	case own == nil:
		return errors.New("it can be read"), nil
	case !errors.Is(own, kinds.ErrGone):
		return own, nil
	}
	return w.absent(ctx, owner, target{id: id}, own)
}

// list reads a list, once. The error is that of a context which ended.
func (w *witnesses) list(ctx context.Context, key listKey) (listing, error) {
	w.mu.Lock()
	l, ok := w.lists[key]
	w.mu.Unlock()
	if ok {
		return l, nil
	}
	look := &looker{base: w.base, kind: key.kind, slots: w.slots}
	if err := look.ask(ctx, func() { l.ids, l.err = key.kind.Whole(ctx, look.call(key.owner)) }); err != nil {
		return l, err
	}
	w.keep(key, l)
	return l, nil
}
