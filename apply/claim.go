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
	mu sync.Mutex
	by map[object]addr.Resource
}

type object struct{ kind, id string }

func newClaims(st *state.State) *claims {
	c := &claims{by: make(map[object]addr.Resource, len(st.Resources))}
	for a, o := range st.Resources {
		c.by[object{a.Kind, o.ID}] = a
	}
	return c
}

// take gives the object to a, unless another address has it.
func (c *claims) take(a addr.Resource, id string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	o := object{a.Kind, id}
	if other, ok := c.by[o]; ok && other != a {
		return fmt.Errorf("%s exists at Kira already and is managed as %s; one object cannot have two addresses", id, other)
	}
	c.by[o] = a
	return nil
}
