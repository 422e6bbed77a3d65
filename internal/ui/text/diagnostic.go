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

// diagnosticText writes d to w in a box. Of the options it heeds Color, Width and Screen.
func diagnosticText(w io.Writer, d event.Diagnostic, o Options) {
	o = o.withDefaults()
	b := box{style: style{o.Color}, ruleColor: red, screen: o.Screen}
	title := "Error: "
	if d.Severity == warning {
		b.ruleColor, title = yellow, "Warning: "
	}
	b.WriteString(b.paint("╷", b.ruleColor) + "\n")
	b.text(b.paint(title, bold, b.ruleColor) + b.paint(inline(d.Summary), bold))
	if d.Addr != "" || d.Source != nil {
		b.line("")
		b.place(d)
	}
	for i, v := range d.Values {
		if i == 0 {
			b.line("    " + b.paint("├────────────────", grey))
		}
		for l := range strings.SplitSeq(words.Fit(inline(v), o.Screen-8), "\n") {
			b.line("    " + b.paint("│", grey) + " " + l)
		}
	}
	if d.Detail != "" {
		b.line("")
		for _, l := range words.Fold(visible(strings.TrimRight(d.Detail, "\n")), o.Width-2) {
			if strings.HasPrefix(l, " ") && !strings.ContainsAny(l, "{}=") { // an entry of a list, and no HCL
				b.text(l)
				continue
			}
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
	screen    int // cells of the terminal; 0 is any number
}

// text is a line that may be broken; lines of a file stay whole.
func (b *box) text(s string) {
	for l := range strings.SplitSeq(words.Fit(s, b.screen-2), "\n") {
		b.line(l)
	}
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
		b.text("  with " + inline(d.Addr))
		return
	}
	if d.Addr != "" {
		b.text("  with " + inline(d.Addr) + ",")
	}
	where := fmt.Sprintf("  on %s line %d", inline(d.Source.File), d.Source.Line)
	if d.Source.Block != "" {
		where += ", in " + inline(d.Source.Block)
	}
	if d.Source.Code == "" {
		b.text(where)
		return
	}
	b.text(where + ":")
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
