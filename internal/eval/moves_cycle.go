package eval

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/graph"
)

// circles reports each circle of moves, and returns the moves that are in
// none.
func circles(moves []*writtenMove, by map[addr.Resource]*writtenMove) (good []*writtenMove, diags hcl.Diagnostics) {
	blocks := make(map[addr.Resource][]addr.Resource)
	for _, mv := range moves {
		blocks[mv.From.Block()] = append(blocks[mv.From.Block()], mv.From)
	}
	var modules []*writtenMove
	for _, mv := range moves {
		if mv.From.Kind == "" {
			modules = append(modules, mv)
		}
	}
	bad := make(map[addr.Resource]bool)
	var g graph.Graph[addr.Resource]
	for _, mv := range moves {
		g.Add(mv.From, slices.Concat(followers(mv, by, blocks), through(mv, moves, modules))...)
	}
	for _, cycle := range g.Cycles() {
		diags = append(diags, circle(cycle, by))
		for _, from := range cycle {
			bad[from] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(moves), func(mv *writtenMove) bool { return bad[mv.From] }), diags
}

// followers returns the addresses from which an object that mv has moved can
// be moved on.
func followers(mv *writtenMove, by map[addr.Resource]*writtenMove, blocks map[addr.Resource][]addr.Resource) []addr.Resource {
	if whole(mv) {
		return blocks[mv.To]
	}
	var next []addr.Resource
	if by[mv.To] != nil {
		next = append(next, mv.To)
	}
	if block := by[mv.To.Block()]; block != nil && block.From != mv.To && whole(block) {
		next = append(next, block.From)
	}
	return next
}

// through returns the addresses in a module that mv moves to, or the modules
// that it moves into, from which there is a move.
func through(mv *writtenMove, moves, modules []*writtenMove) (next []addr.Resource) {
	if mv.From.Kind != "" {
		for _, m := range modules {
			if m.From.Module.Static().Covers(mv.To.Module.Static()) {
				next = append(next, m.From)
			}
		}
		return next
	}
	for _, m := range moves {
		if m.From.Kind != "" && mv.To.Module.Static().Covers(m.From.Module.Static()) {
			next = append(next, m.From)
		}
	}
	return next
}

func circle(cycle []addr.Resource, by map[addr.Resource]*writtenMove) *hcl.Diagnostic {
	var says []string
	for _, from := range cycle {
		says = append(says, fmt.Sprintf("%s to %s (%s)", from, by[from].To, config.Place(by[from].DefRange)))
	}
	return diag.Error("cyclic-moves", &by[cycle[0]].FromRange, "Moves go in a circle",
		"These moves lead back to where they begin: %s. Take away the one that is not true any more.", strings.Join(says, ", "))
}
