package cli

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"kiraform/internal/config"
)

// running is the environment of a command line that was parsed.
func running(t *testing.T, line ...string) Env {
	t.Helper()
	root := newRoot(Env{})
	c, rest, err := root.Find(doubleDashes(root, line))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.ParseFlags(rest); err != nil {
		t.Fatal(err)
	}
	return Env{ran: c}
}

// A run that goes on has the flags that say of which state, which values and which part
// it is, and never the value of a variable.
func TestCarried(t *testing.T) {
	e := running(t, "apply", "-chdir=my people", "-state=s.json", "-store=events", `-target=kira_user.staff["ana"]`, "-target=kira_user.b", "-target=kira_user.b",
		"-exclude=module.m", "-var-file=a.hcl", "-var=pin=1234", "-allow-read=../lists", "-policies=rules", "-auto-approve", "-progress=plain")
	vars := e.ran.Flags().Lookup("var").Value.(*varFlag).to
	vars.args = append(vars.args, config.VarArg{File: "p.plan.json", Src: []byte(`{"n": 100, "m": 1}`)})
	want := []string{"-chdir='my people'", "-state=s.json", "-var-file=a.hcl", "-var=pin", "-var=m", "-var=n",
		`-target='kira_user.staff["ana"]'`, "-target=kira_user.b", "-exclude=module.m", "-allow-read=../lists", "-policies=rules", "-store=events"}
	if got := e.carried(); !reflect.DeepEqual(got, want) {
		t.Errorf("it is %q, want %q", got, want)
	}
	if got := running(t, "apply").carried(); got != nil {
		t.Errorf("without flags it is %q", got)
	}
}

// The commands that a message proposes are about the place, the values and the part that
// it is of, each as far as it takes the flags.
func TestCarry(t *testing.T) {
	e := running(t, "plan", "-chdir=dir", "-state=s.json", "-var-file=a.hcl", "-target=kira_user.a")
	for message, want := range map[string]string{
		"Either\n\n  kiraform apply -gone-ok=2\n\nor\n\n  kiraform simulator reset\n": "Either\n\n  kiraform apply -chdir=dir -state=s.json -var-file=a.hcl -target=kira_user.a -gone-ok=2\n\nor\n\n" +
			"  kiraform simulator reset -chdir=dir -state=s.json -var-file=a.hcl\n",
		"First:\n  kiraform apply -target=kira_user.b": "First:\n  kiraform apply -chdir=dir -state=s.json -var-file=a.hcl -target=kira_user.b",
		`Run "kiraform plan", and kiraform status.`:    `Run "kiraform plan -chdir=dir -state=s.json -var-file=a.hcl -target=kira_user.a", and kiraform status -chdir=dir -state=s.json -var-file=a.hcl.`,
		"kiraform state rm -state=t.json ADDR":         "kiraform state rm -chdir=dir -state=t.json ADDR",
		"kiraform workspace list":                      "kiraform workspace list -chdir=dir",
		"kiraform explain kira_user":                   "kiraform explain kira_user",
		"kiraform makes a key in .kiraform/key":        "kiraform makes a key in .kiraform/key",
		"kiraform state":                               "kiraform state",
		"Usage: kiraform plan":                         "Usage: kiraform plan",
		"See \"kiraform plan -help\"":                  "See \"kiraform plan -help\"",
	} {
		if got := e.carry(message); got != want {
			t.Errorf("it is\n%s\nwant\n%s", got, want)
		}
		if got := running(t, "plan").carry(message); got != message {
			t.Errorf("without flags it is\n%s", got)
		}
	}
}

// Nothing that this package prints names a command without the flags that it needs.
func TestLinesAreCarried(t *testing.T) {
	root := newRoot(Env{})
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			switch name := called(call); {
			case slices.Contains(carriers, name):
				n++
				return false
			case strings.HasPrefix(name, "Fprint") && !isReference(call.Args[0]):
				for _, text := range texts(call) {
					if names(root, text) {
						t.Errorf("%s prints %q, which sayf would give its flags", set.Position(call.Pos()), text)
					}
				}
			}
			return true
		})
	}
	if n < 10 {
		t.Errorf("only %d lines were found", n)
	}
}

// isReference reports whether an argument is the reference of a variable, which holds the
// part of a message.
func isReference(arg ast.Expr) bool {
	_, ok := arg.(*ast.UnaryExpr)
	return ok
}

// carriers are the functions that give commands their flags.
var carriers = []string{"sayf", "carry", "nextLines"}

// called is the name of the function that a call is of.
func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

