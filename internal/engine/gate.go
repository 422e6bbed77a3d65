package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/apply"
	"kiraform/internal/addr"
	"kiraform/schema"
	"kiraform/schema/kinds"
)

// Hold implements [apply.Provider]: it looks whether the gates of op's kind
// are open.
func (p provider) Hold(ctx context.Context, op apply.Op) (apply.Hold, error) {
	hold := apply.Hold{Looked: make(map[addr.Resource]cty.Value)}
	for _, g := range op.Kind.Gates {
		id := schema.Member(op.Want, g.Attr)
		other, ok := kinds.ByName(g.Kind)
		if id.IsNull() || !ok {
			continue
		}
		a, managed := owner(op, g)
		if managed && g.Opens(text(schema.Member(op.Near[a], g.Field))) {
			continue // it was seen to be open, by the plan or in this run
		}
		o, err := other.Read(ctx, kinds.Call{API: p.conn.API, ID: id.AsString()})
		name := g.Kind + " " + id.AsString()
		if managed {
			name = a.String()
		}
		switch {
		case errors.Is(err, kinds.ErrGone):
			return hold, &closedError{fmt.Sprintf("there is no %s at Kira", name)}
		case err != nil:
			return hold, fmt.Errorf("look at %s: %w", name, err)
		case managed:
			hold.Looked[a] = o.Seen
		}
		switch is := text(schema.Member(o.Seen, g.Field)); {
		case slices.Contains(g.Closed, is):
			return hold, &closedError{fmt.Sprintf("%s is %s at Kira, not %s. %s", name, is, g.Open[0], g.Advice)}
		case !g.Opens(is) && g.Open == nil:
			hold.Reason = fmt.Sprintf("%s %s yet, and Kira has to provide it", name, g.Stands(is))
			return hold, nil
		case !g.Opens(is):
			hold.Reason = fmt.Sprintf("%s %s, waiting for Kira to make it %s", name, g.Stands(is), g.Open[0])
			return hold, nil
		}
	}
	return hold, nil
}

// closedError is a gate that will not open by itself.
type closedError struct{ text string }

func (e *closedError) Error() string { return e.text }

// Refused tells that nothing was sent.
func (e *closedError) Refused() bool { return true }

// Await implements [apply.Provider]: it returns when it is time to look again.
// Looks come further apart the longer something waits, up to ten seconds.
func (p provider) Await(ctx context.Context, op apply.Op) {
	select {
	case <-time.After(p.poll.next(op.Addr)):
	case <-ctx.Done():
	}
}

// poll knows how long to leave each resource alone before the next look.
type poll struct {
	mu    sync.Mutex
	looks map[addr.Resource]time.Duration
}

const firstLook, longestLook = 250 * time.Millisecond, 10 * time.Second

func (p *poll) next(a addr.Resource) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.looks == nil {
		p.looks = make(map[addr.Resource]time.Duration)
	}
	wait := max(p.looks[a], firstLook)
	p.looks[a] = min(wait*3/2, longestLook)
	return wait
}

// owner returns the resource that a gate looks at, if it is managed here.
func owner(op apply.Op, g schema.Gate) (addr.Resource, bool) {
	for _, n := range op.Needs {
		if n.Kind == g.Kind {
			return n, true
		}
	}
	return addr.Resource{}, false
}
