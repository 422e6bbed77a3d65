package archtest

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const root = "../.."

// maxLines is how long a source file may get before it wants splitting.
const maxLines = 300

// sources calls visit for every Go file of the program itself.
func sources(t *testing.T, visit func(path string, src []byte)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := os.ReadFile(path)
		if err == nil {
			visit(strings.TrimPrefix(filepath.ToSlash(path), root+"/"), src)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestFileLength(t *testing.T) {
	sources(t, func(path string, src []byte) {
		if n := bytes.Count(src, []byte("\n")); n > maxLines {
			t.Errorf("%s has %d lines; the limit is %d", path, n, maxLines)
		}
	})
}

// outside names the functions and variables that only the command line may
// touch: everything else gets its part of the process passed in.
var outside = map[string]bool{"Exit": true, "Args": true, "Getenv": true, "LookupEnv": true, "Environ": true,
	"Stdout": true, "Stderr": true, "Stdin": true}

func TestOnlyTheCommandLineTouchesTheProcess(t *testing.T) {
	sources(t, func(path string, src []byte) {
		if path == "main.go" || strings.HasPrefix(path, "internal/cli/") || strings.HasPrefix(path, "internal/tools/") || // the tools are programs, too
			strings.HasPrefix(path, "internal/norace/") || strings.HasPrefix(path, "state/postgres/pgtest/") { // the last two are for tests
			return
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, src, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && outside[s.Sel.Name] {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "os" {
					t.Errorf("%s uses os.%s, which is for internal/cli", path, s.Sel.Name)
				}
			}
			return true
		})
	})
}

// layout names the entries that may stand at the top.
var layout = map[string]bool{"go.mod": true, "go.sum": true, "main.go": true, "plan": true, "apply": true, "state": true,
	"schema": true, "examples": true, "internal": true, "Makefile": true, "README.md": true, "CHANGELOG.md": true,
	"docs": true, ".ci": true, ".github": true, ".gitignore": true, ".git": true, "bin": true, "LICENSE": true}

func TestTopLevel(t *testing.T) {
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !layout[e.Name()] {
			t.Errorf("%s does not belong at the top", e.Name())
		}
	}
}

func TestTLSIsVerifiedEverywhere(t *testing.T) {
	sources(t, func(path string, src []byte) {
		if bytes.Contains(src, []byte("InsecureSkipVerify")) {
			t.Errorf("%s may turn the verification of certificates off; nothing may", path)
		}
	})
}
