package lsp

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/schema"
	"kiraform/schema/kinds"
)

var (
	meant   = regexp.MustCompile(`Did you mean "([^"\\]+)"\?|Write "([^"\\]+)"\.`)
	missing = regexp.MustCompile(`needs "?((?:[a-z_]+(?:, | and )?)+)"?(?:\.| when )`)
)

// fixes are the corrections of mistakes, by the rule that found them; each returns "" for
// a title if it does not know one.
var fixes = map[string]func(text string, body *hclsyntax.Body, d diagnostic) (title string, edits []textEdit){
	"missing-attribute": addMissing,
	"user-incomplete":   addMissing,
	"recipient-name":    addMissing,
	"digits-lost":       inQuotes,
	"pasted-body":       takePasted,
}

// actions offers corrections for the mistakes in a range: that of the rule, the word that
// was probably meant, and to turn the rule down.
func (s *server) actions(p actionParams) (any, *rpcError) {
	all := []codeAction{}
	if len(p.Context.Diagnostics) == 0 { // as wherever the cursor goes
		return all, nil
	}
	text, _ := s.text(p.TextDocument.URI)
	_, body := s.tree(p.TextDocument.URI)
	for _, d := range p.Context.Diagnostics {
		if d.Source != "kiraform" {
			continue
		}
		offer := func(title string, edits ...textEdit) {
			for i := range edits {
				edits[i].NewText = inLinesOf(text, edits[i].NewText)
			}
			if title != "" {
				all = append(all, codeAction{title, "quickfix", []diagnostic{d}, workspaceEdit{map[string][]textEdit{p.TextDocument.URI: edits}}})
			}
		}
		if fix, ok := fixes[d.Code]; ok && body != nil {
			title, edits := fix(text, body, d)
			offer(title, edits...)
		}
		if body != nil {
			title, edits := remove(text, body, d)
			offer(title, edits...)
		}
		offer(change(text, d))
		if body != nil && turnable(d.Code) {
			if d.Severity == 1 {
				offer(fmt.Sprintf("Turn the rule %s down to a warning", d.Code), turnDown(text, body, d.Code, "warn"))
			}
			offer(fmt.Sprintf("Turn the rule %s off", d.Code), turnDown(text, body, d.Code, "off"))
		}
	}
	return all, nil
}

// change puts the word in place that the message asks for.
func change(text string, d diagnostic) (string, textEdit) {
	m := meant.FindStringSubmatch(d.Message)
	if m == nil {
		return "", textEdit{}
	}
	from, to := offsetOf(text, d.Range.Start), offsetOf(text, d.Range.End)
	if from >= to {
		return "", textEdit{}
	}
	is, now := text[from:to], firstOf(m[1], m[2])
	switch i := strings.LastIndexByte(is, '.'); {
	case strings.HasPrefix(is, `"`):
		now = `"` + now + `"`
	case !hclsyntax.ValidIdentifier(is) && i >= 0 && hclsyntax.ValidIdentifier(is[i+1:]) && !strings.Contains(now, "."): // of a reference the last word
		from += i + 1
	case !hclsyntax.ValidIdentifier(is) && i < 0:
		return "", textEdit{}
	}
	return "Change to " + now, textEdit{spanOf(text, from, to), now}
}

// addMissing adds the attributes that a block lacks, with nothing in them yet.
func addMissing(text string, body *hclsyntax.Body, d diagnostic) (string, []textEdit) {
	m := missing.FindStringSubmatch(d.Message)
	b := blockAt(body, offsetOf(text, d.Range.Start))
	if m == nil || b == nil || b.CloseBraceRange.Start.Byte <= b.OpenBraceRange.Start.Byte {
		return "", nil
	}
	if of := strings.SplitN(d.Message, b.Labels[0], 2); d.Code != "recipient-name" && (len(of) < 2 || !strings.HasPrefix(of[1], " ") && !strings.HasPrefix(of[1], ",")) {
		return "", nil // something in it needs them
	}
	k, attrs := attrsAt(append([]string{b.Type}, b.Labels...), nil)
	var lines strings.Builder
	names := strings.FieldsFunc(strings.ReplaceAll(m[1], " and ", ","), func(r rune) bool { return r == ',' || r == ' ' })
	for _, name := range names {
		i := slices.IndexFunc(attrs, func(a schema.Attr) bool { return a.Name == name })
		if i < 0 {
			return "", nil
		}
		fmt.Fprintf(&lines, "  %s = %s\n", name, blank(&attrs[i], variantIn(k, b.Body)))
	}
	at, before := b.CloseBraceRange.Start.Byte, ""
	if start := strings.LastIndexByte(text[:at], '\n') + 1; strings.TrimSpace(text[start:at]) == "" {
		at = start // the brace has a line of its own
	} else {
		before = "\n"
	}
	return "Add " + strings.Join(names, ", "), []textEdit{{spanOf(text, at, at), before + lines.String()}}
}

