package eval

import (
	"sync"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// Later is a value that is worked out when it is first asked for. Working it out has
// to come to the same whenever that happens. A nil Later is cty.NilVal. It is safe for
// concurrent use.
type Later struct {
	mu    sync.Mutex
	work  func() cty.Value // nil if the value was known from the start
	value cty.Value        // cty.NilVal until it is worked out

	member func(name string) cty.Value // works out an attribute by itself; nil if only the whole can be
}

// Lazily returns the value that work comes to.
func Lazily(work func() cty.Value) *Later { return &Later{work: work} }

// LazyObject is [Lazily] for an object of which each attribute can be worked out by
// itself: member comes to the same value as that attribute of work.
func LazyObject(work func() cty.Value, member func(name string) cty.Value) *Later {
	return &Later{work: work, member: member}
}

// Now returns a value that is known already.
func Now(v cty.Value) *Later { return &Later{value: v} }

// Value returns the value.
func (l *Later) Value() cty.Value {
	if l == nil {
		return cty.NilVal
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.value == cty.NilVal && l.work != nil {
		l.value = l.work()
	}
	return l.value
}

// Member returns the attribute called name of the value, an object: null if it has none.
// The whole is not worked out for it if that can be avoided.
func (l *Later) Member(name string) cty.Value {
	if l == nil || l.member == nil {
		return schema.Member(l.Value(), name)
	}
	return l.member(name)
}

// Drop forgets the value where it can be worked out again: it takes memory, and may
// have served its purpose.
func (l *Later) Drop() {
	if l == nil || l.work == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.value = cty.NilVal
}
