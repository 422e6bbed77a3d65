package text

import (
	"fmt"
	"io"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// warning is the severity of a diagnostic that stops nothing.
const warning = "warning"

// diagnosticText writes d to w in a box. Of the options it heeds Color and Width.
func diagnosticText(w io.Writer, d event.Diagnostic, o Options) {
	o = o.withDefaults()
	b := box{style: style{o.Color}, ruleColor: red}
	title := "Error: "
	if d.Severity == warning {
		b.ruleColor, title = yellow, "Warning: "
	}
	b.WriteString(b.paint("╷", b.ruleColor) + "\n")
	b.line(b.paint(title, bold, b.ruleColor) + b.paint(inline(d.Summary), bold))
	if d.Addr != "" || d.Source != nil {
		b.line("")
		b.place(d)
	}
	for i, v := range d.Values {
		if i == 0 {
			b.line("    " + b.paint("├────────────────", grey))
		}
		b.line("    " + b.paint("│", grey) + " " + inline(v))
	}
	if d.Detail != "" {
		b.line("")
		for _, l := range words.Fold(visible(strings.TrimRight(d.Detail, "\n")), o.Width-2) {
			b.line(l)
		}
	}
	b.WriteString(b.paint("╵", b.ruleColor) + "\n")
	_, _ = io.WriteString(w, b.String())
}

// box writes lines to the right of a rule.
type box struct {
	style
	strings.Builder
	ruleColor string
}

func (b *box) line(s string) {
	b.WriteString(b.paint("│", b.ruleColor))
	if s != "" {
		b.WriteString(" " + s)
	}
	b.WriteString("\n")
}

// place names the subject of the diagnostic and shows its lines.
func (b *box) place(d event.Diagnostic) {
	if d.Source == nil {
		b.line("  with " + inline(d.Addr))
		return
	}
	if d.Addr != "" {
		b.line("  with " + inline(d.Addr) + ",")
	}
	where := fmt.Sprintf("  on %s line %d", inline(d.Source.File), d.Source.Line)
	if d.Source.Block != "" {
		where += ", in " + inline(d.Source.Block)
	}
	if d.Source.Code == "" {
		b.line(where)
		return
	}
	b.line(where + ":")
	number := d.Source.FirstLine
	for _, l := range b.snippet(d.Source) {
		b.line(fmt.Sprintf("%4d: %s", number, l))
		number++
	}
}

// snippet returns the lines of s, with the part underlined that is meant.
func (b *box) snippet(s *event.Source) []string {
	from, to := s.Marked()
	var out []string
	at := 0 // where the line begins
	for l := range strings.SplitSeq(s.Code, "\n") {
		cutAt := func(n int) int { return min(max(n-at, 0), len(l)) }
		i, j := cutAt(from), cutAt(to)
		out = append(out, visible(l[:i])+b.paint(visible(l[i:j]), underline)+visible(l[j:]))
		at += len(l) + 1
	}
	return out
}
