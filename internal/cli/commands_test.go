package cli

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kiraform/internal/norace"
)

// prose are the words that stand after the name of this program where it is the
// subject of a sentence. Any other word there is a command.
var prose = strings.Fields(`account and asks block checks deals does encountered forgets has keeps makes may needs no planned promises
	reads saved sends speaks takes v what will without writes wrote`)

var (
	// program is the name of this program where words follow, and typed these words
	// with all that may still belong to them.
	program = regexp.MustCompile(`(?:^|[\s"'` + "`" + `(])kiraform `)
	typed   = regexp.MustCompile(`^((?:[a-z][a-z-]*\b ?)+)([^"` + "`" + `.;:()|]*)`)
	// others are commands of other programs, with their flags.
	others = regexp.MustCompile(`(?:\bls|go test|pg_dump|sha256sum|jq) [^` + "`" + `]*`)
	// flagged is a flag, alone or with a value.
	flagged = regexp.MustCompile(`(?:^|[\s"'` + "`" + `(\[/])--?([a-z]+(?:-[a-z]+)*)(\.[A-Z])?`)
)

// tree knows the commands and flags that can be typed.
type tree struct {
	root  *cobra.Command
	flags map[string]bool // of all commands
}

func newTree() *tree {
	t := &tree{newRoot(Env{}), map[string]bool{}}
	t.root.InitDefaultHelpCmd()
	t.root.InitDefaultCompletionCmd("plan")
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		c.InitDefaultHelpFlag()
		add := func(f *pflag.Flag) { t.flags[f.Name] = true }
		c.Flags().VisitAll(add)
		c.PersistentFlags().VisitAll(add)
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	visit(t.root)
	return t
}

// wrong returns the commands and flags in text that nobody can type.
func (t *tree) wrong(text string) (all []string) {
	text = others.ReplaceAllString(strings.Join(strings.Fields(text), " "), "")
	after := program.Split(text, -1)[1:]
	for _, rest := range after {
		m := typed.FindStringSubmatch(rest)
		if m == nil {
			continue
		}
		words := strings.Fields(m[1])
		c := t.root
		for _, word := range words {
			sub := below(c, word)
			switch {
			case sub != nil:
				c = sub
				continue
			case c == t.root && !slices.Contains(prose, word):
				all = append(all, "kiraform "+word)
			case c.HasSubCommands() && c != t.root:
				all = append(all, c.CommandPath()+" "+word)
			}
			break
		}
		if c == t.root {
			continue
		}
		for _, f := range flagged.FindAllStringSubmatch(" "+m[2], -1) {
			if c.Flags().Lookup(f[1]) == nil && c.InheritedFlags().Lookup(f[1]) == nil {
				all = append(all, c.CommandPath()+" -"+f[1])
			}
		}
	}
	for _, f := range flagged.FindAllStringSubmatch(text, -1) {
		if f[2] == "" && !t.flags[f[1]] { // an arrow in a drawing leads to a Go name
			all = append(all, "-"+f[1])
		}
	}
	return all
}

func below(c *cobra.Command, name string) *cobra.Command {
	for _, sub := range c.Commands() {
		if sub.Name() == name || sub.HasAlias(name) {
			return sub
		}
	}
	return nil
}

// A message keeps its word: every command and flag that the program or its
// documents name is there.
func TestMessagesNameCommandsThatExist(t *testing.T) {
	if norace.Run(t, Plain) {
		return
	}
	tree := newTree()
	for at, text := range said(t) {
		for _, what := range tree.wrong(text) {
			t.Errorf("%s names %s, which is neither a command or flag nor in prose", at, what)
		}
	}
}

// said returns every string constant of the program, and every page about it, by
// its place.
func said(t *testing.T) map[string]string {
	t.Helper()
	root := filepath.Join("..", "..")
	all := make(map[string]string)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch name := d.Name(); {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains([]string{"testdata", ".git", "golden", "norace", "pgtest", "tools", "oracle"}, name): // flags of go, and of Postgres
			return fs.SkipDir
		case strings.HasSuffix(name, ".md") && name != "CHANGELOG.md":
			text, err := os.ReadFile(path)
			for i, line := range strings.Split(string(text), "\n\n") {
				all[fmt.Sprintf("%s, paragraph %d", path, i+1)] = line
			}
			return err
		case strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go"):
			return constants(path, all)
		}
		return nil
	})
	if err != nil || len(all) < 1000 {
		t.Fatalf("%d texts, %v", len(all), err)
	}
	return all
}

// constants adds the texts of a source file, each with the texts that are
// joined to it.
func constants(path string, all map[string]string) error {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, nil, 0)
	if err != nil {
		return err
	}
	ast.Inspect(file, func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		if !ok {
			return true
		}
		text, ok := joinedText(e)
		if ok {
			all[fset.Position(n.Pos()).String()] = text
		}
		return !ok
	})
	return nil
}

// joinedText is a string constant, or several with something between them.
func joinedText(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		x, ok := joinedText(e.X)
		y, ok2 := joinedText(e.Y)
		if !ok {
			x = "…"
		}
		if !ok2 {
			y = "…"
		}
		return x + y, e.Op == token.ADD && (ok || ok2)
	}
	return "", false
}

func TestWrongCommandsAreFound(t *testing.T) {
	tree := newTree()
	for text, want := range map[string][]string{
		`Use the command "kiraform state mv OLD NEW".`:   nil,
		`Use the command "kiraform state move OLD NEW".`: {"kiraform state move"},
		"run kiraform stats":                             {"kiraform stats"},
		"kiraform plan -detailed-exitcode -out=a.plan":   nil,
		"kiraform plan -detailed-exitcodes":              {"kiraform plan -detailed-exitcodes", "-detailed-exitcodes"},
		"kiraform version -out=a":                        {"kiraform version -out"},
		"run with -replace=ADDR":                         nil,
		"run with -replaces=ADDR":                        {"-replaces"},
		"kiraform plan and kiraform stats":               {"kiraform stats"},
		"kiraform state\nrm -consent ADDR":               nil,
	} {
		if got := tree.wrong(text); !slices.Equal(got, want) {
			t.Errorf("%q names %q, want %q", text, got, want)
		}
	}
}