// texts are the literal texts among the arguments of a call.
func texts(call *ast.CallExpr) (all []string) {
	for _, arg := range call.Args {
		ast.Inspect(arg, func(node ast.Node) bool {
			if call, ok := node.(*ast.CallExpr); ok && slices.Contains(carriers, called(call)) {
				return false
			}
			if lit, ok := node.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if text, err := strconv.Unquote(lit.Value); err == nil {
					all = append(all, text)
				}
			}
			return true
		})
	}
	return all
}

// names reports whether a text names a command that looks at a folder.
func names(root *cobra.Command, text string) bool {
	for _, at := range mentioned().FindAllStringSubmatchIndex(text, -1) {
		if c, _ := commandAt(root, text, at[2]); c != nil {
			return true
		}
	}
	return false
}

// Every command that a message of another package names reaches people with its flags:
// the text goes on in a part of an event that [event.Reworded] changes, in an error, which
// [Env.safe] does, or by way of a function that is said here to pass it on so.
func TestMessagesAreCarried(t *testing.T) {
	root := newRoot(Env{})
	found := make(map[string]bool)
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		path = filepath.ToSlash(path)
		switch {
		case err != nil:
			return err
		case d.IsDir() && (path == "../../internal/cli" || d.Name() == "testdata" || d.Name() == "examples" || d.Name() == ".git" || d.Name() == "statetest" || d.Name() == "pgtest"):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		var above []ast.Node
		ast.Inspect(tree, func(node ast.Node) bool {
			if node == nil {
				above = above[:len(above)-1]
				return true
			}
			above = append(above, node)
			lit, ok := node.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			if err != nil || !names(root, text) || passed(above) {
				return true
			}
			by := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "../../") + " " + within(above)
			if found[by] = true; ways[by] == "" {
				t.Errorf("%s: %q, in %q, does not get its flags", set.Position(lit.Pos()), text, by)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for by := range ways {
		if !found[by] {
			t.Errorf("%q names no command any more", by)
		}
	}
}

// ways says, by package and function, how a text that names a command goes on to people.
var ways = map[string]string{
	"apply about":                    "the error of a request",
	"apply unresolved":               "the error of a request",
	"internal/certify junit":         "the name of a suite",
	"internal/engine everythingGone": "the detail of a diagnostic",
	"internal/engine follow":         "a line of the report of status, which carries",
	"internal/engine lastResort":     "the detail of a diagnostic",
	"internal/engine otherKey":       "the detail of a diagnostic",
	"internal/engine status":         "a line of the report of status, which carries",
	"internal/engine unknownPlace":   "the detail of a diagnostic",
	"internal/engine unmade":         "a line of the report of status, which carries",
	"internal/engine unsettledAt":    "the detail of a diagnostic, and the reason of a deferral",
	"internal/engine warn":           "the detail of a diagnostic",
	"internal/engine wayOn":          "the detail of a diagnostic",
	"internal/explain notSupported":  "a page about the language, which is of no folder",
	"internal/published events":      "the title of a schema",
	"internal/published schemas":     "the title of a schema",
	"internal/runs Refusal":          "the detail of a diagnostic",
	"internal/ui/review next":        "it has the flags of its options",
	"internal/ui/tui title":          "the heading of a view",
	"internal/ui/words HowToBegin":   "a sentence of the plain view",
	"plan asksMore":                  "the detail of a diagnostic",
	"plan replace":                   "the detail of a diagnostic",
	"schema/kinds userAttrs":         "the detail of a diagnostic, and the page of an attribute",
	"schema/kinds accountCourse":     "the reason of a plan, a deferral or a failure, and lines of the reports of status and drift, which carry",
	"schema/kinds userCourse":        "the reason of a plan, a deferral or a failure, and lines of the reports of status and drift, which carry",
	"state Error":                    "an error",
	"state/file wayBack":             "an error",
	"state/postgres damaged":         "an error",
}

// passed reports whether the innermost thing that a text is part of passes it on with
// flags.
func passed(above []ast.Node) bool {
	for i := len(above) - 2; i >= 0; i-- {
		switch n := above[i].(type) {
		case *ast.KeyValueExpr:
			key, ok := n.Key.(*ast.Ident)
			return ok && n.Value.Pos() <= above[len(above)-1].Pos() && slices.Contains([]string{"Detail", "Text", "Reason", "Err"}, key.Name)
		case *ast.CallExpr:
			switch name := called(n); name {
			case "Errorf", "New", "carry", "sentence":
				return true
			case "Error", "Warning", "refuse":
				return len(n.Args) > 3 && n.Args[3].Pos() <= above[len(above)-1].Pos()
			}
		case *ast.FuncDecl:
			return false
		}
	}
	return false
}

// within names the function or the variable that a text is in.
func within(above []ast.Node) string {
	for _, n := range above {
		switch n := n.(type) {
		case *ast.FuncDecl:
			return n.Name.Name
		case *ast.ValueSpec:
			return n.Names[0].Name
		}
	}
	return ""
}
