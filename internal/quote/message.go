package quote

import (
	"regexp"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/diag"
	"kiraform/internal/event"
	"kiraform/internal/redact"
)

// Diagnostic turns d into an event, with the lines that a view shows.
func (q *Quoter) Diagnostic(d *hcl.Diagnostic) event.Diagnostic {
	q.once.Do(q.cover)
	d = diag.Worded(d)
	e := event.Diagnostic{Severity: "error", Code: string(diag.CodeOf(d)), About: diag.ObjectOf(d), Addr: diag.InstanceOf(d), Summary: d.Summary, Detail: d.Detail}
	if d.Severity == hcl.DiagWarning {
		e.Severity = "warning"
	}
	around := q.around(d)
	if d.Expression != nil && d.EvalContext != nil {
		e.Values = describe(d.Expression, d.EvalContext, len(around) > 0)
	}
	if d.Subject != nil {
		e.Source = q.Source(*d.Subject)
	}
	if len(around) > 0 {
		q.silence(&e, d, around)
	}
	e.Summary, e.Detail = q.secrets.Text(redact.URLs(e.Summary)), q.secrets.Text(redact.URLs(e.Detail))
	for i, v := range e.Values {
		e.Values[i] = q.secrets.Text(redact.URLs(v))
	}
	return e
}

// around returns the hidden parts around d: on its lines, and in whatever is
// written for the names that are hidden there. A comment does not count.
func (q *Quoter) around(d *hcl.Diagnostic) (all []cover) {
	if d.Subject == nil {
		return nil
	}
	f := q.files[d.Subject.Filename]
	if f == nil || d.Subject.Start.Byte > len(f.src) || d.Subject.End.Byte > len(f.src) || d.Subject.End.Byte < d.Subject.Start.Byte {
		return nil
	}
	from, to, _ := f.lines(*d.Subject, q.module.Unsound[d.Subject.Filename])
	to = max(to, d.Subject.End.Byte)
	first := sort.Search(len(f.covered), func(i int) bool { return f.covered[i].to > from })
	items := make(map[*item]bool)
	for _, c := range f.covered[first:] {
		if c.from >= to {
			break
		}
		if !comment(f.src[:c.from]) {
			items[c.in] = true
		}
	}
	for _, c := range f.covered {
		if items[c.in] {
			all = append(all, c)
		}
	}
	return all
}

// comment reports whether the text after before is that of a comment.
func comment(before []byte) bool {
	s := strings.TrimRight(string(before[max(0, len(before)-2):]), "*")
	return strings.HasSuffix(s, "#") || strings.HasSuffix(s, "/")
}

// silence takes out of a diagnostic the words that it repeats of the parts
// around it.
func (q *Quoter) silence(e *event.Diagnostic, d *hcl.Diagnostic, around []cover) {
	f := q.files[d.Subject.Filename]
	var local redact.Set
	for _, c := range around {
		for _, s := range f.texts(c, q.names) {
			local.Add(s)
		}
		local.Add(string(f.src[c.from:c.to]))
	}
	e.Summary, e.Detail = local.Text(e.Summary), local.Text(e.Detail)
	for i, v := range e.Values {
		e.Values[i] = local.Text(v)
	}
	switch e.Code {
	case "function-failed":
		said, _, _ := strings.Cut(e.Detail, ": ")
		e.Detail = strings.TrimSuffix(said, ".") + ". What it was given may be a secret, so its message is not shown."
	case "invalid-expression", "wrong-type", "invalid-value", "not-a-literal":
		e.Detail = inQuotes.ReplaceAllStringFunc(e.Detail, q.quoted)
	}
}

// inQuotes is a text that a message may have taken from a value.
var inQuotes = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// quoted returns a text in quotes as it is if it is made of known words, such
// as the path of an attribute.
func (q *Quoter) quoted(s string) string {
	inner := strings.Trim(s, `"`)
	for word := range strings.FieldsFuncSeq(inner, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		if !q.names.words[word] && len(word) > 2 {
			return redact.Instead
		}
	}
	return s
}
