package text

import (
	"fmt"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// likeness is equal for diagnostics that say the same of several resources: those
// of one block, or those without a block that have the same words. The first is
// shown as a whole, and the others are counted.
func likeness(d event.Diagnostic) string {
	if d.Addr == "" {
		return fmt.Sprintf("%+v", d) // of no resource: alike only if it is the same
	}
	where := strings.ReplaceAll(d.Detail, d.Addr, "it")
	if d.Source != nil {
		where = fmt.Sprintf("%s:%d:%d", d.Source.File, d.Source.Line, d.Source.Column)
	}
	return fmt.Sprintf("%s\n%s\n%s\n%s", d.Severity, d.Code, d.Summary, where)
}

// like counts diagnostics that are like one which was shown.
type like struct {
	key   string
	title string
	addrs []string
}

func (l *like) add(key string, d event.Diagnostic) {
	if d.Addr == "" {
		return // the very same, which is no news
	}
	l.key, l.title = key, "Error"
	if d.Severity == warning {
		l.title = "Warning"
	}
	l.title += ": " + inline(d.Summary)
	l.addrs = append(l.addrs, inline(d.Addr))
}

// Flush shows how many diagnostics were like the last one. It is for the end of a
// stream that may have ended early; [View.Handle] does it otherwise.
func (v *View) Flush() {
	if l := v.run.like; len(l.addrs) > 0 {
		fmt.Fprintf(v.opts.Err, "%s (and %d more like it: %s)\n", l.title, len(l.addrs), words.Few(3, l.addrs...))
	}
	v.run.like = like{}
}
