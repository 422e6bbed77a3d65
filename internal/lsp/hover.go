package lsp

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/addr"
	"kiraform/internal/budget"
	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/ui/words"
	"kiraform/schema"
	"kiraform/state"
)

// most is how many instances a hover tells of.
const most = 10

// hover shows the schema's words for a kind or an attribute, and how the state knows a
// resource.
func (s *server) hover(p placeParams) (any, *rpcError) {
	ix, file := s.index(p.TextDocument.URI)
	if ix == nil {
		return nil, nil
	}
	text := ix.texts[file]
	offset := offsetOf(text, p.Position)
	body := ix.tree(file)
	if body == nil {
		return nil, nil
	}
	configuration := strings.HasSuffix(file, config.NativeSuffix)
	if h := attrHover(text, body, offset); h != nil && configuration {
		return h, nil
	}
	if h := ownHover(text, file, body, offset); h != nil {
		return h, nil
	}
	if u, ok := ix.at(file, offset); ok {
		return hover{markup{"markdown", s.about(ix, u)}, spanOf(text, u.from, u.to)}, nil
	}
	if h := blockHover(text, body, offset); h != nil && configuration {
		return h, nil
	}
	if h := s.partHover(ix, file, body, offset); h != nil {
		return h, nil
	}
	return nil, nil
}

// attrHover is about the kind or the attribute under the cursor.
func attrHover(text string, body *hclsyntax.Body, offset int) any {
	all := body.Blocks
	for _, b := range body.Blocks {
		if b.Type == "check" {
			all = append(slices.Clip(all), b.Body.Blocks...)
		}
	}
	for _, b := range all {
		if offset < b.TypeRange.Start.Byte || offset > max(b.CloseBraceRange.End.Byte, b.OpenBraceRange.End.Byte) {
			continue
		}
		header := append([]string{b.Type}, b.Labels...)
		k, _ := attrsAt(header, nil)
		if k == nil {
			continue
		}
		if r := b.LabelRanges[0]; r.Start.Byte <= offset && offset <= r.End.Byte {
			return hover{markup{"markdown", "**" + b.Labels[0] + "**\n\n" + strings.Join(strings.Fields(k.Doc), " ")}, spanOfRange(text, r)}
		}
		inner := b.Body
		if b.Type == "action" {
			for _, c := range b.Body.Blocks {
				if c.Type == "config" {
					inner = c.Body
				}
			}
		}
		variant := variantIn(k, inner)
		a, from, to := attrUnder(k.Attrs, inner, variant, offset)
		if a == nil {
			continue
		}
		return hover{markup{"markdown", "**" + a.Name + "**\n\n" + attrDoc(a, variant)}, spanOf(text, from, to)}
	}
	return nil
}

// variantIn is the variant that a block writes as a text.
func variantIn(k *schema.Kind, body *hclsyntax.Body) string {
	a, ok := body.Attributes[k.Variant]
	if !ok {
		return ""
	}
	v, diags := budget.Constant(a.Expr)
	if diags.HasErrors() {
		return ""
	}
	return schema.Text(v)
}

// attrUnder finds the attribute whose name, or whose value if that is one of a few, is under
// the cursor, however deep. Its place is that of the word.
func attrUnder(attrs []schema.Attr, body *hclsyntax.Body, variant string, offset int) (a *schema.Attr, from, to int) {
	for _, written := range body.Attributes {
		i := slices.IndexFunc(attrs, func(a schema.Attr) bool { return a.Name == written.Name })
		if i < 0 {
			continue
		}
		if a, from, to = memberUnder(&attrs[i], written.NameRange, written.Expr, variant, offset); a != nil {
			return a, from, to
		}
	}
	return nil, 0, 0
}

func memberUnder(a *schema.Attr, name hcl.Range, e hclsyntax.Expression, variant string, offset int) (*schema.Attr, int, int) {
	if name.Start.Byte <= offset && offset <= name.End.Byte {
		return a, name.Start.Byte, name.End.Byte
	}
	r := e.Range()
	if offset < r.Start.Byte || offset > r.End.Byte {
		return nil, 0, 0
	}
	if t, ok := e.(*hclsyntax.TemplateExpr); ok && t.IsStringLiteral() {
		if v, diags := t.Value(nil); !diags.HasErrors() && slices.Contains(a.Values(variant), schema.Text(v)) {
			return a, r.Start.Byte, r.End.Byte
		}
	}
	return nestedUnder(a.Nested, e, variant, offset)
}

func nestedUnder(attrs []schema.Attr, e hclsyntax.Expression, variant string, offset int) (*schema.Attr, int, int) {
	if r := e.Range(); len(attrs) == 0 || offset < r.Start.Byte || offset > r.End.Byte {
		return nil, 0, 0
	}
	switch e := e.(type) {
	case *hclsyntax.TupleConsExpr:
		for _, x := range e.Exprs {
			if a, from, to := nestedUnder(attrs, x, variant, offset); a != nil {
				return a, from, to
			}
		}
	case *hclsyntax.ObjectConsExpr:
		for _, item := range e.Items {
			v, diags := item.KeyExpr.Value(nil)
			i := slices.IndexFunc(attrs, func(a schema.Attr) bool { return !diags.HasErrors() && a.Name == schema.Text(v) })
			if i < 0 {
				continue
			}
			if a, from, to := memberUnder(&attrs[i], item.KeyExpr.Range(), item.ValueExpr, variant, offset); a != nil {
				return a, from, to
			}
		}
	}
	return nil, 0, 0
}

