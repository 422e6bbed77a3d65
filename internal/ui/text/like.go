package text

import (
	"fmt"
	"io"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// likeness is equal for diagnostics that say the same of several resources, in words that
// differ in the resource alone: errors at one place, and warnings wherever they are. The
// first is shown as a whole, and the others are counted, in whatever order they come.
func likeness(d event.Diagnostic) string {
	return words.Likeness(d.Addr, d.Detail, d.Severity, d.Code, d.Summary, d.Mends(), d.About)
}

// like counts diagnostics that are like one which was shown.
type like struct {
	first event.Diagnostic
	addrs []string
}

func (l *like) add(d event.Diagnostic) {
	at, first := d.Addr, l.first
	if at == "" && d.Detail != first.Detail {
		at = words.Instance(d.Detail)
	}
	if at == "" && d.Source != nil && first.Source != nil && *d.Source != *first.Source {
		at = fmt.Sprintf("%s line %d", d.Source.File, d.Source.Line)
	}
	if at != "" { // else it is the very same, which is no news
		l.addrs = append(l.addrs, inline(at))
	}
}

// Flush shows how many diagnostics were like those that were shown. It is for the end
// of a stream that may have ended early; [View.Handle] does it at the end of a plan and
// of a run: other events may come between diagnostics that are alike.
func (v *View) Flush() {
	for _, l := range v.run.likes {
		if len(l.addrs) == 0 {
			continue
		}
		title := "Error"
		if l.first.Severity == warning {
			title = "Warning"
		}
		line := fmt.Sprintf("%s: %s (and %d more like it: %s)\n", title, inline(l.first.Summary), len(l.addrs), words.Few(3, l.addrs...))
		_, _ = io.WriteString(v.opts.Err, words.Fit(line, v.opts.Screen))
		l.addrs = nil
	}
}
