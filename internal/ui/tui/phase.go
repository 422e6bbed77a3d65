package tui

import (
	"time"

	"kiraform/internal/event"
)

// phase is how far the work on a resource has come.
type phase int

const (
	queued phase = iota
	running
	retrying
	gated // waits for somebody at Kira
	done
	failed
	skipped
	deferred
	unready   // done, and not ready for use yet
	untouched // the run ended first
)

// String is the word for p that the headings have.
func (p phase) String() string {
	return [...]string{"", "running", "retrying", "waiting for Kira", "done", "failed", "skipped", "for later", "not ready yet", "not done"}[p]
}

// settled reports whether nothing more happens to a resource in this phase.
func (p phase) settled() bool { return p >= done }

// trouble reports whether a person has to look at a resource in this phase.
func (p phase) trouble() bool { return p == failed || p == skipped || p == deferred || p == unready }

// work takes in an event of one resource.
func (r *run) work(e event.Event) {
	switch e := e.(type) {
	case event.Begin:
		res := r.enter(e.Addr, running, "")
		if e.Action != "" {
			res.Action = e.Action
		}
		res.made = false
	case event.Note:
		res := r.resource(e.Addr)
		if res.made || still(res.Action) {
			r.enter(e.Addr, done, string(e.Text))
		} else {
			r.enter(e.Addr, running, string(e.Text))
		}
	case event.Retry:
		r.enter(e.Addr, retrying, string(e.Text))
	case event.Gate:
		res := r.enter(e.Addr, gated, string(e.Text))
		if res.until = (time.Time{}); e.Left > 0 {
			res.until = r.now.Add(e.Left)
		}
	case event.Still: // the clock of the view says the same
		if res := r.resource(e.Addr); res.phase == queued {
			r.enter(e.Addr, running, "").since = r.now.Add(-e.Elapsed)
		}
	case event.Adopted:
		r.enter(e.Addr, running, "adopted "+e.ID).adopts = true
	case event.End:
		r.end(e)
	case event.Skip:
		r.enter(e.Addr, skipped, e.Cause)
	case event.Deferred:
		r.enter(e.Addr, deferred, string(e.Reason))
	case event.Unready:
		r.enter(e.Addr, unready, string(e.Reason))
	}
}

func (r *run) end(e event.End) {
	res := r.resource(e.Addr)
	res.took = e.Took
	r.sent = max(r.sent, e.Sent)
	if e.ID != "" {
		res.ID = e.ID
	}
	if e.Err != "" {
		r.enter(e.Addr, failed, string(e.Err))
		r.fails(e)
		return
	}
	res.made = true
	r.enter(e.Addr, done, "")
}

// enter moves a resource into a phase. The time counts from when it entered,
// so a second reason to wait does not start the clock again.
func (r *run) enter(addr string, p phase, text string) *resource {
	res := r.resource(addr)
	if res.phase != p {
		r.shape++
	}
	if res.phase != p || res.since.IsZero() {
		if !(res.phase == retrying && p == running || res.phase == running && p == retrying) {
			res.since = r.now
		}
	}
	if text != "" && (len(res.log) == 0 || res.log[len(res.log)-1] != text) {
		res.log = append(res.log, text)
	}
	res.phase, res.text = p, text
	res.version++
	r.latest = res
	return res
}

// close ends a run that may not have said that it ended.
func (r *run) close() {
	r.closed = true
	r.leftOver()
	r.version++
	r.shape++
}

// leftOver settles the resources that had not ended when the run did. A plan
// alone leaves everything as it was.
func (r *run) leftOver() {
	for _, res := range r.resources {
		switch {
		case !r.acting && !(r.finish != nil && r.carriesOut()) || res.phase.settled() || res.phase == queued && res.Action == event.Defer:
			continue
		case res.made, still(res.Action):
			res.phase = done
		default:
			res.phase = untouched
		}
		res.version++
	}
}

// busy is the resource to look at: where something happened last, or, if that is
// done, one that is worked on, or one that waits. It is nil if there is none.
func (r *run) busy() *resource {
	if r.latest == nil || r.latest.phase != done {
		return r.latest
	}
	var waits *resource
	for _, res := range r.resources {
		switch {
		case res.phase == running || res.phase == retrying:
			return res
		case res.phase == gated && waits == nil:
			waits = res
		}
	}
	return waits
}