// about has the facts about a name: its declaration, and its instances in the state.
func (s *server) about(ix *index, u use) string {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**\n", u.text)
	declared := ix.of(u.name)
	i := slices.IndexFunc(declared, func(d use) bool { return d.defines })
	switch {
	case i >= 0:
		fmt.Fprintf(&b, "\n%s\n", ix.declaration(declared[i]))
	case u.kept:
		b.WriteString("\nThe address that something had.\n")
	default:
		b.WriteString("\n" + ix.undeclared(u) + "\n")
	}
	if k := kindOf(u.text); k != nil && !strings.HasPrefix(u.text, "data.") && !strings.HasPrefix(u.text, "action.") {
		b.WriteString("\n" + known(s.State(ix.root), ix.modules(u.dir), u.text))
	}
	return b.String()
}

// undeclared says of a name that nothing has it, as far as the files can be read.
func (ix *index) undeclared(u use) string {
	for _, file := range slices.Sorted(maps.Keys(ix.other)) {
		if path.Dir(file) == u.dir && strings.HasSuffix(file, config.JSONSuffix) {
			return fmt.Sprintf("No file in HCL declares it. %s is in JSON, and is not looked at here.", file)
		}
	}
	var names []string
	prefix, _, _ := cutLast(u.text, ".")
	for _, d := range ix.uses {
		if d.defines && d.dir == u.dir && strings.HasPrefix(d.text, prefix+".") {
			names = append(names, d.text)
		}
	}
	if len(names) == 0 { // of another kind, perhaps
		for _, d := range ix.uses {
			if d.defines && d.dir == u.dir {
				names = append(names, d.text)
			}
		}
	}
	slices.Sort(names)
	return "No file in this folder declares it." + diag.DidYouMean(u.text, slices.Compact(names))
}

// declaration says where a name is declared and, of variables and outputs, with which
// description. A value or a default is not shown.
func (ix *index) declaration(u use) string {
	at := fmt.Sprintf("%s, line %d", u.file, positionOf(ix.texts[u.file], u.from).Line+1)
	for _, block := range ix.tree(u.file).Blocks {
		if u.from < block.TypeRange.Start.Byte || u.from > block.CloseBraceRange.End.Byte || block.Type != "variable" && block.Type != "output" {
			continue
		}
		var words strings.Builder
		for _, name := range []string{"type", "description"} {
			if text := source(ix.texts[u.file], block, name); text != "" {
				words.WriteString(fmt.Sprintf("\n- %s: `%s`", name, strings.ReplaceAll(text, "`", "'")))
			}
		}
		return at + words.String()
	}
	return at
}

// modules returns the addresses under which a folder is called.
func (ix *index) modules(dir string) (all []addr.Module) {
	var visit func(m *config.Module, at addr.Module)
	visit = func(m *config.Module, at addr.Module) {
		if m == nil {
			return
		}
		if path.Clean(m.Dir) == dir {
			all = append(all, at)
		}
		for _, c := range m.Calls {
			visit(c.Module, at.Child(c.Name, addr.Key{}))
		}
	}
	visit(ix.mods[0], "")
	return all
}

// known is how the state knows the instances of a resource: ids, statuses and dates.
func known(s *state.State, in []addr.Module, block string) string {
	if s == nil {
		return "There is no state that shows it.\n"
	}
	var b strings.Builder
	n := 0
	for _, a := range s.Addrs() {
		if !isOf(a, in, block) {
			continue
		}
		if n++; n > most {
			continue
		}
		o := s.Resources[a]
		fmt.Fprintf(&b, "- `%s`: ", strings.ReplaceAll(a.String(), "`", "'"))
		if status := schema.Text(schema.Member(o.Seen.Shown(), "status")); status != "" {
			fmt.Fprintf(&b, "**%s**, ", word(status))
		}
		fmt.Fprintf(&b, "id `%s`", word(o.ID))
		if !o.Written.IsZero() {
			fmt.Fprintf(&b, ", written %s", words.Moment(o.Written))
		}
		b.WriteString("\n")
	}
	switch {
	case n == 0:
		return "The state does not have it yet.\n"
	case n > most:
		fmt.Fprintf(&b, "- and %d more\n", n-most)
	}
	return b.String()
}

// isOf reports whether a is an instance of a block in one of the modules.
func isOf(a addr.Resource, in []addr.Module, block string) bool {
	if !slices.Contains(in, a.Module.Static()) {
		return false
	}
	a = a.Block()
	a.Module = ""
	return a.String() == block
}

// word is a word of Kira's, without the characters that Markdown gives a meaning.
func word(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == ' ' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '?'
	}, s)
}
