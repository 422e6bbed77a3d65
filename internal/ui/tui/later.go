package tui

import (
	"maps"
	"slices"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// later are the selected resources that cannot be done at once.
func (r *run) later(c choice) (out []*resource) {
	for _, res := range r.resources {
		if _, left := c.excluded(res.Addr); !left && (res.Action == event.Defer || res.After != "" && acting(res.Action)) {
			out = append(out, res)
		}
	}
	return out
}

// creates reports whether something selected makes an object at Kira.
func (r *run) creates(c choice) bool {
	return slices.ContainsFunc(r.resources, func(res *resource) bool {
		_, out := c.excluded(res.Addr)
		return !out && (res.Action == event.Create || res.Action == event.Replace)
	})
}

// waitText names resources and their gates, by the reason. Reasons that differ
// only by the object that is waited for are one.
func (r *run) waitText(later []*resource) string {
	type reason struct {
		first string   // in full, of the first resource
		names []string // of the resources
	}
	by := map[string]*reason{}
	var order []*reason
	for _, res := range later {
		full := res.After
		if full == "" {
			full = res.Why
		}
		common := full
		for _, need := range res.Needs {
			common = r.withoutNames(common, need)
		}
		of := by[common]
		if of == nil {
			of = &reason{first: inline(full)}
			by[common] = of
			order = append(order, of)
		}
		of.names = append(of.names, res.label)
		if len(of.names) == 2 {
			of.first = inline(common)
		}
	}
	var parts []string
	for i, of := range order {
		if i == 3 {
			parts = append(parts, words.Count(len(order)-i, "other reason"))
			break
		}
		text := words.Few(3, of.names...)
		if of.first != "" {
			text += ": " + of.first
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "; ")
}

// kindOf is how the kind of the resource at addr is called in a sentence.
func (r *run) kindOf(addr string) string {
	if res, ok := r.at[addr]; ok && res.Kind != "" {
		return nounOf(res.Kind)
	}
	if _, tail, ok := strings.Cut(addr, "kira_"); ok {
		kind, _, _ := strings.Cut(tail, ".")
		return nounOf(kind)
	}
	return "object"
}

// nounOf is how a kind is called in a sentence.
func nounOf(kind string) string {
	return strings.ReplaceAll(strings.TrimPrefix(inline(kind), "kira_"), "_", " ")
}

// spellKinds spells how many of each kind: "2 users, 1 recipient".
func spellKinds(kinds map[string]int) string {
	var parts []string
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		if kind != "" {
			parts = append(parts, words.Count(kinds[kind], kind))
		}
	}
	return strings.Join(parts, ", ")
}
