package tui

import (
	"fmt"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// markdown spells the plan for a review elsewhere, such as in a pull request:
// the counts, and each resource with its changes folded.
func (r *run) markdown(c choice) string {
	var b strings.Builder
	b.WriteString("# kiraform " + word(r.command))
	if where := r.place.String(); where != "" {
		b.WriteString(" on " + word(where))
	}
	b.WriteString("\n\n")
	if counts := r.selected(c); len(counts) > 0 {
		b.WriteString("**Plan:** " + sum(counts) + ".")
	} else {
		b.WriteString("**No changes.**")
	}
	if n := r.unchanged(); n > 0 {
		b.WriteString(" " + words.Count(n, "resource") + " unchanged.")
	}
	if r.dead > 0 {
		b.WriteString(" " + words.Count(r.dead, "resource") + " ended at Kira.")
	}
	b.WriteString("\n")
	for _, d := range r.problems {
		_, word, _ := severity(d)
		fmt.Fprintf(&b, "\n**%s:** %s\n", word, code(d.Summary))
		if d.Detail != "" {
			b.WriteString("\n")
			fenced(&b, "text", safe(strings.TrimRight(d.Detail, "\n"))+"\n")
		}
	}
	t := grow(r, nil, c)
	for _, g := range t.groups {
		r.markdownGroup(&b, g, c)
	}
	if len(r.outputs) > 0 {
		b.WriteString("\n## outputs\n\n")
		fenced(&b, "diff", nodeText(r.outputs, 0, false))
	}
	return b.String()
}

func (r *run) markdownGroup(b *strings.Builder, g *group, c choice) {
	if g.key == unchangedKey || g.key == outputsKey {
		return
	}
	fmt.Fprintf(b, "\n%s %s\n", strings.Repeat("#", 2+g.depth), code(g.title))
	for _, in := range g.groups {
		r.markdownGroup(b, in, c)
	}
	for _, res := range g.members {
		a := actionOf(res.Action)
		will := a.will()
		if _, out := c.excluded(res.Addr); out {
			will = "is left out"
		}
		fmt.Fprintf(b, "\n<details><summary><code>%s</code> <code>%s</code> %s</summary>\n\n", escapeHTML(strings.TrimSpace(a.Sign)), escapeHTML(res.Addr), will)
		if res.Why != "" {
			b.WriteString(code(res.Why) + "\n\n")
		}
		if res.After != "" {
			b.WriteString("waits " + code(res.After) + "\n\n")
		}
		fenced(b, "diff", nodeText(res.Nodes, res.Hidden, res.Action == event.Update || res.Action == event.Replace))
		b.WriteString("</details>\n")
	}
}

// nodeText is what the detail pane shows, with the signs in the first column
// as a diff has them.
func nodeText(nodes []event.Node, hidden int, changes bool) string {
	b := &body{width: 1 << 16, changes: changes}
	b.nodes(nodes, event.ObjectShape, 0, hidden)
	var out strings.Builder
	for _, l := range b.lines {
		out.WriteString(strings.TrimRight(signFirst(l.String()), " ") + "\n")
	}
	return out.String()
}

// signFirst moves the sign of a line to its beginning, and makes it one that
// diffs know.
func signFirst(s string) string {
	rest := strings.TrimLeft(s, " ")
	indent := s[:len(s)-len(rest)]
	if len(rest) < 2 || rest[1] != ' ' || !strings.ContainsRune("+-~", rune(rest[0])) {
		return "  " + s
	}
	return strings.Replace(rest[:1], "~", "!", 1) + " " + indent + rest[2:]
}

// fenced writes a block of code behind a fence that nothing in it closes.
func fenced(b *strings.Builder, language, code string) {
	if code == "" {
		return
	}
	fence := "```"
	for strings.Contains(code, fence) {
		fence += "`"
	}
	b.WriteString(fence + language + "\n" + code + fence + "\n")
}

func sum(counts map[string]int) string {
	var parts []string
	for _, a := range words.Actions {
		if n := counts[a.Name]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, a.Plan))
		}
	}
	return strings.Join(parts, ", ")
}

func escapeHTML(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(inline(s))
}

// word writes a word of kiraform's own, unless a recording has another.
func word(s string) string {
	if strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") == "" {
		return s
	}
	return code(s)
}

// code writes what others may have written as code, in which nothing is markup,
// a mention or a link.
func code(s string) string {
	if s = inline(s); s == "" {
		return ""
	}
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}
