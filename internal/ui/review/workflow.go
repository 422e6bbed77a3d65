package review

import (
	"fmt"
	"io"
	"path"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// writeWorkflow writes commands to GitHub's runner, one a line, which makes
// annotations of them.
func writeWorkflow(w io.Writer, r *event.Review, o Options) error {
	var b strings.Builder
	for _, f := range folded(said(r)) {
		level := "error"
		if f.Severity == "warning" {
			level = "warning"
		}
		text := f.Detail
		if n := len(f.Also); n > 0 {
			text += fmt.Sprintf("\nAnd %d more like it: %s", n, words.Few(5, f.Also...))
		}
		if f.Addr != "" {
			text = f.Addr + ": " + text
		}
		command(&b, level, o, f.Source, f.Summary, text)
	}
	for i := range r.Changes {
		if c := &r.Changes[i]; c.Action == event.Invoke {
			command(&b, "notice", o, &event.Source{File: c.File, Line: c.Line}, "Action", told(c))
		}
	}
	subject, text := headline(r)
	if subject != "" {
		subject += ": "
	}
	command(&b, "notice", o, nil, "kiraform "+r.Start.Command, subject+text+".")
	if r.End.Digest != "" {
		command(&b, "notice", o, nil, "Digest", r.End.Digest)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// told says of an action that it will be run, why, and with which values.
func told(c *event.Reviewed) string {
	text := c.Addr + " will be run"
	if c.Why != "" {
		text += ": " + c.Why
	}
	if t := terms(c); t != "" {
		text += "; " + t
	}
	return text
}

func command(b *strings.Builder, level string, o Options, s *event.Source, title, text string) {
	b.WriteString("::" + level + " ")
	if s != nil {
		fmt.Fprintf(b, "file=%s,line=%d,", property(o.path(s.File)), s.Line)
	}
	fmt.Fprintf(b, "title=%s::%s\n", property(title), data(strings.TrimRight(text, "\n")))
}

// data spells a text so that it ends where the line does.
func data(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(event.Foreign(s).Lines())
}

// property is data for a place where colons and commas mean something as well.
func property(s string) string { return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(data(s)) }

// path is that of a file of the configuration, from the root of the repository.
func (o Options) path(file string) string {
	if file == "" || path.IsAbs(file) {
		return file
	}
	return path.Join(o.Base, file)
}
