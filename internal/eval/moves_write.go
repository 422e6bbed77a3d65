package eval

import (
	"bytes"
	"fmt"

	"kiraform/internal/addr"
)

// MovedBlocks returns the moved blocks that make the moves found, in a state
// with the addresses have. There can be no block for the rest, as where a list
// shifts: the configuration still has the address that the object had, or
// another object has to leave the new address first. The instances of all
// blocks are in known.
func (p *Program) MovedBlocks(found []Move, have []addr.Resource, known *Values) (blocks, rest []Move) {
	leaves := make(map[addr.Resource]bool)
	for _, m := range found {
		leaves[m.From] = true
	}
	for _, m := range found {
		if p.has(m.From, known) || leaves[m.To] {
			rest = append(rest, m)
		} else {
			blocks = append(blocks, m)
		}
	}
	return p.fold(blocks, have), rest
}

// fold makes one move of a block out of those of all its instances, if each
// keeps its key and nothing is left behind.
func (p *Program) fold(moves []Move, have []addr.Resource) (folded []Move) {
	to := make(map[addr.Resource]addr.Resource) // of blocks; the zero address for one that moves in parts
	from := make(map[addr.Resource]bool)
	for _, m := range moves {
		from[m.From] = true
		old, now := m.From.Unkeyed(), m.To.Unkeyed()
		first, seen := to[old]
		if seen && first != now || m.To.Key != m.From.Key || p.blocks[old.Block()] != nil {
			now = addr.Resource{}
		}
		to[old] = now
	}
	for _, a := range have {
		if _, moves := to[a.Unkeyed()]; moves && !from[a] {
			to[a.Unkeyed()] = addr.Resource{}
		}
	}
	written := make(map[Move]bool)
	for _, m := range moves {
		if now := to[m.From.Unkeyed()]; now != (addr.Resource{}) {
			m.From, m.To = m.From.Unkeyed(), now
		}
		if !written[m] {
			written[m], folded = true, append(folded, m)
		}
	}
	return folded
}

// WriteMoves writes moves as moved blocks.
func WriteMoves(moves []Move) []byte {
	var b bytes.Buffer
	for i, m := range moves {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "moved {\n  from = %s\n  to   = %s\n}\n", m.From, m.To)
	}
	return b.Bytes()
}
