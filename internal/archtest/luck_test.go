package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// waits are the functions that let time go by, or end something after a time.
var waits = []string{"time.Sleep", "time.After", "time.AfterFunc", "time.NewTimer", "time.Tick", "time.NewTicker", "context.WithTimeout", "context.WithDeadline"}

// waiting names the functions of tests that use the clock of the machine, with the
// reason why nothing about them is luck on a busy one.
var waiting = map[string]string{
	"apply/apply_test.go do":                                            inBubbles,
	"apply/apply_test.go Await":                                         inBubbles,
	"apply/apply_test.go Append":                                        inBubbles,
	"internal/cli/heard_test.go heard":                                  asksAgain,
	"internal/cli/heard_test.go another":                                asksAgain,
	"internal/cli/kira_test.go commands":                                asksAgain,
	"internal/cli/lsp_test.go next":                                     hangs,
	"internal/engine/early_test.go TestThePlanIsMadeBesideTheLook":      hangs,
	"internal/engine/faults_test.go TestUnansweredRequests":             inBubbles,
	"internal/engine/kill_test.go kill":                                 anyMoment,
	"internal/engine/kill_test.go killThenChange":                       anyMoment,
	"internal/engine/life_driver_test.go night":                         inBubbles,
	"internal/engine/life_steps_test.go applyAndWait":                   inBubbles,
	"internal/engine/lost_test.go lostThen":                             inBubbles,
	"internal/engine/payout_kill_test.go killPayout":                    anyMoment,
	"internal/engine/payout_test.go later":                              inBubbles,
	"internal/engine/refusal_law_test.go doubted":                       inBubbles,
	"internal/engine/refresh_test.go TestRefreshKeepsToItsWorkers":      "requests have time to overlap, and no number of them that overlap fails but too many",
	"internal/engine/report_process_test.go watchPeak":                  "it is a measurement, and nothing fails by it",
	"internal/engine/shared_payout_test.go killPayoutInPostgres":        anyMoment,
	"internal/engine/shared_test.go killInPostgres":                     anyMoment,
	"internal/engine/signal_test.go posts":                              hangs,
	"internal/engine/signal_test.go wait":                               asksAgain,
	"internal/engine/view_linux_test.go shows":                          asksAgain,
	"internal/engine/view_linux_test.go ends":                           hangs,
	"internal/engine/view_linux_test.go TestAQuestionEnds":              hangs,
	"internal/engine/view_linux_test.go TestAViewThatAppliesEnds":       "a program without a terminal says nothing: it has as long as that to take note of a signal",
	"internal/engine/wrong_commands_law_test.go wronglyCommanded":       inBubbles,
	"internal/engine/wrong_law_test.go wrongly":                         inBubbles,
	"internal/kira/fake_test.go RoundTrip":                              inBubbles,
	"internal/live/order_test.go Do":                                    inBubbles,
	"internal/live/prompt_test.go until":                                inBubbles,
	"internal/live/watch_test.go Do":                                    inBubbles,
	"internal/ui/tui/heard_test.go TestHeardView":                       hangs,
	"internal/ui/tui/program_test.go TestAClosedTerminalEndsTheView":    hangs,
	"internal/ui/tui/signal_linux_test.go TestASignalDoesNotEndTheView": "it has as long as that to do wrong; a busy machine only lets it pass",
	"state/postgres/lease_test.go TestALeaseIsRenewed":                  "the clock is that of the Postgres, and a renewal may be late by seconds",
	"state/postgres/slow_test.go TestASaveThatTheServerGoesOnWith":      asksAgain,
}

// The reasons that several have.
const (
	inBubbles = "it is only called in bubbles of synctest"
	asksAgain = "it asks again and again for an event, and gives up after minutes only"
	anyMoment = "it strikes at a random moment, of which every one is as good"
	hangs     = "it gives up after minutes, in which nothing fails but a program that hangs"
)

// A test passes or fails by the program, and not by luck: it waits for an event and not
// for a time, or in a bubble of synctest, where no machine is too busy.
func TestTestsDoNotWaitForTime(t *testing.T) {
	used := make(map[string]bool)
	testFiles(t, func(path string, f *ast.File) {
		for _, d := range f.Decls {
			name, body := declared(d)
			if body == nil || !waitsOutside(body) {
				continue
			}
			used[path+" "+name] = true
			if waiting[path+" "+name] == "" {
				t.Errorf("%s: %s waits for a time outside of synctest.Test: wait for an event, or say in this file why that is no luck", path, name)
			}
		}
	})
	for name := range waiting {
		if !used[name] {
			t.Errorf("%s waits for no time any more: take it out of this file", name)
		}
	}
}

// declared is the name of a function or of the first variable of a declaration, and the
// part of it that is executed; nil if none is.
func declared(d ast.Decl) (name string, body ast.Node) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		return d.Name.Name, d.Body
	case *ast.GenDecl:
		if len(d.Specs) > 0 {
			if v, ok := d.Specs[0].(*ast.ValueSpec); ok {
				return v.Names[0].Name, v
			}
		}
	}
	return "", nil
}

// waitsOutside reports whether code uses one of [waits] outside of a bubble.
func waitsOutside(body ast.Node) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		name := calls(call)
		found = found || slices.Contains(waits, name)
		return name != "synctest.Test"
	})
	return found
}

// calls is the function of a package that is called, "" for any other.
func calls(call *ast.CallExpr) string {
	s, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	x, ok := s.X.(*ast.Ident)
	if !ok {
		return ""
	}
	return x.Name + "." + s.Sel.Name
}

var shortNumber = regexp.MustCompile(`^"[0-9a-fA-F]{1,3}"$`)

// A short number is in every hexadecimal address and in every random id now and then.
func TestTestsSearchForNoShortNumbers(t *testing.T) {
	testFiles(t, func(path string, f *ast.File) {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 2 || calls(call) != "strings.Contains" && calls(call) != "bytes.Contains" {
				return true
			}
			if lit, ok := call.Args[1].(*ast.BasicLit); ok && shortNumber.MatchString(lit.Value) && !short[path+" "+lit.Value] {
				t.Errorf("%s searches for %s, which random ids and addresses have now and then: search for more, or say in this file that the text has none", path, lit.Value)
			}
			return true
		})
	})
}

// short names the searches for short numbers in texts that have nothing random.
var short = map[string]bool{
	`internal/eval/digits_test.go "12"`: true, // in the detail of a diagnostic
}

// testFiles calls visit for every file of tests.
func testFiles(t *testing.T, visit func(path string, f *ast.File)) {
	t.Helper()
	set := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err == nil {
			visit(strings.TrimPrefix(filepath.ToSlash(path), root+"/"), f)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
