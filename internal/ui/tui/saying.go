package tui

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"kiraform/internal/ui/words"
)

// saying spells the phase of res.
func (r *run) saying(res *resource) (sign string, look ink, text string) {
	verb := actionOf(res.Action)
	switch res.phase {
	case running:
		text = cmp.Or(inline(res.text), words.Lower(verb.Begin))
		if r.now.Sub(res.since) >= time.Second {
			text += " " + r.age(res)
		}
		return spinner(r.now), cyan, text
	case retrying:
		return "↻", yellow, inline(res.text)
	case gated:
		return "◷", magenta, "waiting for Kira (" + r.age(res) + r.rest(res.until) + "): " + inline(res.text)
	case done:
		return "✓", green, doneText(res)
	case failed:
		return "✗", red, phaseWord(failed) + request.ReplaceAllString(firstLine(res.text), "")
	case skipped:
		return "⊘", yellow, phaseWord(skipped) + "because of " + inline(res.text)
	case deferred:
		return "»", magenta, phaseWord(deferred) + inline(res.text)
	case unready:
		return "◷", magenta, phaseWord(unready) + inline(res.text)
	case untouched:
		return "·", yellow, "not done: the run ended first"
	}
	if on := r.waitsFor(res); on != "" {
		return "·", faint, "waiting for " + inline(on)
	}
	return "·", faint, "queued"
}

// phaseWord is how the text of a phase begins where the phase has to be said.
func phaseWord(p phase) string {
	switch p {
	case failed:
		return "failed: "
	case skipped:
		return "skipped "
	case deferred:
		return "deferred: "
	case unready:
		return "not ready: "
	case retrying:
		return "retry "
	}
	return ""
}

func doneText(res *resource) string {
	text := actionOf(res.Action).Did
	if res.adopts {
		text = "adopted"
	}
	text += " in " + short(res.took)
	if res.text != "" {
		text += ", " + inline(res.text)
	}
	return text
}

// waitsFor is the first need of res that is not done yet.
func (r *run) waitsFor(res *resource) string {
	for _, need := range res.Needs {
		for _, n := range r.needed(need) {
			if acting(n.Action) && n.phase != done && n.phase != unready {
				return n.Addr
			}
		}
	}
	return ""
}

func (r *run) age(res *resource) string { return whole(r.now.Sub(res.since)) }

// rest says how much longer something is waited for at most.
func (r *run) rest(until time.Time) string {
	if left := until.Sub(r.now); left > 0 {
		return ", " + whole(left) + " left"
	}
	return ""
}

// patience says until when the run waits for Kira at most: for the resource that it waits
// for longest.
func (r *run) patience() string {
	var until time.Time
	for _, res := range r.resources {
		if res.phase == gated && res.until.After(until) {
			until = res.until
		}
	}
	if rest := r.rest(until); rest != "" {
		return " · waits until " + until.UTC().Format("15:04 UTC") + rest
	}
	return ""
}

// short spells how long something took, to a tenth of a second while that is
// of interest.
func short(d time.Duration) string {
	if d < 10*time.Second {
		return fmt.Sprintf("%.1fs", d.Seconds())
	}
	return whole(d)
}

// whole spells a duration in seconds: "1m5s".
func whole(d time.Duration) string {
	s := max(d, 0).Truncate(time.Second).String()
	if strings.HasSuffix(s, "m0s") {
		return strings.TrimSuffix(s, "0s")
	}
	return s
}

// spinner is a sign that turns as time passes.
func spinner(now time.Time) string {
	const frames = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
	i := now.Nanosecond() / int(100*time.Millisecond)
	return string([]rune(frames)[i])
}
