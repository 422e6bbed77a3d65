package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// TestDocCommentsNameTheirSubject holds that the comment above a function or a type
// begins with its name: one with another name was left behind by a renaming, and may
// say as little of the rest.
func TestDocCommentsNameTheirSubject(t *testing.T) {
	sources(t, func(path string, src []byte) {
		files := token.NewFileSet()
		f, err := parser.ParseFile(files, path, src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		check := func(name *ast.Ident, doc *ast.CommentGroup) {
			if said := subject(doc.Text()); said != "" && said != name.Name && name.Name != "init" {
				t.Errorf("%s: the comment above %s is about %s", files.Position(name.Pos()), name.Name, said)
			}
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				check(d.Name, d.Doc)
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if s, ok := s.(*ast.TypeSpec); ok && s.Doc != nil {
						check(s.Name, s.Doc)
					} else if ok && !d.Lparen.IsValid() {
						check(s.Name, d.Doc)
					}
				}
			}
		}
	})
}

// subject is the word that a doc comment begins with, after an article.
func subject(doc string) string {
	words := strings.Fields(doc)
	if len(words) > 1 && (words[0] == "A" || words[0] == "An" || words[0] == "The") {
		words = words[1:]
	}
	if len(words) == 0 {
		return ""
	}
	word, _, _ := strings.Cut(words[0], "'") // "of r's"
	return strings.Trim(word, ",.:")
}

func TestSubject(t *testing.T) {
	for doc, want := range map[string]string{
		"Plan plans.": "Plan", "A Plan has changes.": "Plan", "run, if set": "run", "Kind's name": "Kind", "": "", "A": "A",
	} {
		if got := subject(doc); got != want {
			t.Errorf("%q is about %q, want %q", doc, got, want)
		}
	}
}
