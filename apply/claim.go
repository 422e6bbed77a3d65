package apply

import (
	"fmt"
	"sync"

	"kiraform/internal/addr"
	"kiraform/state"
)

// claims knows which address each object belongs to, so that no object is
// taken over by two of them. It is safe for concurrent use.
type claims struct {
	mu    sync.Mutex
	by    map[addr.Object]addr.Resource
	left  map[addr.Object]bool // objects that were left behind on purpose
	found map[addr.Object]bool // objects of lost requests that this run has found
}

func newClaims(st *state.State) *claims {
	c := &claims{by: make(map[addr.Object]addr.Resource, len(st.Resources)), left: make(map[addr.Object]bool, len(st.Left)), found: make(map[addr.Object]bool)}
	for a, o := range st.Resources {
		c.by[a.Object(o.ID)] = a
	}
	for _, l := range st.Left {
		c.left[l.Addr.Object(l.ID)] = true
	}
	return c
}

// holder returns the address that an object was given to.
func (c *claims) holder(kind, id string) (addr.Resource, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a, ok := c.by[addr.Object{Kind: kind, ID: id}]
	return a, ok
}

// taken reports whether the object cannot be that of a lost request: it has an
// address, be it the one that is about to be replaced, or was left behind.
func (c *claims) taken(kind, id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, owned := c.by[addr.Object{Kind: kind, ID: id}]
	return owned || c.left[addr.Object{Kind: kind, ID: id}]
}

// claim gives the object that was found to a unless it is taken.
func (c *claims) claim(a addr.Resource, id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	o := a.Object(id)
	if _, owned := c.by[o]; owned || c.left[o] {
		return false
	}
	c.by[o], c.found[o] = a, true
	return true
}

// wasFound reports whether the object was found to be that of a lost request.
// It may as well be that of another resource's request that asked for the same.
func (c *claims) wasFound(kind, id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.found[addr.Object{Kind: kind, ID: id}]
}

// take gives the object to a, unless another address has it.
func (c *claims) take(a addr.Resource, id string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	o := a.Object(id)
	if other, ok := c.by[o]; ok && other != a {
		return &ownedError{id, other}
	}
	c.by[o] = a
	return nil
}

// ownedError is an object that a request came to and that is not for it.
type ownedError struct {
	id string
	by addr.Resource
}

func (e *ownedError) Error() string {
	return fmt.Sprintf("%s exists at Kira already and is managed as %s; one object cannot have two addresses", e.id, e.by)
}

// Refused tells that nothing was made that is not accounted for.
func (e *ownedError) Refused() bool { return true }
