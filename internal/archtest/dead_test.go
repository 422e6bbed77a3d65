package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// forTests are the packages that tests are made with.
var forTests = []string{"internal/golden", "internal/norace", "internal/oracle", "internal/event/eventtest", "internal/simulator/simtest",
	"internal/kiratest/terminal", "state/statetest", "state/postgres/pgtest"}

// readElsewhere are the files whose fields are read by something that is not Go, or by
// tests for which they are made.
var readElsewhere = []string{
	"internal/ui/review/html.go", "internal/ui/review/graph.go", // the template of the page
	"schema/rule.go", "schema/distinct.go", // docs/rules.md, which is made of them
	"internal/disk/disk.go", // faults of disks, which tests choose by the call
}

// keyOf is a text for an object, which is the same where it is imported.
func keyOf(o types.Object) string {
	at := fset.Position(o.Pos())
	return fmt.Sprintf("%s/%s:%d %s", o.Pkg().Path(), filepath.Base(at.Filename), at.Line, o.Name())
}

// TestEveryFieldIsRead refuses a field that is set, and read by nobody: it is a fact that
// a reader has to understand, and that nothing rests on.
func TestEveryFieldIsRead(t *testing.T) {
	read := make(map[string]bool)
	for _, p := range program(t) {
		for _, f := range p.files {
			written := make(map[*ast.Ident]bool)
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.AssignStmt:
					for _, l := range n.Lhs {
						if s, ok := l.(*ast.SelectorExpr); ok && n.Tok == token.ASSIGN {
							written[s.Sel] = true
						}
					}
				case *ast.KeyValueExpr:
					if name, ok := n.Key.(*ast.Ident); ok {
						written[name] = true
					}
				case *ast.Ident:
					if v, ok := p.info.Uses[n].(*types.Var); ok && v.IsField() && !written[n] && v.Pkg() != nil {
						read[keyOf(v.Origin())] = true
					}
				case *ast.CallExpr: // of a struct that becomes another one
					if tv := p.info.Types[n.Fun]; tv.IsType() && len(n.Args) == 1 {
						readWhole(read, p.info.Types[n.Args[0]].Type)
					}
				case *ast.BinaryExpr:
					if n.Op == token.EQL || n.Op == token.NEQ {
						readWhole(read, p.info.Types[n.X].Type)
					}
				case *ast.MapType:
					readWhole(read, p.info.Types[n.Key].Type)
				}
				return true
			})
		}
	}
	for _, p := range program(t) {
		for name, o := range p.info.Defs {
			v, ok := o.(*types.Var)
			if !ok || !v.IsField() || v.Embedded() || name.Name == "_" || read[keyOf(v)] || skipped(v.Pos()) {
				continue
			}
			if tag := tagAt(p, name); tag == "" {
				t.Errorf("%s: nobody reads the field %s", place(v.Pos()), name.Name)
			}
		}
	}
}

// readWhole marks all fields of a struct as read.
func readWhole(read map[string]bool, of types.Type) {
	if of == nil {
		return
	}
	if s, ok := of.Underlying().(*types.Struct); ok {
		for f := range s.Fields() {
			if f.Pkg() != nil && !read[keyOf(f.Origin())] {
				read[keyOf(f.Origin())] = true
				readWhole(read, f.Type())
			}
		}
	}
}

// tagAt is the tag of the field that name declares.
func tagAt(p checked, name *ast.Ident) (tag reflect.StructTag) {
	for _, f := range p.files {
		if name.Pos() < f.FileStart || name.Pos() > f.FileEnd {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if field, ok := n.(*ast.Field); ok && field.Tag != nil && slices.Contains(field.Names, name) {
				tag = reflect.StructTag(field.Tag.Value)
			}
			return tag == ""
		})
	}
	return tag
}

// TestWhatIsExportedIsUsed refuses an exported function, variable or constant that no other
// package uses, tests included. A constant beside others is one of a set, and stays with
// them as long as its own package uses it.
func TestWhatIsExportedIsUsed(t *testing.T) {
	outside, within := make(map[string]bool), make(map[string]bool)
	for _, p := range program(t) {
		for _, o := range p.info.Uses {
			if o.Pkg() != nil && o.Exported() && strings.HasPrefix(o.Pkg().Path(), "kiraform/") {
				if name := o.Pkg().Path() + "." + o.Name(); o.Pkg().Path() != p.ImportPath {
					outside[name] = true
				} else {
					within[name] = true
				}
			}
		}
	}
	tests := testTexts(t)
	for _, p := range program(t) {
		for name, o := range p.info.Defs {
			if o == nil || !name.IsExported() || o.Pkg() == nil || o.Parent() != o.Pkg().Scope() || skipped(o.Pos()) || outside[p.ImportPath+"."+name.Name] {
				continue
			}
			switch o.(type) {
			case *types.TypeName:
				continue // a field of another type may have it
			case *types.Const:
				if within[p.ImportPath+"."+name.Name] && inASet(p, name) {
					continue
				}
			}
			if !regexp.MustCompile(`\b` + o.Pkg().Name() + `\.` + name.Name + `\b`).MatchString(tests) {
				t.Errorf("%s: no other package uses %s", place(o.Pos()), name.Name)
			}
		}
	}
}

// inASet reports whether a constant is declared with others.
func inASet(p checked, name *ast.Ident) (found bool) {
	for _, f := range p.files {
		for _, d := range f.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Pos() <= name.Pos() && name.Pos() < g.End() {
				return len(g.Specs) > 1
			}
		}
	}
	return false
}

// testTexts is the text of all tests.
func testTexts(t *testing.T) string {
	var b strings.Builder
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := os.ReadFile(path)
		b.Write(src)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// place is where something stands, from the top of the repository.
func place(at token.Pos) string {
	p := fset.Position(at)
	rel, err := filepath.Rel(root, p.Filename)
	if top, absolute := filepath.Abs(root); err != nil && absolute == nil {
		rel, _ = filepath.Rel(top, p.Filename)
	}
	return fmt.Sprintf("%s:%d", filepath.ToSlash(rel), p.Line)
}

// skipped reports whether something stands in a file that tests are made with, or whose
// fields are read elsewhere.
func skipped(at token.Pos) bool {
	path := place(at)
	return slices.ContainsFunc(forTests, func(dir string) bool { return strings.HasPrefix(path, dir+"/") }) ||
		slices.ContainsFunc(readElsewhere, func(file string) bool { return strings.HasPrefix(path, file+":") })
}
