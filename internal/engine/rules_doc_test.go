package engine_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2/hclwrite"

	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/golden"
	"kiraform/internal/norace"
	"kiraform/schema"
	"kiraform/schema/kinds"
)

const rulesIntro = `# Rules

What kiraform checks before anything is sent. An error is something that Kira's documents say it refuses, and stops the
run; a warning is something that merely risks it, or that Kira takes and does not mean what it seems to. Every rule has
an id that does not change. ` + "`kiraform validate`" + ` runs all of them, without network and without state.

A rule about what is written in one block can be turned down in the configuration, by its id; what is turned down stands in
the first lines of each plan, and in production needs ` + "`-allow=rules`" + `, a saved plan or ` + "`-expect-digest`" + `. Checks that look at
more than one block, and guard rails, cannot:

` + "```hcl\nkiraform {\n  rules {\n    warn = [\"wallet-address\"]\n    off  = [\"phone-unlikely\"]\n  }\n}\n```" + `

In brackets stands which document a rule comes from: the brief (Kira's brief for developers), documented (its other
documentation, by section), or observed (what integrators recorded).

This page is generated, and every example in it is run: see ` + "`internal/engine/rules_doc_test.go`" + `.
`

// between are the checks that look at more than one resource, by the kind that
// they are listed under.
func between(k *schema.Kind) (rules []schema.Rule) {
	if d := k.Distinct; d != nil {
		rules = append(rules, schema.Rule{ID: d.ID, Doc: d.Doc})
	}
	for _, g := range k.Gates {
		if g.Lacks != nil {
			rules = append(rules, schema.Rule{ID: "not-ready",
				Doc: "Kira refuses an account to a user that lacks a field which the account's product requires: \"User is missing required fields for product\" (brief). The fields are those of documented 2.7. Once the user exists, the fields that Kira shows as missing count instead: they are a warning, and hold up that account alone."})
		}
	}
	return rules
}

// docs/rules.md equals the schemas, with an example of each rule that really
// triggers it, and the message then.
func TestRulesPage(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	var page strings.Builder
	page.WriteString(rulesIntro)
	known := make(map[string]bool)
	section := func(dir, title, doc string, rules []schema.Rule) {
		if len(rules) == 0 {
			return
		}
		fmt.Fprintf(&page, "\n## %s\n\n%s\n", title, doc)
		for _, r := range rules {
			path := filepath.Join("testdata", "rules", dir, string(r.ID)+".kira.hcl")
			known[path] = true
			rule(t, &page, r, path)
		}
	}
	section("attributes", "Attributes of every kind", "What an attribute says of itself: which values it takes, and where it must be written.", schema.Checks())
	for _, k := range kinds.All {
		s := k.Schema
		section(s.Name, s.Name, s.Doc, slices.Concat(s.Rules, between(s)))
	}
	for _, a := range kinds.Actions {
		s := &a.Schema.Config
		section(s.Name, "Action "+s.Name, s.Doc, s.Rules)
	}
	files, err := filepath.Glob("testdata/rules/*/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !known[f] {
			t.Errorf("%s is the example of no rule", f)
		}
	}
	golden.Equal(t, "../../../docs/rules.md", page.String()) // from testdata
}

// rule writes one rule, and fails if its example is not one.
func rule(t *testing.T, page *strings.Builder, r schema.Rule, path string) {
	t.Helper()
	src, err := os.ReadFile(path)
	if err != nil {
		t.Errorf("%s has no example: %v", r.ID, err)
		return
	}
	if !bytes.Equal(src, hclwrite.Format(src)) {
		t.Errorf("%s is not formatted", path)
	}
	var found *event.Diagnostic
	for _, d := range validate(src) {
		switch {
		case d.Code == string(r.ID) && found == nil:
			found = &d
		case d.Severity == "error" && d.Code != string(r.ID):
			t.Errorf("%s has another mistake: %s: %s", path, d.Code, d.Detail)
		}
	}
	switch {
	case found == nil:
		t.Errorf("%s does not trigger %s", path, r.ID)
		return
	case found.Source == nil:
		t.Errorf("%s is reported nowhere", r.ID)
	case !strings.HasSuffix(r.Doc, "."):
		t.Errorf("the Doc of %s is no sentence", r.ID)
	}
	fmt.Fprintf(page, "\n### %s\n\n**%s.** %s\n\n```hcl\n%s```\n\n> %s: %s\n", r.ID, title(found.Severity), r.Doc, src, found.Summary, found.Detail)
}

func title(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// validate returns the diagnostics of one file, beside which there are two
// scans.
func validate(src []byte) (all []event.Diagnostic) {
	var pixel bytes.Buffer
	if err := png.Encode(&pixel, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		panic(err)
	}
	_, _ = engine.Validate(context.Background(), engine.Options{ // what it returns was said
		Version: "0.1.0",
		FS: fstest.MapFS{
			"main.kira.hcl":      {Data: src},
			"pixel.png":          {Data: pixel.Bytes()},
			"scan-of-11-mb.tiff": {Data: make([]byte, 11<<20)},
		},
		Emit: func(e event.Event) {
			if d, ok := e.(event.Diagnostic); ok {
				all = append(all, d)
			}
		},
	})
	return all
}
