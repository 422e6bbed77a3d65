package eval

import (
	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
)

// ways finds the move that takes an object on. Moves are looked up by their old
// address, without keys, so that many of them cost no more than one.
type ways struct {
	blocks  map[addr.Resource][]Move // by the block
	modules map[addr.Module][]Move   // by the module
}

func waysOf(moves []Move) ways {
	w := ways{make(map[addr.Resource][]Move), make(map[addr.Module][]Move)}
	for _, m := range moves {
		if m.From.Kind == "" {
			at := m.From.Module.Static()
			w.modules[at] = append(w.modules[at], m)
		} else {
			w.blocks[m.From.Block()] = append(w.blocks[m.From.Block()], m)
		}
	}
	return w
}

// from returns where the object at a goes next, and the range of the move. The
// move of one object goes before that of its block, and that before the move of
// its module, of which the innermost comes first.
func (w ways) from(a addr.Resource) (to addr.Resource, rng hcl.Range, ok bool) {
	of := w.blocks[a.Block()]
	for _, whole := range []bool{false, true} {
		for _, m := range of {
			if m.Whole() == whole {
				if to, ok := m.object(a); ok {
					return to, m.Range, true
				}
			}
		}
	}
	if len(w.modules) == 0 {
		return a, rng, false
	}
	for n := a.Module.Depth(); n > 0; n-- {
		outer, _, _ := a.Module.Cut(n)
		for _, m := range w.modules[outer.Static()] {
			if to, ok := m.module(a); ok {
				return to, m.Range, true
			}
		}
	}
	return a, rng, false
}

// relative returns the part of an address behind the instance of m.in that it
// is in.
func (m Move) relative(a addr.Module) (outer, inner addr.Module, ok bool) {
	outer, inner, ok = a.Cut(m.in.Depth())
	return outer, inner, ok && outer.Static() == m.in
}

// object returns where m takes the object at a.
func (m Move) object(a addr.Resource) (addr.Resource, bool) {
	outer, inner, ok := m.relative(a.Module)
	_, from, _ := m.From.Module.Cut(m.in.Depth())
	_, to, _ := m.To.Module.Cut(m.in.Depth())
	if !ok || inner != from || !m.Whole() && a.Key != m.From.Key {
		return a, false
	}
	key := m.To.Key
	if m.Whole() {
		key = a.Key
	}
	return addr.Resource{Module: outer.Join(to), Kind: m.To.Kind, Name: m.To.Name, Key: key}, true
}

// module returns where m, the move of a module, takes the object at a.
func (m Move) module(a addr.Resource) (addr.Resource, bool) {
	outer, inner, ok := m.relative(a.Module)
	_, from, _ := m.From.Module.Cut(m.in.Depth())
	_, to, _ := m.To.Module.Cut(m.in.Depth())
	if !ok {
		return a, false
	}
	moved, rest, ok := inner.Cut(from.Depth())
	if !ok {
		return a, false
	}
	if m.Whole() {
		key := moved.Key()
		from, to = from.Rekey(key), to.Rekey(key)
	}
	if moved != from {
		return a, false
	}
	a.Module = outer.Join(to).Join(rest)
	return a, true
}
