package review

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// LeastLimit is the least that a comment may be limited to, in bytes of UTF-8: there is
// room for all that is never left out.
const LeastLimit = 4096

// Marker is a comment of HTML that no reader sees, by which a bot finds the comment
// that it wrote before.
const Marker = "<!-- kiraform:review -->"

// Markdown renders a plan for a comment: the numbers, the diagnostics, and each
// change folded. It begins with [Marker].
func Markdown(r *event.Review, o Options) string {
	whole := markdown(r, o, 0)
	if o.Limit == 0 || len(whole) <= o.Limit {
		return whole
	}
	return markdown(r, o, o.Limit)
}

func markdown(r *event.Review, o Options, limit int) string {
	p := page{limit: limit}
	p.begin(r)
	p.tail = ending(r, o)
	p.spare = 3 * sentence
	p.findings(r)
	p.changes(r)
	return p.String()
}

func writeMarkdown(w io.Writer, r *event.Review, o Options) error {
	_, err := io.WriteString(w, Markdown(r, o))
	return err
}

// A page is Markdown that never grows beyond a limit: its parts are whole, or not
// there.
type page struct {
	strings.Builder
	limit int // 0 means none
	tail  string
	spare int // bytes that are kept for sentences about omissions
}

// fits adds a part, unless the page would then be too long.
func (p *page) fits(part string) bool {
	if p.limit > 0 && p.Len()+len(part)+len(p.tail)+p.spare > p.limit {
		return false
	}
	p.WriteString(part)
	return true
}

// String is the page with its end.
func (p *page) String() string { return p.Builder.String() + p.tail }

// sentence is the room for one sentence about an omission.
const sentence = 160

// begin writes the heading and the numbers.
func (p *page) begin(r *event.Review) {
	p.WriteString(Marker + "\n\n# kiraform " + word(r.Start.Command))
	if at := r.Start.Place.String(); at != "" {
		p.WriteString(" on " + word(at))
	}
	p.WriteString("\n\n")
	if subject, text := headline(r); subject != "" {
		fmt.Fprintf(p, "**%s:** %s.", subject, text)
	} else {
		fmt.Fprintf(p, "**%s.**", text)
	}
	if n := r.End.Counts[event.NoOp]; n > 0 {
		fmt.Fprintf(p, " %s unchanged.", words.Count(n, "resource"))
	}
	if n := r.End.Unproven; n > 0 {
		fmt.Fprintf(p, " Of %s something was assumed and never compared.", words.Count(n, "object"))
	}
	p.WriteString("\n")
}

// findings writes the facts that have to be known first.
func (p *page) findings(r *event.Review) {
	var parts []string
	if down := r.Start.TurnedDown; len(down) > 0 {
		parts = append(parts, "\n**Rules turned down:** "+code(words.Few(20, down...))+"\n")
	}
	if extra := r.Start.Extra; len(extra) > 0 {
		parts = append(parts, "\n**Unknown attributes are sent:** "+code(words.Few(20, extra...))+". "+event.Unknown+"\n")
	}
	for _, e := range r.End.Ended {
		parts = append(parts, "\n**Ended at Kira:** "+code(e.Addr)+" is "+code(e.Is)+".\n")
	}
	if n := len(parts); n > 12 {
		parts = append(parts[:11], fmt.Sprintf("\nAnd %d more objects that ended at Kira.\n", n-11))
	}
	for _, f := range findings(r) {
		parts = append(parts, f.markdown())
	}
	for i, part := range parts {
		// Diagnostics leave half of the room to the changes.
		if p.limit > 0 && p.Len()+len(part) > p.limit/2 || !p.fits(part) {
			fmt.Fprintf(p, "\nAnd %s.\n", words.Count(len(parts)-i, "more message"))
			return
		}
	}
}

func (f finding) markdown() string {
	var b strings.Builder
	kind := "Error"
	if f.Severity == "warning" {
		kind = "Warning"
	}
	fmt.Fprintf(&b, "\n**%s:** %s", kind, code(f.Summary))
	if at := place(f.Diagnostic); at != "" {
		b.WriteString(" at " + code(at))
	}
	b.WriteString("\n")
	if f.Detail != "" {
		b.WriteString("\n" + fenced("text", strings.TrimRight(plain(f.Detail), "\n")))
	}
	if n := len(f.Also); n > 0 {
		fmt.Fprintf(&b, "\nAnd %d more like it: %s\n", n, code(words.Few(20, f.Also...)))
	}
	return b.String()
}