// remove takes an attribute of a block away of which the message says so.
func remove(text string, body *hclsyntax.Body, d diagnostic) (string, []textEdit) {
	at := offsetOf(text, d.Range.Start)
	b := blockAt(body, at)
	if b == nil || !strings.Contains(d.Message, "Remove it") {
		return "", nil
	}
	for _, a := range b.Body.Attributes {
		r := a.SrcRange
		if at < r.Start.Byte || r.End.Byte <= at || a.Expr.Range().Start.Byte < at && !strings.HasPrefix(text[at-1:], `"`) {
			continue
		}
		from := strings.LastIndexByte(text[:r.Start.Byte], '\n') + 1
		end := strings.IndexByte(text[r.End.Byte:], '\n')
		if end < 0 || strings.TrimSpace(text[from:r.Start.Byte]) != "" {
			return "", nil // there is something else on its line
		}
		return "Remove " + a.Name, []textEdit{{spanOf(text, from, r.End.Byte+end+1), ""}}
	}
	return "", nil
}

// blank is the first value that an attribute takes, or an empty one of its form.
func blank(a *schema.Attr, variant string) string {
	switch v := a.Values(variant); {
	case a.Nested != nil && a.List:
		return "[{}]"
	case a.Nested != nil:
		return "{}"
	case a.Type.IsListType() || a.Type.IsSetType():
		return "[]"
	case a.Type.IsMapType():
		return "{}"
	case len(v) > 0:
		return `"` + v[0] + `"`
	}
	return `""`
}

// inQuotes makes a text of a number.
func inQuotes(text string, _ *hclsyntax.Body, d diagnostic) (string, []textEdit) {
	from, to := offsetOf(text, d.Range.Start), offsetOf(text, d.Range.End)
	is := text[from:to]
	if is == "" || strings.Trim(is, "0123456789.+-eE") != "" {
		return "", nil
	}
	return "Put it in quotes", []textEdit{{d.Range, `"` + is + `"`}}
}

// takePasted takes the corrected block that the message has.
func takePasted(text string, _ *hclsyntax.Body, d diagnostic) (string, []textEdit) {
	_, block, ok := strings.Cut(d.Message, "Write:\n\n")
	from := offsetOf(text, position{Line: d.Range.Start.Line})
	end := strings.Index(text[from:], "\n}")
	if !ok || end < 0 || strings.Contains(block, "left out") {
		return "", nil
	}
	return "Write it as a block", []textEdit{{spanOf(text, from, from+end+2), block}}
}

// turnable reports whether a configuration may turn the rule down: guard rails are none
// of these.
func turnable(code string) bool {
	has := func(rules []schema.Rule) bool {
		return slices.ContainsFunc(rules, func(r schema.Rule) bool { return string(r.ID) == code })
	}
	return has(schema.Checks()) || slices.ContainsFunc(kinds.All, func(k *kinds.Kind) bool { return has(k.Schema.Rules) })
}

// turnDown writes the rule into the kiraform block, or makes one.
func turnDown(text string, body *hclsyntax.Body, code, how string) textEdit {
	insert := func(at int, words string) textEdit { return textEdit{spanOf(text, at, at), words} }
	for _, b := range body.Blocks {
		if b.Type != "kiraform" {
			continue
		}
		for _, r := range b.Body.Blocks {
			if r.Type != "rules" {
				continue
			}
			if a, ok := r.Body.Attributes[how]; ok {
				list := cut(text, a.Expr.Range())
				comma := ", "
				if strings.Trim(list, "[] \n\t") == "" {
					comma = ""
				}
				return insert(a.Expr.Range().Start.Byte+1, `"`+code+`"`+comma)
			}
			return insert(r.OpenBraceRange.End.Byte, fmt.Sprintf("\n    %s = [%q]", how, code))
		}
		return insert(b.OpenBraceRange.End.Byte, fmt.Sprintf("\n  rules {\n    %s = [%q]\n  }", how, code))
	}
	return insert(0, fmt.Sprintf("kiraform {\n  rules {\n    %s = [%q]\n  }\n}\n\n", how, code))
}

// blockAt is the block at the top that a byte is in.
func blockAt(body *hclsyntax.Body, offset int) *hclsyntax.Block {
	for _, b := range body.Blocks {
		if b.TypeRange.Start.Byte <= offset && offset <= max(b.CloseBraceRange.End.Byte, b.OpenBraceRange.End.Byte) && len(b.Labels) > 0 {
			return b
		}
	}
	return nil
}
