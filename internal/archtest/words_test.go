package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
)

// actions have the names of actions, which are constants in plan and in event.
var actions = map[string]bool{"no-op": true, "create": true, "update": true, "replace": true, "adopt": true, "forget": true, "defer": true,
	"read": true, "drift": true, "gone": true, "invoke": true, "move": true}

// homesOfActions are the files that name actions: the constants, and their words.
var homesOfActions = map[string]bool{"plan/plan.go": true, "internal/event/action.go": true, "internal/ui/words/action.go": true}

// TestActionsAreConstants refuses an action as a string where it is compared, or is a
// key: a misspelled one would be one that never comes.
func TestActionsAreConstants(t *testing.T) {
	sources(t, func(path string, src []byte) {
		switch {
		case homesOfActions[path]:
			return
		case strings.HasPrefix(path, "plan/"), strings.HasPrefix(path, "apply/"):
		case strings.HasPrefix(path, "internal/simulator/"), strings.HasPrefix(path, "internal/oracle/"), // which share nothing with the program
			strings.HasPrefix(path, "internal/cli/"), strings.HasPrefix(path, "internal/config/"), // where these are names of flags and attributes,
			strings.HasPrefix(path, "internal/lang/"), // and of functions
			!strings.HasPrefix(path, "internal/"):
			return
		}
		files := token.NewFileSet()
		f, err := parser.ParseFile(files, path, src, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			for _, e := range compared(n) {
				if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					if name, err := strconv.Unquote(lit.Value); err == nil && actions[name] {
						t.Errorf("%s:%d: write the constant of event or plan for the action %q", path, files.Position(lit.Pos()).Line, name)
					}
				}
			}
			return true
		})
	})
}

// compared returns the expressions of n whose value is looked for, or is the action of
// a thing.
func compared(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		if n.Op == token.EQL || n.Op == token.NEQ {
			return []ast.Expr{n.X, n.Y}
		}
	case *ast.CaseClause:
		return n.List
	case *ast.IndexExpr:
		return []ast.Expr{n.Index}
	case *ast.KeyValueExpr:
		if name, ok := n.Key.(*ast.Ident); ok && (name.Name == "Action" || name.Name == "Final") {
			return []ast.Expr{n.Value}
		}
		return []ast.Expr{n.Key}
	}
	return nil
}

// TestOneShellQuoter refuses a second way to quote for a shell: one of the two would be
// right for fewer shells.
func TestOneShellQuoter(t *testing.T) {
	sources(t, func(path string, src []byte) {
		for _, escape := range []string{`'\''`, `'"'"'`, `'\\''`} {
			if strings.Contains(string(src), escape) {
				t.Errorf("%s quotes for a shell with %s; use words.Shell, or addr.Resource.Shell", path, escape)
			}
		}
	})
}

// TestPathsAreReadInOnePlace refuses a second way from the steps of a path to names and
// to text: fingerprints, ignored changes and messages have to mean the same place.
func TestPathsAreReadInOnePlace(t *testing.T) {
	sources(t, func(path string, src []byte) {
		if strings.HasPrefix(path, "schema/") {
			return
		}
		for _, own := range []string{".(cty.GetAttrStep).Name", "case cty.GetAttrStep:", "case cty.IndexStep:", "func PathString("} {
			if strings.Contains(string(src), own) {
				t.Errorf("%s reads paths with %s; use schema.StepName, schema.Top or schema.PathString", path, own)
			}
		}
	})
}

// TestSentencesAreJoinedInOnePlace refuses a second way to write several names, or a
// moment, in a sentence. The transport and the simulator share no words with the rest.
func TestSentencesAreJoinedInOnePlace(t *testing.T) {
	uses := map[string]string{`, " and ")`: "words.And", `, " or ")`: "words.Or",
		`"2006-01-02 15:04`: "words.Moment or words.Minute", `"2006-01-02 at 15:04`: "words.Moment", `"15:04:05 UTC"`: "words.Clock", "time.DateTime": "words.Moment"}
	sources(t, func(path string, src []byte) {
		for _, apart := range []string{"internal/ui/words/", "internal/kira/", "internal/simulator/", "internal/oracle/", "schema/kinds/call.go"} {
			if strings.HasPrefix(path, apart) {
				return
			}
		}
		text := strings.ReplaceAll(string(src), `"2006-01-02 15:04:05.000 UTC"`, "") // the arrival of an event
		for own, use := range uses {
			if strings.Contains(text, own) {
				t.Errorf("%s has %s; use %s", path, own, use)
			}
		}
	})
}
