package lsp

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/norace"
)

// mistakes validates a configuration of one file, and returns the mistakes as an editor has
// them.
func mistakes(t *testing.T, text string) (all []diagnostic) {
	t.Helper()
	folder := fstest.MapFS{"main.kira.hcl": {Data: []byte(text)}}
	_, _ = engine.Validate(context.Background(), engine.Options{Version: "0.1.0", FS: folder, Closed: true, Emit: func(e event.Event) {
		if d, ok := e.(event.Diagnostic); ok {
			all = append(all, diagnosticOf(d, linesOf(text)))
		}
	}})
	return all
}

// edited is a text with edits.
func edited(text string, edits []textEdit) string {
	edits = slices.Clone(edits)
	slices.SortFunc(edits, func(a, b textEdit) int { return offsetOf(text, b.Range.Start) - offsetOf(text, a.Range.Start) })
	for _, e := range edits {
		text = text[:offsetOf(text, e.Range.Start)] + e.NewText + text[offsetOf(text, e.Range.End):]
	}
	return text
}

// corrections are the actions that are offered for a mistake in a text, by title, each with
// the text after it.
func corrections(t *testing.T, text string, d diagnostic) map[string]string {
	t.Helper()
	s := (&folders{files: fstest.MapFS{}}).server()
	uri := "file:///w/main.kira.hcl"
	s.set(uri, text, 1)
	var p actionParams
	p.TextDocument.URI, p.Range, p.Context.Diagnostics = uri, d.Range, []diagnostic{d}
	offered, wrong := s.actions(p)
	if wrong != nil {
		t.Fatal(wrong)
	}
	all := make(map[string]string)
	for _, a := range offered.([]codeAction) {
		all[a.Title] = edited(text, a.Edit.Changes[uri])
	}
	return all
}

// Each correction of each mistake of the page of rules does what it says: the mistake is
// gone, or turned down, and nothing that was right is wrong.
func TestCorrectionsOfEveryRule(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "rules.md"))
	if err != nil {
		t.Fatal(err)
	}
	offered := make(map[string]string) // by rule, the first words of titles
	for _, m := range regexp.MustCompile("(?s)\n### (\\S+)\n.*?\n```hcl\n(.*?)```").FindAllStringSubmatch(string(page), -1) {
		rule, text := m[1], m[2]
		for _, d := range mistakes(t, text) {
			if d.Code != rule {
				continue
			}
			for title, now := range corrections(t, text, d) {
				word, _, _ := strings.Cut(title, " ")
				offered[rule] += word + " "
				for _, still := range mistakes(t, now) {
					same := still.Code == rule && still.Message == d.Message
					if still.Code == "syntax" || same && (!strings.HasSuffix(title, "to a warning") || still.Severity == 1) {
						t.Errorf("%s: after %q it says %s in\n%s", rule, title, still.Message, now)
					}
				}
			}
		}
	}
	for rule, word := range map[string]string{"missing-attribute": "Add", "user-incomplete": "Add", "recipient-name": "Add", "misplaced-attribute": "Remove", "redirect-without-link": "Remove",
		"link-mode-forgets": "Remove", "employer-without-employment": "Remove", "doc-type-case": "Change", "value-not-accepted": "Change", "phone-unlikely": "Turn"} {
		if !strings.Contains(offered[rule], word+" ") {
			t.Errorf("of %s there is no %q, only %q", rule, word, offered[rule])
		}
	}
}
