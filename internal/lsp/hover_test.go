package lsp

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/config"
	"kiraform/internal/norace"
)

// hovered is the text of a hover over a byte of a file, or "".
func hovered(t *testing.T, s *server, file, text string, offset int) string {
	t.Helper()
	p := placeParams{Position: positionOf(text, offset)}
	p.TextDocument.URI = "file:///w/" + file
	h, err := s.hover(p)
	if err != nil {
		t.Fatal(err)
	}
	if h == nil {
		return ""
	}
	return h.(hover).Contents.Value
}

// hoveredWord is the text of a hover over the first place of a word of a configuration in
// one file.
func hoveredWord(t *testing.T, files fstest.MapFS, text, word string) string {
	s := (&folders{files: files}).server()
	s.set("file:///w/a.kira.hcl", text, 1)
	return hovered(t, s, "a.kira.hcl", text, strings.Index(text, word)+len(word)-1)
}

// Of every word of the examples that the language, a schema or the configuration gives a
// meaning there is something to say, and nothing that is only said of mistakes.
func TestHoverOverEveryWordOfTheExamples(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	dirs, err := filepath.Glob(filepath.Join("..", "..", "examples", "*"))
	if err != nil || len(dirs) < 10 {
		t.Fatal(len(dirs), err)
	}
	words := 0
	for _, dir := range dirs {
		files := make(fstest.MapFS)
		_ = filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
			data, _ := os.ReadFile(path)
			if rel, err := filepath.Rel(dir, path); err == nil && strings.HasSuffix(path, ".hcl") {
				files[filepath.ToSlash(rel)] = &fstest.MapFile{Data: data}
			}
			return nil
		})
		s := (&folders{files: files}).server()
		for file, f := range files {
			for _, at := range meaningful(treeOf(f.Data, file), strings.HasSuffix(file, config.NativeSuffix)) {
				words++
				got := hovered(t, s, file, string(f.Data), at)
				if line := strings.Count(string(f.Data[:at]), "\n") + 1; got == "" || strings.Contains(got, "declares it") || strings.Contains(got, "has no attribute") {
					t.Errorf("%s/%s, line %d, at %.20q: %q", dir, file, line, f.Data[at:], got)
				}
			}
		}
	}
	if words < 900 {
		t.Errorf("there are %d words", words)
	}
}

func treeOf(src []byte, file string) *hclsyntax.Body {
	body, _ := config.Tree(src, file)
	return body
}

// meaningful are the places of the types of blocks, of their arguments, of functions and of
// the words of references.
func meaningful(body *hclsyntax.Body, configuration bool) (all []int) {
	free := map[string]bool{"locals": true, "module": true, "variables": true}
	var visit func(b *hclsyntax.Block)
	visit = func(b *hclsyntax.Block) {
		all = append(all, b.TypeRange.Start.Byte)
		for _, a := range b.Body.Attributes {
			if !free[b.Type] {
				all = append(all, a.NameRange.Start.Byte)
			}
		}
		for _, inner := range b.Body.Blocks {
			visit(inner)
		}
	}
	for _, b := range body.Blocks {
		visit(b)
	}
	_ = hclsyntax.VisitAll(body, func(n hclsyntax.Node) hcl.Diagnostics {
		switch n := n.(type) {
		case *hclsyntax.FunctionCallExpr:
			all = append(all, n.NameRange.Start.Byte)
		case *hclsyntax.ScopeTraversalExpr:
			if configuration {
				all = append(all, n.SrcRange.Start.Byte)
			}
		}
		return nil
	})
	for _, t := range traversalsIn(body) {
		if root := t.RootName(); kindsOf("resource")[root] != nil {
			for _, step := range t[1:] {
				if _, ok := step.(hcl.TraverseAttr); ok {
					all = append(all, wordOf(step).Start.Byte+1)
				}
			}
		}
	}
	return all
}

// What nothing declares is said to be so, with the nearest name, unless a file is in the
// way that is not looked at.
func TestHoverOverNamesThatNothingDeclares(t *testing.T) {
	head := "variable \"people\" {}\nresource \"kira_user\" \"maria\" {}\nlocals {\n  x = "
	for expr, want := range map[string]string{
		"var.peeple":                  `No file in this folder declares it. Did you mean "var.people"?`,
		"kira_user.marai":             `No file in this folder declares it. Did you mean "kira_user.maria"?`,
		"kira_usr.maria":              `No file in this folder declares it. Did you mean "kira_user.maria"?`,
		"module.nothing_like_it":      "No file in this folder declares it.",
		"kira_user.maria.emial":       "`kira_user` has no attribute `emial`. Did you mean \"email\"?",
		"kira_user.maria.email":       "E-mail",
		"[for p in var.people : p]":   "The element of the loop in line 4.",
		"kira_user.maria[*].status":   "set by Kira",
		"upper":                       "",
		"each.value":                  "The value of this instance",
		"data.kira_user.none":         "No file in this folder declares it.",
		"kira_user.maria[var.k].emai": "has no attribute",
	} {
		text := head + expr + "\n}\n"
		got := hoveredWord(t, fstest.MapFS{}, text, strings.TrimSuffix(expr, "]"))
		if !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("over %s it says %q, want %q", expr, got, want)
		}
	}
	inJSON := fstest.MapFS{"b.kira.json": {Data: []byte(`{"variable": {"peeple": {}}}`)}}
	if got := hoveredWord(t, inJSON, head+"var.peeple\n}\n", "var.peeple"); !strings.Contains(got, "b.kira.json is in JSON") {
		t.Errorf("beside a file in JSON it says %q", got)
	}
	if got := hoveredWord(t, fstest.MapFS{}, "moved {\n  from = kira_user.a\n  to = kira_user.b\n}\n", "kira_user.a"); !strings.Contains(got, "The address that something had.") {
		t.Errorf("of the address that something had it says %q", got)
	}
}
