package tui

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

var (
	request   = regexp.MustCompile(`^(?:[^:]*: )?[A-Z]+ /\S*: `)
	bracket   = regexp.MustCompile(` \([^()]*\)`)
	requestID = regexp.MustCompile(`request id ([0-9A-Za-z_-]+)`)
)

// reasonOf is the part of a failure's text that other failures may have in common:
// without the request and the object that it looked at, and without ids and keys of instances.
func reasonOf(text string) string {
	first := request.ReplaceAllString(firstLine(text), "")
	for _, more := range strings.Split(safe(text), "\n")[1:] {
		if more = strings.TrimSpace(more); more != "" && !requestID.MatchString(more) {
			first += ", " + more
		}
	}
	first = bracket.ReplaceAllStringFunc(first, func(remark string) string {
		var kept []string
		for part := range strings.SplitSeq(remark[2:len(remark)-1], ", ") {
			if !requestID.MatchString(part) {
				kept = append(kept, part)
			}
		}
		if len(kept) == 0 {
			return ""
		}
		return " (" + strings.Join(kept, ", ") + ")"
	})
	return cmp.Or(once(strings.TrimSpace(words.Alike(first))), "failed")
}

// once drops the words of a message that only say its status again: "500 Internal
// Server Error: Internal server error".
func once(text string) string {
	status, said, ok := strings.Cut(text, ": ")
	if _, name, two := strings.Cut(status, " "); ok && two && len(said) >= len(name) && strings.EqualFold(said[:len(name)], name) {
		return status + said[len(name):]
	}
	return text
}

// adviceFor says of a failure that may have been carried out all the same why it
// is safe to try again.
func adviceFor(reason string) string {
	if strings.HasPrefix(reason, "5") || strings.Contains(reason, "no answer") || strings.Contains(reason, "timed out") {
		return "the next try has the same key, so nothing is made twice"
	}
	return ""
}

// requestIDs lists the ids of the requests that failed, in the order of the tree.
func (m *Model) requestIDs() []string {
	var out []string
	for _, res := range m.tree.all {
		if res.phase != failed {
			continue
		}
		for _, found := range requestID.FindAllStringSubmatch(res.text, -1) {
			if !slices.Contains(out, found[1]) {
				out = append(out, found[1])
			}
		}
	}
	return out
}

// byKind says how many resources of each kind there are: "kira_user 2".
func byKind(members []*resource) string {
	n := map[string]int{}
	for _, res := range members {
		n[res.Kind]++
	}
	var parts []string
	for _, res := range members {
		if k := n[res.Kind]; k > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", cmp.Or(inline(res.Kind), "other"), k))
			n[res.Kind] = 0
		}
	}
	return strings.Join(parts, "  ")
}

// doneByKind says of each kind how many resources are done: "kira_user 2 of 3".
func (r *run) doneByKind(members []*resource) string {
	total, ready := map[string]int{}, map[string]int{}
	for _, res := range r.resources {
		if r.acts(res) {
			total[res.Kind]++
		}
	}
	for _, res := range members {
		ready[res.Kind]++
	}
	var parts []string
	for _, res := range members {
		if n := ready[res.Kind]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d of %d", cmp.Or(inline(res.Kind), "other"), n, total[res.Kind]))
			ready[res.Kind] = 0
		}
	}
	return strings.Join(parts, "  ")
}

// acts reports whether res is worked on in this run: it is selected, and not
// planned for later.
func (r *run) acts(res *resource) bool {
	_, out := r.leaves.excluded(res.Addr)
	return !out && !still(res.Action) && (res.Action != event.Defer || res.phase != queued)
}