// changes writes the changes, and counts those for which there is no room.
func (p *page) changes(r *event.Review) {
	resources, runs := 0, 0
	all := sections(r)
	shown := p.choose(all)
	for i, s := range all {
		head := s.head()
		for j, it := range s.Items {
			switch {
			case shown[[2]int{i, j}]:
				p.WriteString(head + it.markdown())
				head = ""
			case s.action == event.Invoke:
				runs += len(it.Same)
			default:
				resources += len(it.Same)
			}
		}
	}
	if len(r.End.Outputs) > 0 && !p.fits("\nOutputs\n---\n\n"+fenced("diff", diff(lines(r.End.Outputs, 0)))) {
		p.WriteString("\nThe changes of outputs are too long for this text.\n")
	}
	var left []string
	if resources > 0 {
		left = append(left, words.Count(resources, "more resource"))
	}
	if runs > 0 {
		left = append(left, words.Count(runs, "more action")+" to run")
	}
	if len(left) > 0 {
		fmt.Fprintf(p, "\n**And %s**, for which there is no room here.\n", words.And(left...))
	}
}

func (s section) head() string {
	title := s.Title
	if !s.Known {
		title = code(title)
	}
	return fmt.Sprintf("\n%s (%d)\n---\n", title, s.Count())
}

// grave are the actions that have the room before all others: money that goes out, and
// objects that nobody manages any more.
var grave = []string{event.Invoke, event.Replace, event.Forget, event.Gone}

// choose returns the items for which there is room, by their section and place in it.
func (p *page) choose(all []section) map[[2]int]bool {
	chosen := make(map[[2]int]bool)
	room := p.limit - p.Len() - len(p.tail) - p.spare
	take := func(i int, s section) {
		head := len(s.head())
		for j, it := range s.Items {
			if n := head + len(it.markdown()); p.limit == 0 || n <= room {
				chosen[[2]int{i, j}] = true
				room, head = room-n, 0
			}
		}
	}
	for _, first := range []bool{true, false} {
		for i, s := range all {
			if slices.Contains(grave, s.action) == first {
				take(i, s)
			}
		}
	}
	return chosen
}

func (i item) markdown() string {
	var b strings.Builder
	w := i.Word()
	names := htmlCode(i.Addr)
	if n := len(i.Same) - 1; n > 0 {
		names += fmt.Sprintf(" and %d more", n)
	}
	will := references.Replace(i.Will())
	if w.Tone == words.Unknown {
		will = htmlCode(i.Will())
	}
	fmt.Fprintf(&b, "\n<details><summary>%s %s %s</summary>\n\n", htmlCode(strings.TrimSpace(w.Sign)), names, will)
	if len(i.Same) > 1 {
		b.WriteString("In the same way:\n\n" + fenced("text", strings.Join(each(i.Same), "\n")) + "\n")
	}
	for _, fact := range i.facts() {
		b.WriteString(fact[0] + ": " + code(fact[1]) + "\n\n")
	}
	b.WriteString(fenced("diff", diff(i.Lines)) + "</details>\n")
	return b.String()
}

func each(texts []string) []string {
	all := make([]string, len(texts))
	for i, t := range texts {
		all[i] = inline(t)
	}
	return all
}

// facts are the sentences about an item, each with its name.
func (i item) facts() (all [][2]string) {
	add := func(name, text string) {
		if text != "" {
			all = append(all, [2]string{name, text})
		}
	}
	add("Moved from", i.From)
	add("Why", i.Why)
	add("Waits", i.After)
	if len(i.Same) == 1 {
		add("Id", i.ID)
		add("Written at", where(i.File, i.Line))
	}
	add("Note", i.Word().Beside)
	return all
}

// ending is the digest, and the command to run next.
func ending(r *event.Review, o Options) string {
	switch {
	case r.Denied:
		return "\nA policy is against this plan, or cannot be judged, so that it is not carried out.\n" + digest(r)
	case r.End.Digest != "":
		return digest(r) + "\n" + fenced("sh", next(r, o))
	case r.End.NoDigest != "":
		return "\nNo digest: " + plain(strings.TrimSuffix(r.End.NoDigest, ".")) + ".\n\n" + fenced("sh", next(r, o))
	case r.Applies():
		return "\n" + fenced("sh", next(r, o))
	}
	return ""
}

func digest(r *event.Review) string {
	if r.End.Digest == "" {
		return ""
	}
	return "\nDigest: " + code(r.End.Digest) + "\n"
}
