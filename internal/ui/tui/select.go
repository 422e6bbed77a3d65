package tui

import (
	"fmt"
	"maps"
	"slices"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// choice is which resources of a plan are left out.
type choice struct {
	without map[string]bool   // those a person left out
	because map[string]string // those that need one of them: which
}

// excluded reports whether addr is left out, and if so because of which one:
// itself or one of its needs.
func (c choice) excluded(addr string) (because string, ok bool) {
	if c.without[addr] {
		return addr, true
	}
	because, ok = c.because[addr]
	return because, ok
}

// addrs lists the resources that a person left out, sorted.
func (c choice) addrs() []string {
	out := make([]string, 0, len(c.without))
	for addr := range c.without {
		out = append(out, addr)
	}
	slices.Sort(out)
	return out
}

// turn leaves the given resources out, or takes them in if all of them are out
// already, and says the result. Leaving out takes along their dependants;
// taking in brings back their needs.
func (r *run) turn(c choice, picked []*resource) (next choice, said string) {
	picked = slices.DeleteFunc(slices.Clone(picked), func(res *resource) bool { return !acting(res.Action) })
	if len(picked) == 0 {
		return c, "Nothing is done here, so there is nothing to leave out."
	}
	without := map[string]bool{}
	for addr := range c.without {
		without[addr] = true
	}
	in := func(res *resource) bool { _, out := c.excluded(res.Addr); return !out }
	before := r.includes(c)
	if slices.ContainsFunc(picked, in) {
		for _, res := range picked {
			without[res.Addr] = true
		}
		next = r.choose(without)
		return next, report("Left out", picked, before-r.includes(next), "that need it", "that need them")
	}
	for _, res := range picked {
		r.takeIn(without, res)
	}
	next = r.choose(without)
	return next, report("Took in", picked, r.includes(next)-before, "that it needs or that need it", "that they need or that need them")
}

// report is a sentence about the picked resources and the others that went with
// them.
func report(verb string, picked []*resource, all int, one, many string) string {
	what, with := inline(picked[0].Addr), one
	if len(picked) > 1 {
		what, with = words.Count(len(picked), "resource"), many
	}
	if more := all - len(picked); more > 0 {
		return fmt.Sprintf("%s %s, and %d more %s.", verb, what, more, with)
	}
	return verb + " " + what + "."
}

// takeIn removes res and all it needs from without.
func (r *run) takeIn(without map[string]bool, res *resource) {
	seen, met := map[*resource]bool{}, map[string]bool{}
	todo := []*resource{res}
	for len(todo) > 0 {
		res := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[res] {
			continue
		}
		seen[res] = true
		delete(without, res.Addr)
		for _, need := range res.Needs {
			if !met[need] {
				met[need] = true
				todo = append(todo, r.needed(need)...)
			}
		}
	}
}

// choose works out the resources that have to follow those that are left out.
func (r *run) choose(without map[string]bool) choice {
	c := choice{without, map[string]string{}}
	needers := r.needers()
	met := map[string]bool{} // addresses whose dependants are out
	for _, root := range c.addrs() {
		todo := []string{root}
		for len(todo) > 0 {
			addr := todo[0]
			todo = todo[1:]
			for _, name := range r.namesOf(addr) {
				if met[name] {
					continue
				}
				met[name] = true
				for _, res := range needers[name] {
					if _, out := c.excluded(res.Addr); !out {
						c.because[res.Addr] = root
						todo = append(todo, res.Addr)
					}
				}
			}
		}
	}
	return c
}

// needers lists the resources that need an address, be it one that stands for
// several.
func (r *run) needers() map[string][]*resource {
	out := map[string][]*resource{}
	for _, res := range r.resources {
		for _, need := range res.Needs {
			out[need] = append(out[need], res)
		}
	}
	return out
}

// includes counts the resources that are going to be worked on.
func (r *run) includes(c choice) int {
	n := 0
	for _, k := range r.selected(c) {
		n += k
	}
	return n
}

// numbers are those of the plan, without the changes and actions that are left out. A
// move is in the state alone, and so stays.
func (r *run) numbers(c choice) map[string]int {
	counts := maps.Clone(r.counts)
	for _, res := range r.resources {
		if _, out := c.excluded(res.Addr); !out || still(res.Action) {
			continue
		}
		if action := res.Counted(); counts[action] > 0 {
			counts[action]--
		}
	}
	return counts
}

// selected counts the resources that are going to be worked on, by action.
func (r *run) selected(c choice) map[string]int {
	counts := map[string]int{}
	for _, res := range r.resources {
		_, out := c.excluded(res.Addr)
		if res.Action == event.Move || !out && acting(res.Action) {
			counts[res.Action]++
		}
	}
	return counts
}
