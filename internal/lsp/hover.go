package lsp

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/addr"
	"kiraform/internal/budget"
	"kiraform/internal/config"
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
	if body := ix.tree(file); body == nil {
		return nil, nil
	} else if h := attrHover(text, body, offset); h != nil && strings.HasSuffix(file, config.NativeSuffix) {
		return h, nil
	} else if h := ownHover(text, file, body, offset); h != nil {
		return h, nil
	}
	u, ok := ix.at(file, offset)
	if !ok {
		return nil, nil
	}
	words := s.about(ix, u)
	if words == "" {
		return nil, nil
	}
	return hover{markup{"markdown", words}, spanOf(text, u.from, u.to)}, nil
}

// attrHover is about the kind or the attribute under the cursor.
func attrHover(text string, body *hclsyntax.Body, offset int) any {
	for _, b := range body.Blocks {
		if offset < b.TypeRange.Start.Byte || offset > max(b.CloseBraceRange.End.Byte, b.OpenBraceRange.End.Byte) {
			continue
		}
		header := append([]string{b.Type}, b.Labels...)
		k, _ := attrsAt(header, nil)
		if k == nil {
			return nil
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
		a, from, to := attrUnder(k.Attrs, inner, offset)
		if a == nil {
			return nil
		}
		return hover{markup{"markdown", "**" + a.Name + "**\n\n" + attrDoc(a, variantIn(k, inner))}, spanOf(text, from, to)}
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

// attrUnder finds the attribute whose name is under the cursor, however deep.
func attrUnder(attrs []schema.Attr, body *hclsyntax.Body, offset int) (a *schema.Attr, from, to int) {
	for _, written := range body.Attributes {
		i := slices.IndexFunc(attrs, func(a schema.Attr) bool { return a.Name == written.Name })
		switch r := written.NameRange; {
		case i < 0:
		case r.Start.Byte <= offset && offset <= r.End.Byte:
			return &attrs[i], r.Start.Byte, r.End.Byte
		default:
			if a, from, to = nestedUnder(attrs[i].Nested, written.Expr, offset); a != nil {
				return a, from, to
			}
		}
	}
	return nil, 0, 0
}

func nestedUnder(attrs []schema.Attr, e hclsyntax.Expression, offset int) (*schema.Attr, int, int) {
	if r := e.Range(); len(attrs) == 0 || offset < r.Start.Byte || offset > r.End.Byte {
		return nil, 0, 0
	}
	switch e := e.(type) {
	case *hclsyntax.TupleConsExpr:
		for _, x := range e.Exprs {
			if a, from, to := nestedUnder(attrs, x, offset); a != nil {
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
			if r := item.KeyExpr.Range(); r.Start.Byte <= offset && offset <= r.End.Byte {
				return &attrs[i], r.Start.Byte, r.End.Byte
			}
			if a, from, to := nestedUnder(attrs[i].Nested, item.ValueExpr, offset); a != nil {
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
	for _, d := range ix.of(u.name) {
		if d.defines {
			fmt.Fprintf(&b, "\n%s\n", ix.declaration(d))
			break
		}
	}
	if k := kindOf(u.text); k != nil && !strings.HasPrefix(u.text, "data.") && !strings.HasPrefix(u.text, "action.") {
		b.WriteString("\n" + known(s.State(ix.root), ix.modules(u.dir), u.text))
	}
	return b.String()
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
