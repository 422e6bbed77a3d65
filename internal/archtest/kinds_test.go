package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kiraform/schema"
	"kiraform/schema/kinds"
)

// general are the packages that go by the schemas and know no kind by name.
var general = []string{"plan/", "apply/", "internal/engine/", "internal/tell/", "internal/live/",
	"internal/provider/", "internal/discover/", "internal/cli/", "internal/actions/", "internal/planfile/", "internal/trust/",
	"internal/personal/", "internal/console/", "internal/runs/", "internal/eval/"}

// everyday are the names of attributes that mean something without a kind.
var everyday = []string{"id", "status", "type", "state", "extra", "description", "file", "adopt", "secret", "token"}

// statuses are Kira's words for how far an object has come.
var statuses = []string{"REVIEW", "VERIFIED", "REJECTED", "ACTIVE", "PENDING", "COMPLETED", "FAILED", "CANCELLED", "RETURNED"}

// Facts about one kind, or about payments, only stand with the kind, or in schema/payment.go.
func TestOnlyKindsKnowKinds(t *testing.T) {
	names := make(map[string]bool)
	var add func([]schema.Attr)
	add = func(attrs []schema.Attr) {
		for _, a := range attrs {
			names[a.Name] = !slices.Contains(everyday, a.Name)
			add(a.Nested)
		}
	}
	for _, k := range kinds.All {
		names[k.Schema.Name] = true
		add(k.Schema.Attrs)
	}
	for _, a := range kinds.Actions {
		names[a.Schema.Config.Name] = true
		add(a.Schema.Config.Attrs)
	}
	for _, status := range statuses {
		names[status] = true
	}
	sources(t, func(path string, src []byte) {
		if !slices.ContainsFunc(general, func(p string) bool { return strings.HasPrefix(path, p) }) || strings.HasPrefix(path, "internal/cli/habits") {
			return // the habits are words that people type
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, src, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if s, err := strconv.Unquote(lit.Value); err != nil || names[s] {
					t.Errorf("%s:%d has %s, which belongs to the kind in schema/kinds, or to schema/payment.go", path, fset.Position(lit.Pos()).Line, lit.Value)
				}
			}
			return true
		})
	})
}
