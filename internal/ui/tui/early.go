package tui

import (
	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// fails lists a failure among the errors as soon as it happens. A run says it once more,
// with its place, when everything else has ended.
func (r *run) fails(e event.End) {
	r.settle(event.Diagnostic{Addr: e.Addr})
	r.early[e.Addr] = len(r.problems)
	r.problem(event.Diagnostic{Severity: "error", Code: "not-done", Addr: e.Addr,
		Summary: "Could not be " + words.Of(e.Action).Participle(), Detail: string(e.Err)})
}

// settle gives up the early word of a failure that a diagnostic is about.
func (r *run) settle(d event.Diagnostic) {
	if d.Severity == warning || len(r.early) == 0 {
		return
	}
	if at, ok := r.early[d.Addr]; ok {
		delete(r.early, d.Addr)
		r.stale[at] = true
		return
	}
	if d.Addr != "" || d.Source == nil {
		return
	}
	for a, at := range r.early { // a condition names its block alone
		if res := r.at[a]; res != nil && res.writtenAt(d.Source) {
			delete(r.early, a)
			r.stale[at] = true
		}
	}
}

// sweep takes those that were given up out of the lists.
func (r *run) sweep() {
	if len(r.stale) == 0 {
		return
	}
	all, places := r.problems, make(map[int]string, len(r.early))
	for a, at := range r.early {
		places[at] = a
	}
	r.problems, r.likes, r.likeAt = nil, nil, map[string]*like{}
	for i, d := range all {
		if a, ok := places[i]; ok {
			r.early[a] = len(r.problems)
		}
		if !r.stale[i] {
			r.problem(d)
		}
	}
	clear(r.stale)
}
