package live

import (
	"context"
	"time"

	"kiraform/internal/addr"
	"kiraform/schema/kinds"
)

// looksApart is the least time between two looks at one object that [Watch.Look]
// asks for.
const looksApart = time.Second

// Look has an object looked at now, rather than with the next round, and returns
// at once. It costs one request, and at most one a second for each object however
// often it is called; an object that nobody waits for costs none. Those who wait
// are told of Kira's answer and of nothing else.
func (w *Watch) Look(id addr.Object) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.waitedFor(id) || w.due[id] {
		return
	}
	w.due[id] = true
	ctx := w.ctx
	time.AfterFunc(looksApart-time.Since(w.prompted[id]), func() { w.prompt(ctx, id) })
}

// prompt looks at one object. A look that fails is none: the rounds go on.
func (w *Watch) prompt(ctx context.Context, id addr.Object) {
	w.mu.Lock()
	delete(w.due, id)
	wanted := w.waitedFor(id) && ctx.Err() == nil
	if wanted {
		w.prompted[id] = time.Now()
	}
	w.mu.Unlock()
	if !wanted {
		return
	}
	k, _ := kinds.ByName(id.Kind)
	began := time.Now()
	l := &looker{base: w.base, kind: k, slots: newSlots(1), see: func(s sight) (bool, error) { return true, w.tell(k, s, began) }}
	_ = l.all(ctx, []target{{id: id.ID}})
}

func (w *Watch) waitedFor(id addr.Object) bool { return len(w.waiters[id]) > 0 }
