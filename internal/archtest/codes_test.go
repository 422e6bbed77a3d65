package archtest

import (
	"encoding/json"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// compiled is a package with the files that the compiler keeps of it.
type compiled struct {
	ImportPath, Dir, Export string
	GoFiles                 []string
}

// checked is a package of the program with the types of all that is in it.
type checked struct {
	compiled
	files []*ast.File
	info  *types.Info
}

var (
	fset   = token.NewFileSet()
	loaded []checked
)

// program returns the packages of the program, each with its types. They are read
// once for all tests.
func program(t *testing.T) []checked {
	t.Helper()
	if loaded != nil {
		return loaded
	}
	exports, ours := compile(t)
	conf := types.Config{Importer: importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path])
	})}
	for _, c := range ours {
		p := checked{c, nil, &types.Info{Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object)}}
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			p.files = append(p.files, f)
		}
		if _, err := conf.Check(p.ImportPath, fset, p.files, p.info); err != nil {
			t.Fatal(err)
		}
		loaded = append(loaded, p)
	}
	return loaded
}

// codes returns every diagnostic code in the source, with a place of each:
// constants of type diag.Code, and the Code of an event.Diagnostic.
func codes(t *testing.T) map[string]token.Position {
	t.Helper()
	found := make(map[string]token.Position)
	for _, p := range program(t) {
		for e, tv := range p.info.Types {
			if tv.Value == nil || tv.Value.Kind() != constant.String {
				continue
			}
			if code := constant.StringVal(tv.Value); isCode(tv.Type) && code != "" {
				found[code] = fset.Position(e.Pos())
			}
		}
		for _, f := range p.files {
			ast.Inspect(f, func(n ast.Node) bool {
				if code, at, ok := eventCode(n, p.info); ok {
					found[code] = fset.Position(at)
				}
				return true
			})
		}
	}
	return found
}

func compile(t *testing.T) (exports map[string]string, ours []compiled) {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-export", "-json=ImportPath,Dir,Export,GoFiles", "./...")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	exports = make(map[string]string)
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p compiled
		if err := dec.Decode(&p); err == io.EOF {
			return exports, ours
		} else if err != nil {
			t.Fatal(err)
		}
		exports[p.ImportPath] = p.Export
		if p.ImportPath == "kiraform" || strings.HasPrefix(p.ImportPath, "kiraform/") {
			ours = append(ours, p)
		}
	}
}

func isCode(t types.Type) bool {
	n, ok := t.(*types.Named)
	return ok && n.Obj().Name() == "Code" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "kiraform/internal/diag"
}

// eventCode reads the Code of event.Diagnostic{...}.
func eventCode(n ast.Node, info *types.Info) (code string, at token.Pos, ok bool) {
	lit, ok := n.(*ast.CompositeLit)
	if !ok || info.Types[lit].Type == nil || info.Types[lit].Type.String() != "kiraform/internal/event.Diagnostic" {
		return "", 0, false
	}
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		if name, ok := kv.Key.(*ast.Ident); !ok || name.Name != "Code" {
			continue
		}
		if v := info.Types[kv.Value].Value; v != nil {
			return constant.StringVal(v), kv.Value.Pos(), true
		}
	}
	return "", 0, false
}

var (
	kebab    = regexp.MustCompile(`^[a-z]+(-[a-z0-9]+)*$`)
	codeLine = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| (.+) \\|$")
	ruleHead = regexp.MustCompile(`(?m)^### (\S+)$`)
)

// Every code that the program can say is explained in docs/errors.md or, if it
// is a rule's, in docs/rules.md, and nothing else is.
func TestCodesAreDocumented(t *testing.T) {
	listed := make(map[string]string) // the page that a code is on
	var order []string
	for _, m := range codeLine.FindAllStringSubmatch(read(t, "docs/errors.md"), -1) {
		if listed[m[1]] != "" {
			t.Errorf("docs/errors.md lists %s twice", m[1])
		}
		if !strings.HasSuffix(m[2], ".") {
			t.Errorf("docs/errors.md does not say in a sentence what %s means", m[1])
		}
		listed[m[1]] = "docs/errors.md"
		order = append(order, m[1])
	}
	for _, m := range ruleHead.FindAllStringSubmatch(read(t, "docs/rules.md"), -1) {
		if listed[m[1]] == "docs/errors.md" {
			t.Errorf("%s is a rule: it belongs in docs/rules.md only", m[1])
		}
		listed[m[1]] = "docs/rules.md"
	}
	if len(order) == 0 {
		t.Fatal("docs/errors.md lists no codes")
	}
	if !slices.IsSorted(order) {
		t.Error("the codes of docs/errors.md are not sorted")
	}
	found := codes(t)
	for code, at := range found {
		if !kebab.MatchString(code) {
			t.Errorf("%s: the code %q is not kebab-case", at, code)
		}
		if listed[code] == "" {
			t.Errorf("%s: the code %s is not in docs/errors.md", at, code)
		}
	}
	for code, page := range listed {
		if _, ok := found[code]; !ok {
			t.Errorf("%s explains %s, which nothing says", page, code)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
