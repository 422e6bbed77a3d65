package lsp

import (
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/config"
)

// place finds the name under the cursor.
func (s *server) place(p placeParams) (ix *index, u use, ok bool) {
	ix, file := s.index(p.TextDocument.URI)
	if ix == nil {
		return nil, use{}, false
	}
	u, ok = ix.at(file, offsetOf(ix.texts[file], p.Position))
	return ix, u, ok
}

func (s *server) definition(p placeParams) (any, *rpcError) {
	ix, u, ok := s.place(p)
	found := []location{}
	if ok {
		for _, other := range ix.of(u.name) {
			if other.defines {
				found = append(found, ix.location(other))
			}
		}
	}
	return found, nil
}

func (s *server) references(p placeParams) (any, *rpcError) {
	ix, u, ok := s.place(p)
	found := []location{}
	if ok {
		for _, other := range ix.of(u.name) {
			if !other.defines || p.Context.IncludeDeclaration {
				found = append(found, ix.location(other))
			}
		}
	}
	return found, nil
}

func (s *server) highlights(p placeParams) (any, *rpcError) {
	ix, u, ok := s.place(p)
	type highlight struct {
		Range span `json:"range"`
	}
	found := []highlight{}
	if ok {
		for _, other := range ix.of(u.name) {
			if other.file == u.file {
				found = append(found, highlight{ix.location(other).Range})
			}
		}
	}
	return found, nil
}

// symbols lists the blocks of a file.
func (s *server) symbols(p documentParams) (any, *rpcError) {
	text, body := s.tree(p.TextDocument.URI)
	all := []documentSymbol{}
	if body == nil {
		return all, nil
	}
	for _, b := range body.Blocks {
		all = append(all, blockSymbol(text, b))
	}
	return all, nil
}

func blockSymbol(text string, b *hclsyntax.Block) documentSymbol {
	end := max(b.CloseBraceRange.End.Byte, b.OpenBraceRange.End.Byte, b.TypeRange.End.Byte)
	sym := documentSymbol{Name: strings.Join(append([]string{b.Type}, b.Labels...), " "), Kind: symbolObject,
		Range: spanOf(text, b.TypeRange.Start.Byte, end), SelectionRange: spanOfRange(text, b.TypeRange)}
	if n := len(b.LabelRanges); n > 0 {
		sym.SelectionRange = spanOfRange(text, b.LabelRanges[n-1])
		sym.Name, sym.Detail = strings.Join(b.Labels, "."), b.Type
	}
	switch b.Type {
	case "resource", "data":
		sym.Kind = symbolClass
	case "module":
		sym.Kind = symbolModule
	case "variable", "output":
		sym.Kind = symbolVariable
	case "action":
		sym.Kind = symbolEvent
	case "locals":
		for _, a := range inOrder(b.Body) {
			sym.Children = append(sym.Children, documentSymbol{Name: a.Name, Kind: symbolProperty,
				Range: spanOfRange(text, a.SrcRange), SelectionRange: spanOfRange(text, a.NameRange)})
		}
	}
	return sym
}

// text returns the text of a document, open or not, and its name.
func (s *server) text(uri string) (text, file string) {
	at := pathOf(uri)
	texts, _ := s.snapshot()
	if text, open := texts[at]; open {
		return text, path.Base(uri)
	}
	ix, file := s.index(uri)
	if ix == nil {
		return "", ""
	}
	return ix.texts[file], file
}

// tree returns the text of a document, open or not, and its tree, or nil if there is none.
func (s *server) tree(uri string) (text string, body *hclsyntax.Body) {
	ix, file := s.index(uri)
	if ix == nil {
		text, _ = s.text(uri)
		return text, nil
	}
	return ix.texts[file], ix.tree(file)
}

// formatting formats a document as kiraform fmt does; one that cannot be parsed stays.
func (s *server) formatting(p documentParams) (any, *rpcError) {
	text, file := s.text(p.TextDocument.URI)
	out, diags := config.Format(file, []byte(text))
	if diags.HasErrors() || strings.HasSuffix(file, ".json") || string(out) == text {
		return []textEdit{}, nil
	}
	return []textEdit{{spanOf(text, 0, len(text)), string(out)}}, nil
}
