package engine

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hcled"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/diag"
	"kiraform/internal/event"
	"kiraform/internal/lang"
)

// diagnostic turns d into an event, with the lines that a view shows.
func (p *Project) diagnostic(d *hcl.Diagnostic) event.Diagnostic {
	e := event.Diagnostic{Severity: "error", Code: string(diag.CodeOf(d)), Summary: d.Summary, Detail: d.Detail}
	if d.Severity == hcl.DiagWarning {
		e.Severity = "warning"
	}
	if d.Subject != nil {
		// In a file of variables that does not parse, any may be the sensitive one.
		unsure := e.Code == "syntax" && strings.Contains(d.Subject.Filename, ".kiravars.")
		e.Source = p.source(*d.Subject, unsure)
	}
	if d.Expression != nil && d.EvalContext != nil {
		e.Values = describe(d.Expression, d.EvalContext)
	}
	return e
}

// source quotes the lines of a range. A file that is not part of the
// configuration, such as one of variables, is named without its text. What is
// secret is masked; unsure says that every string may be.
func (p *Project) source(r hcl.Range, unsure bool) *event.Source {
	s := &event.Source{File: r.Filename, Line: r.Start.Line, Column: r.Start.Column, EndLine: r.End.Line, EndColumn: r.End.Column}
	if p.module == nil {
		return s
	}
	f, ok := p.module.Files[r.Filename]
	if !ok || r.Start.Byte > len(f.Bytes) || r.End.Byte > len(f.Bytes) || r.End.Byte < r.Start.Byte {
		return s
	}
	s.Block = hcled.ContextString(f, r.Start.Byte)
	from := bytes.LastIndexByte(f.Bytes[:r.Start.Byte], '\n') + 1
	end := r.End.Byte
	if r.End.Line > r.Start.Line { // a block: its first line says enough
		end = r.Start.Byte + lineLength(f.Bytes[r.Start.Byte:])
	}
	to := end + lineLength(f.Bytes[end:])
	if to-from > longestCode { // nobody wrote that by hand
		from = runeStart(f.Bytes, max(from, r.Start.Byte-longestCode/4))
		to = runeStart(f.Bytes, min(to, from+longestCode))
		end = min(end, to)
		unsure = true // what it belongs to may be cut off
	}
	s.Code, s.FirstLine = p.masker.mask(string(f.Bytes[from:to]), unsure), r.Start.Line
	s.Mark = [2]int{r.Start.Byte - from, end - from}
	return s
}

// longestCode is how many bytes of a line are quoted.
const longestCode = 400

// runeStart returns the last place up to i where a character begins.
func runeStart(b []byte, i int) int {
	for i > 0 && i < len(b) && !utf8.RuneStart(b[i]) {
		i--
	}
	return i
}

// lineLength is how far it is to the end of the line.
func lineLength(b []byte) int {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return i
	}
	return len(b)
}

// describe says what each name in an expression stands for, one sentence each,
// sorted. What is sensitive is said to be, and no more.
func describe(expr hcl.Expression, ctx *hcl.EvalContext) (out []string) {
	for _, tr := range expr.Variables() {
		v, diags := tr.TraverseAbs(ctx)
		if diags.HasErrors() {
			continue
		}
		name, ok := traversalName(tr)
		if !ok {
			continue
		}
		out = append(out, name+" "+sentence(v))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func traversalName(tr hcl.Traversal) (string, bool) {
	var name strings.Builder
	name.WriteString(tr.RootName())
	for _, s := range tr[1:] {
		switch s := s.(type) {
		case hcl.TraverseAttr:
			name.WriteString("." + s.Name)
		case hcl.TraverseIndex:
			if s.Key.Type() == cty.String {
				fmt.Fprintf(&name, "[%q]", s.Key.AsString())
			} else {
				fmt.Fprintf(&name, "[%s]", s.Key.AsBigFloat().Text('f', -1))
			}
		default:
			return "", false
		}
	}
	return name.String(), true
}

// longestValue is how many characters of a string a sentence quotes.
const longestValue = 60

func sentence(v cty.Value) string {
	bare, _ := v.UnmarkDeep()
	switch {
	case lang.IsSensitive(v):
		return "has a sensitive value"
	case !bare.IsKnown():
		return "is " + article(bare.Type()) + ", known only after apply"
	case bare.IsNull():
		return "is null"
	case bare.Type() == cty.String:
		s := []rune(bare.AsString())
		if len(s) > longestValue {
			return fmt.Sprintf("is a string of %d characters", len(s))
		}
		return fmt.Sprintf("is %q", string(s))
	case bare.Type() == cty.Number:
		return "is " + numeral(bare)
	case bare.Type() == cty.Bool:
		return fmt.Sprintf("is %t", bare.True())
	case bare.CanIterateElements():
		return fmt.Sprintf("is %s with %d elements", article(bare.Type()), bare.LengthInt())
	}
	return "is " + article(bare.Type())
}

func article(t cty.Type) string {
	if t == cty.DynamicPseudoType {
		return "a value"
	}
	name := t.FriendlyName()
	if slices.Contains([]byte("aeiou"), name[0]) {
		return "an " + name
	}
	return "a " + name
}
