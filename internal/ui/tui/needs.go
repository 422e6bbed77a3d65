package tui

import (
	"slices"
	"strings"

	"kiraform/internal/event"
)

// needed returns the resources that a need is, or stands for. One that is not in the
// configuration any more is needed by nothing.
func (r *run) needed(need string) (all []*resource) {
	if one, ok := r.at[need]; ok && !leaves(one) {
		return []*resource{one}
	}
	for _, res := range r.wholes[need] {
		if !leaves(res) {
			all = append(all, res)
		}
	}
	return all
}

// namesOf returns the needs under which a resource is needed.
func (r *run) namesOf(addr string) (all []string) {
	res, ok := r.at[addr]
	if ok && leaves(res) {
		return nil
	}
	all = append(all, addr)
	for _, whole := range event.Wholes(addr) {
		if one, ok := r.at[whole]; !ok || leaves(one) {
			all = append(all, whole)
		}
	}
	return all
}

// dependants returns the resources that need the one at an address, in the order in
// which they were named.
func (r *run) dependants(addr string) (all []*resource) {
	names := make(map[string]bool)
	for _, name := range r.namesOf(addr) {
		names[name] = true
	}
	for _, res := range r.resources {
		for _, need := range res.Needs {
			if names[need] {
				all = append(all, res)
				break
			}
		}
	}
	return all
}

// leaves reports whether a resource is not in the configuration any more.
func leaves(res *resource) bool { return res.Action == event.Forget || res.Action == event.Gone }

// withoutNames writes "its user" in place of the address of something that is needed,
// or of one of those that the need stands for.
func (r *run) withoutNames(text, need string) string {
	its := "its " + r.kindOf(need)
	if len(r.wholes[need]) == 0 {
		return strings.ReplaceAll(text, need, its)
	}
	var out strings.Builder
	for from := 0; from < len(text); {
		quoted := false
		to := from + strings.IndexFunc(text[from:], func(c rune) bool {
			quoted = quoted != (c == '"')
			return c == ' ' && !quoted
		})
		if to < from {
			to = len(text)
		}
		word := text[from:to]
		name := strings.TrimRight(word, ",;:.")
		if name == need || slices.Contains(event.Wholes(name), need) {
			word = its + word[len(name):]
		}
		out.WriteString(word)
		if from = to + 1; to < len(text) {
			out.WriteByte(' ')
		}
	}
	return out.String()
}
