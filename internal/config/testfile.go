package config

import (
	"io/fs"
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/diag"
)

// The endings of the files that have tests.
const (
	TestSuffix     = ".kiratest.hcl"
	TestJSONSuffix = ".kiratest.json"
)

// TestFile is a file of tests: runs of a configuration, in the order in which they
// are written.
type TestFile struct {
	Name      string // a path from the folder of the root module
	Parallel  bool   // runs that do not say so may be carried out at once
	Variables []TestVariable
	Runs      []*TestRun

	Source  *hcl.File // nil if it could not be read at all
	Unsound bool      // it does not parse
}

// Adopt keeps a file of tests among those of m, for showing source lines.
func (m *Module) Adopt(t *TestFile) {
	if t.Source == nil {
		return
	}
	m.Files[t.Name] = t.Source
	if t.Unsound {
		if m.Unsound == nil {
			m.Unsound = make(map[string]bool)
		}
		m.Unsound[t.Name] = true
	}
}

// TestVariable is a value that tests give to a variable.
type TestVariable struct {
	Name      string
	Expr      hclsyntax.Expression // may refer to variables, and to runs before
	NameRange hcl.Range
}

// IsTest reports whether a file has tests, by its name.
func IsTest(name string) bool {
	return strings.HasSuffix(name, TestSuffix) || strings.HasSuffix(name, TestJSONSuffix)
}

// TestFiles lists the files in a folder that have tests, as paths from the root of
// fsys. A folder that does not exist has none.
func TestFiles(fsys fs.FS, dir string) ([]string, error) {
	if info, err := fs.Stat(fsys, dir); err != nil || !info.IsDir() {
		return nil, nil
	}
	in, err := fs.Sub(fsys, dir)
	if err != nil {
		return nil, err
	}
	names, err := list(in, IsTest)
	for i, name := range names {
		names[i] = path.Join(dir, name)
	}
	return names, err
}

var testSchema = &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
	{Type: "test"}, {Type: "variables"}, {Type: "run", LabelNames: []string{"name"}},
	{Type: "provider", LabelNames: []string{"name"}},
	{Type: "mock_provider", LabelNames: []string{"name"}},
	{Type: "override_resource"}, {Type: "override_data"}, {Type: "override_module"},
}}

// testAdvice names the substitutes for blocks of Terraform's tests that are not
// offered.
var testAdvice = map[string]string{
	"provider":          "Tests run against a simulator of their own, whatever the provider block of the configuration says. Give a variable another value in a variables block.",
	"mock_provider":     "No mocks are needed: tests run against a simulator, which refuses what Kira refuses.",
	"override_resource": "No overrides are needed: tests run against a simulator. A simulator block does the part of Kira's people.",
	"override_data":     "No overrides are needed: tests run against a simulator. A run of another module can make what is looked for.",
	"override_module":   "No overrides are needed: tests run against a simulator. A run can have another module under test.",
}

// LoadTest reads a file of tests. It returns the mistakes in it with as much of the
// file as could be read.
func LoadTest(fsys fs.FS, name string) (*TestFile, hcl.Diagnostics) {
	t := &TestFile{Name: name}
	src, err := read(fsys, name)
	if err != nil {
		return t, hcl.Diagnostics{diag.Error("unreadable-file", nil, "Cannot read file",
			"%s. Check that the file is there and that you may read it.", unread(err))}
	}
	m := &Module{Dir: ".", Files: make(map[string]*hcl.File)}
	f, diags := m.parseSource(src, name)
	t.Source, t.Unsound = m.Files[name], m.Unsound[name]
	if f == nil || f.Body == nil || diags.HasErrors() {
		return t, diags
	}
	c, d := content(f.Body, testSchema)
	diags = append(diags, d...)
	for i, b := range c.Blocks.OfType("test") { // they are for the runs, wherever they stand
		if i > 0 {
			diags = append(diags, second(b, c.Blocks.OfType("test")[0].DefRange))
			continue
		}
		settings, d := content(b.Body, &hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "parallel"}}})
		t.Parallel, diags = flag(settings.Attributes, "parallel", false, &d), append(diags, d...)
	}
	for _, b := range c.Blocks {
		diags = append(diags, t.add(b)...)
	}
	return t, diags
}

// add takes in one block of the file.
func (t *TestFile) add(b *hcl.Block) (diags hcl.Diagnostics) {
	switch b.Type {
	case "test":
		return nil
	case "variables":
		more, diags := testVariables(b)
		for _, v := range more {
			diags = append(diags, twice(t.Variables, v)...)
		}
		t.Variables = append(t.Variables, more...)
		return diags
	case "run":
		r, diags := testRun(b, t.Parallel)
		for _, other := range t.Runs {
			if other.Name == r.Name {
				return append(diags, diag.Error("duplicate-name", &b.DefRange, "Duplicate run",
					"There is a run %q already, at %s. Rename one of them, or take one away.", r.Name, Place(other.DefRange)))
			}
		}
		t.Runs = append(t.Runs, r)
		return diags
	}
	return hcl.Diagnostics{diag.Error("unsupported-block", &b.DefRange, "Not needed in tests",
		"A file of tests has no block of type %q. %s", b.Type, testAdvice[b.Type])}
}

// twice reports a variable that has a value already.
func twice(have []TestVariable, v TestVariable) hcl.Diagnostics {
	for _, other := range have {
		if other.Name == v.Name {
			return hcl.Diagnostics{diag.Error("duplicate-name", &v.NameRange, "Duplicate value",
				"The variable %q has a value already, at %s. Take one of them away.", v.Name, Place(other.NameRange))}
		}
	}
	return nil
}

// testVariables reads a variables block.
func testVariables(b *hcl.Block) (all []TestVariable, diags hcl.Diagnostics) {
	attrs, diags := b.Body.JustAttributes()
	diags = diag.Coded("invalid-block", diags)
	for _, a := range inOrder(attrs) {
		e, d := native(a.Expr)
		diags = append(diags, d...)
		if !d.HasErrors() {
			all = append(all, TestVariable{Name: a.Name, Expr: e, NameRange: a.NameRange})
		}
	}
	return all, diags
}
