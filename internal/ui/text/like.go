package text

import (
	"fmt"
	"io"

	"kiraform/internal/event"
)

// likeness is equal for diagnostics that say the same of several resources: those
// of one block, or those without a block that have the same words. The second and
// all further ones need no box of their own.
func likeness(d event.Diagnostic) string {
	where := d.Detail
	switch {
	case d.Addr == "":
		return fmt.Sprintf("%+v", d) // of no resource: alike only if it is the same
	case d.Source != nil:
		where = fmt.Sprintf("%s:%d:%d", d.Source.File, d.Source.Line, d.Source.Column)
	}
	return fmt.Sprintf("%s\n%s\n%s\n%s", d.Severity, d.Code, d.Summary, where)
}

// also says that a diagnostic which was shown is about another resource as well.
func also(w io.Writer, d event.Diagnostic) {
	if d.Addr == "" {
		return // the very same
	}
	title := "Error"
	if d.Severity == warning {
		title = "Warning"
	}
	fmt.Fprintf(w, "%s: %s, also with %s\n", title, inline(d.Summary), inline(d.Addr))
}
