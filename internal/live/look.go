package live

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/zclconf/go-cty/cty"
	"golang.org/x/sync/errgroup"

	"kiraform/internal/sched"
	"kiraform/schema/kinds"
)

// looker looks at many objects of one kind with as few requests as that takes.
type looker struct {
	base  kinds.Call // that each request begins with
	kind  *kinds.Kind
	slots chan struct{} // holds one value for each request on its way
	// see is told of every object, from many goroutines. Of an object that it
	// is shown in a row it says whether that is enough; if not, it is shown the
	// object itself later. An error ends the look.
	see func(sight) (enough bool, err error)
	// keep is told of each complete list that was read on the way, and of the
	// owners whose lists could not be; nil means that nobody wants to know.
	keep func(owner string, l listing)

	asked atomic.Int64 // requests so far

	shown map[string]cty.Value // the targets that rows have shown, as they were first shown
	doubt map[string]bool      // those that another row shows otherwise
}

// sight is one object as it was found.
type sight struct {
	id  string
	obj kinds.Object
	row bool  // it comes from a list, which may show less than the object itself
	err error // wraps kinds.ErrGone if Kira says that there is none
}

// target is an object to be looked at.
type target struct {
	id    string
	owner string // whose it is; "" if that is not known or does not matter
}

func newSlots(workers int) chan struct{} { return make(chan struct{}, cmp.Or(workers, 10)) }

// all looks at every target by its id, without lists.
func (l *looker) all(ctx context.Context, targets []target) error {
	return l.each(ctx, targets, leftOf(targets))
}

func leftOf(targets []target) map[string]bool {
	left := make(map[string]bool, len(targets))
	for _, t := range targets {
		left[t.id] = true
	}
	return left
}

// look looks at every target. Lists may shift while they are read, so a target
// that no row shows is looked at by its id.
func (l *looker) look(ctx context.Context, targets []target) error {
	left := leftOf(targets)
	var err error
	switch {
	case len(targets) == 1: // a list would cost the same and show less
	case l.kind.Page != nil:
		err = l.pages(ctx, left)
	case l.kind.List != nil && l.kind.Owner != "":
		err = l.lists(ctx, targets, left)
	}
	if err != nil {
		return err
	}
	return l.each(ctx, targets, left)
}

// each looks at the targets that are left, one request each.
func (l *looker) each(ctx context.Context, targets []target, left map[string]bool) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(l.few())
	for _, t := range targets {
		if !left[t.id] {
			continue
		}
		delete(left, t.id)
		g.Go(func() error {
			s := sight{id: t.id}
			err := l.ask(ctx, func() {
				s.obj, s.err = l.kind.Read(ctx, l.call(t.id))
			})
			if err == nil {
				_, err = l.see(s)
			}
			return err
		})
	}
	return g.Wait()
}

// pages reads pages of the list of all objects, newest first, for as long as
// that is cheaper than a request for each object that is left. The rest needs a
// page for every hundred at the least, so as many are asked for at once.
func (l *looker) pages(ctx context.Context, left map[string]bool) error {
	first, err := l.page(ctx, 0)
	if err != nil {
		return err
	}
	if first.Whole() && l.keep != nil {
		l.keep("", listingOf(first.Objects, nil))
	}
	if err := l.rows(first.Objects, left); err != nil {
		return err
	}
	size, total := first.Size, first.Total
	for offset := size; size > 0 && len(left) > 0; {
		remaining := pagesFor(total-offset, size)
		if len(left) <= remaining || remaining <= 0 {
			return nil
		}
		wave := make([]kinds.Page, min(remaining, pagesFor(len(left), size)))
		g, ctx := errgroup.WithContext(ctx)
		for i := range wave {
			g.Go(func() (err error) {
				wave[i], err = l.page(ctx, offset+i*size)
				return err
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
		for _, p := range wave {
			if err := l.rows(p.Objects, left); err != nil {
				return err
			}
			total = max(total, p.Total)
		}
		if wave[len(wave)-1].Size == 0 {
			return nil
		}
		offset += len(wave) * size
	}
	return nil
}

// pagesFor is how many pages n rows take.
func pagesFor(n, size int) int { return (n + size - 1) / size }

func (l *looker) page(ctx context.Context, offset int) (p kinds.Page, err error) {
	if e := l.ask(ctx, func() { p, err = l.kind.Page(ctx, l.call(""), offset) }); e != nil {
		return p, e
	}
	if err != nil {
		err = fmt.Errorf("list the objects of %s: %w", l.kind.Schema.Name, err)
	}
	return p, err
}

// lists reads one list for every owner of two targets or more. A list that
// cannot be read, such as that of an owner who is gone, leaves its targets to be
// looked at one by one.
func (l *looker) lists(ctx context.Context, targets []target, left map[string]bool) error {
	count := make(map[string]int)
	var owners []string
	for _, t := range targets {
		if count[t.owner]++; count[t.owner] == 2 && t.owner != "" {
			owners = append(owners, t.owner)
		}
	}
	var mu sync.Mutex // over left
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(l.few())
	for _, owner := range owners {
		g.Go(func() (err error) {
			var list []kinds.Object
			if e := l.ask(ctx, func() { list, err = l.kind.List(ctx, l.call(owner)) }); e != nil {
				return e
			}
			if err != nil && !OfOne(err) {
				return fmt.Errorf("list the %s objects of %s: %w", l.kind.Schema.Name, owner, err)
			}
			if l.keep != nil {
				l.keep(owner, listingOf(list, err))
			}
			mu.Lock()
			defer mu.Unlock()
			return l.rows(list, left) // while other lists are on their way
		})
	}
	return g.Wait()
}

// rows shows the objects that are left, and strikes them off if that is enough.
// An object may come twice when the list shifts; once is enough, unless two rows
// differ: which is right only the object itself tells.
func (l *looker) rows(objects []kinds.Object, left map[string]bool) error {
	l.compare(objects, left)
	for _, o := range objects {
		if !left[o.ID] || l.doubt[o.ID] {
			continue
		}
		enough, err := l.see(sight{id: o.ID, obj: o, row: true})
		if err != nil {
			return err
		}
		if enough {
			delete(left, o.ID)
		}
	}
	return nil
}

// compare puts the objects that rows show in two ways back into those that are left.
func (l *looker) compare(objects []kinds.Object, left map[string]bool) {
	if l.shown == nil {
		l.shown, l.doubt = make(map[string]cty.Value), make(map[string]bool)
	}
	for _, o := range objects {
		switch was, again := l.shown[o.ID]; {
		case again && !was.RawEquals(o.Seen):
			l.doubt[o.ID], left[o.ID] = true, true
		case !again && left[o.ID]:
			l.shown[o.ID] = o.Seen
		}
	}
}

// few is how many requests of many are begun at once: enough for all slots while the
// answers to others are taken in, and not so many that the pages of another kind have
// to wait for all of them.
func (l *looker) few() int { return 2 * cap(l.slots) }

func (l *looker) call(id string) kinds.Call {
	c := l.base
	c.ID = id
	return c
}

// ask does a request when a slot is free. The error is that of a context which
// ended before.
func (l *looker) ask(ctx context.Context, request func()) error {
	select {
	case l.slots <- struct{}{}:
		defer func() { <-l.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	l.asked.Add(1)
	return sched.Catch(func() error {
		request()
		return nil
	})
}
