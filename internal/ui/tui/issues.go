package tui

import (
	"fmt"
	"strings"

	"kiraform/internal/event"
)

// warning is the severity of a diagnostic that stops nothing.
const warning = "warning"

// about finds the resource that a diagnostic is about, by its address or by
// the block it points into.
func (r *run) about(d event.Diagnostic) *resource {
	if d.Addr != "" {
		return r.at[d.Addr]
	}
	if d.Source == nil || d.Source.Block == "" {
		return nil
	}
	for _, res := range r.resources {
		if res.writtenAt(d.Source) {
			return res
		}
	}
	return nil
}

// writtenAt reports whether lines of the configuration belong to the block of a resource.
func (res *resource) writtenAt(s *event.Source) bool {
	return res.File == s.File && s.Block == fmt.Sprintf("resource %q %q", res.Kind, res.Name)
}

// trouble counts the resources that a person has to look at.
func (r *run) trouble() int {
	n := 0
	for _, res := range r.resources {
		if res.phase.trouble() {
			n++
		}
	}
	return n
}

func severity(d event.Diagnostic) (sign, word string, look ink) {
	if d.Severity == warning {
		return "!", "Warning", yellow
	}
	return "✗", "Error", red
}

// issueLine shows a diagnostic on one row.
func issueLine(d event.Diagnostic) line {
	sign, _, look := severity(d)
	l := line{{sign + " ", look | bold}, {inline(d.Summary), plain}}
	switch {
	case d.Addr != "":
		l = append(l, span{"  " + inline(d.Addr), faint})
	case d.Source != nil:
		l = append(l, span{fmt.Sprintf("  %s:%d", inline(d.Source.File), d.Source.Line), faint})
	}
	return l
}

// problemLines shows a diagnostic as a whole: where, the lines, and the advice.
func problemLines(d event.Diagnostic, width int) []line {
	b := &body{width: width}
	sign, word, look := severity(d)
	b.put(0, line{{sign + " " + word + ": ", look | bold}, {inline(d.Summary), bold}}, 2)
	if d.Addr != "" {
		b.put(2, line{{"with ", faint}, {inline(d.Addr), plain}}, 0)
	}
	if s := d.Source; s != nil {
		where := fmt.Sprintf("%s line %d", inline(s.File), s.Line)
		if s.Block != "" {
			where += ", in " + inline(s.Block)
		}
		b.put(2, line{{"on ", faint}, {where, plain}}, 0)
		b.snippet(s)
	}
	for _, v := range d.Values {
		b.put(6, inked(faint, inline(v)), 2)
	}
	if d.Detail != "" {
		b.lines = append(b.lines, nil)
		b.paragraphs(0, d.Detail)
	}
	return b.lines
}

// paragraphs writes text of several lines, each of them wrapped.
func (b *body) paragraphs(indent int, text string) {
	for row := range strings.SplitSeq(strings.TrimRight(safe(text), "\n"), "\n") {
		b.put(indent, uninked(row), 0)
	}
}

// snippet shows the lines of s, with the meant part underlined.
func (b *body) snippet(s *event.Source) {
	from, to := s.Marked()
	at := 0
	for i, l := range strings.Split(s.Code, "\n") {
		cut := func(n int) int { return min(max(n-at, 0), len(l)) }
		x, y := cut(from), cut(to)
		b.put(2, line{{fmt.Sprintf("%4d: ", s.FirstLine+i), faint}, {safe(l[:x]), plain},
			{safe(l[x:y]), underline | bold}, {safe(l[y:]), plain}}, 6)
		at += len(l) + 1
	}
}
