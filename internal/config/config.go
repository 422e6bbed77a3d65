// Package config reads configuration files into blocks.
//
// It evaluates nothing and knows no resource kinds: it finds the blocks, says
// which of them cannot be, and keeps every expression with its place. All
// mistakes of all files are reported at once, and the part that could be read
// is returned even so.
package config

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/json"

	"kiraform/internal/budget"
	"kiraform/internal/diag"
)

// The endings of configuration files, in HCL's native and in its JSON syntax.
const (
	NativeSuffix = ".kira.hcl"
	JSONSuffix   = ".kira.json"
)

// Module is a folder of configuration: its blocks, in the order of file names
// and, within a file, in the order in which they are written.
type Module struct {
	Dir string // the path from the folder of the root module, "." being that one

	root  *Module // nil if it is the root module itself
	empty bool    // there are no files

	// Files has the files of all modules by name, which is a path from the
	// folder of the root module; for showing source lines. Only the root
	// module has them.
	Files map[string]*hcl.File

	// Unsound has the names of the files that do not parse.
	Unsound map[string]bool

	varFiles map[string]bool // those that give values to variables

	harmless func(name string) bool // see [LoadShowing]; nil for none. Only the root module has it
	cache    *Cache                 // nil for none. Only the root module has it

	// Broken says that a file could not be read whole, so that a block that
	// seems to be missing may well be in the part that could not be read.
	Broken bool

	Kiraform  *Kiraform // nil if there is no such block
	Provider  *Provider // nil if there is no such block
	Variables []*Variable
	Locals    []*Local
	Outputs   []*Output
	Resources []*Resource
	Imports   []*Import
	Moved     []*Moved
	Removed   []*Removed
	Checks    []*Check
	Calls     []*Call
}

// Load reads the configuration files of a folder, which is the root module,
// and of the modules that it calls. The module is never nil.
func Load(fsys fs.FS) (*Module, hcl.Diagnostics) { return LoadShowing(fsys, nil) }

// LoadShowing is Load where a diagnostic may show the values of the attributes whose
// names are harmless.
func LoadShowing(fsys fs.FS, harmless func(name string) bool) (*Module, hcl.Diagnostics) {
	return load(fsys, &Module{Dir: ".", Files: make(map[string]*hcl.File), harmless: harmless})
}

// load reads the configuration into m, the root module.
func load(fsys fs.FS, m *Module) (*Module, hcl.Diagnostics) {
	diags, err := m.files(fsys)
	if err != nil {
		m.Broken = true
		return m, hcl.Diagnostics{diag.Error("unreadable-file", nil, "Cannot read the folder",
			"The configuration cannot be listed: %s. Check the path and its permissions.", err)}
	}
	if m.empty {
		return m, hcl.Diagnostics{diag.Error("no-configuration", nil, "No configuration files",
			"This folder has no file whose name ends in %s or %s. \"kiraform init\" writes a first one; "+
				"or work in another folder with -chdir.", NativeSuffix, JSONSuffix)}
	}
	l := &loader{folder: fsys, root: m, read: map[string]*Module{".": m}}
	return m, append(diags, l.calls(m, []string{"."})...)
}

// files reads the configuration files of a folder.
func (m *Module) files(fsys fs.FS) (diags hcl.Diagnostics, err error) {
	names, err := list(fsys, func(name string) bool {
		return strings.HasSuffix(name, NativeSuffix) || strings.HasSuffix(name, JSONSuffix)
	})
	m.empty = len(names) == 0
	var plain, over []hcl.Body
	cache := m.top().cache
	if slices.ContainsFunc(names, overriding) {
		cache = nil
	}
	for _, name := range names {
		f, d := m.parse(fsys, name, cache)
		diags = append(diags, d...)
		m.Broken = m.Broken || d.HasErrors()
		switch {
		case f == nil || f.Body == nil:
		case overriding(name):
			over = append(over, f.Body)
		default:
			plain = append(plain, f.Body)
		}
	}
	for _, body := range over {
		diags = append(diags, override(plain, body)...)
	}
	for _, body := range plain {
		diags = append(diags, m.decode(body)...)
	}
	return append(diags, m.duplicates()...), err
}

// Empty reports whether the folder has no configuration.
func (m *Module) Empty() bool { return m.empty }

// top returns the root module.
func (m *Module) top() *Module {
	if m.root != nil {
		return m.root
	}
	return m
}

// list returns the names of the files in fsys that keep accepts, sorted.
// Those that begin with a dot are an editor's.
func list(fsys fs.FS, keep func(string) bool) ([]string, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if name := e.Name(); !e.IsDir() && !strings.HasPrefix(name, ".") && keep(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// parse reads one file of the folder; the result may be nil.
func (m *Module) parse(fsys fs.FS, name string, cache *Cache) (f *hcl.File, diags hcl.Diagnostics) {
	src, err := read(fsys, name)
	shown := path.Join(m.Dir, name)
	if err != nil {
		cache.keep(shown)
		return nil, hcl.Diagnostics{diag.Error("unreadable-file", nil, "Cannot read file",
			"%s. Check that the file is there and that you may read it.", unread(err))}
	}
	if cache == nil || strings.HasSuffix(name, JSONSuffix) {
		return m.parseSource(src, shown)
	}
	f, diags = cache.parse(m, src, shown)
	if f != nil {
		m.keepFile(shown, f, diags)
	}
	return f, diags
}

// parseSource parses src, in the syntax that its name says, and keeps the file
// for showing source lines.
func (m *Module) parseSource(src []byte, name string) (*hcl.File, hcl.Diagnostics) {
	isJSON := strings.HasSuffix(name, ".json")
	if diags := guard(src, name, isJSON); diags.HasErrors() {
		if !tooLarge(src, name) { // no line of it is quoted, so that nobody has to look for secrets in it
			m.keepFile(name, &hcl.File{Bytes: src}, diags)
		}
		return nil, diags
	}
	var f *hcl.File
	var diags hcl.Diagnostics
	if isJSON {
		f, diags = json.Parse(src, name)
		diags = firstOfJSON(diags)
	} else {
		f, diags = hclsyntax.ParseConfig(src, name, hcl.InitialPos)
		if f != nil {
			budget.Watch(f.Body.(*hclsyntax.Body), src)
		}
		diags = m.instead(diags, src, name)
	}
	if f != nil {
		m.keepFile(name, f, diags)
	}
	return f, diag.Coded("syntax", diags)
}

// instead returns the mistakes of a file in native syntax: that a body was pasted into it
// says more than all that the parser says of such a one.
func (m *Module) instead(diags hcl.Diagnostics, src []byte, name string) hcl.Diagnostics {
	if diags.HasErrors() && strings.HasSuffix(name, NativeSuffix) {
		if better := pasted(src, name, m.top().harmless); better != nil {
			return better
		}
	}
	return diags
}

// firstOfJSON leaves the first mistake of a file whose JSON cannot be read: its reader
// goes on behind it, so that the others follow from it, also the one about the root.
func firstOfJSON(diags hcl.Diagnostics) hcl.Diagnostics {
	const follows = "Root value must be object"
	if i := slices.IndexFunc(diags, func(d *hcl.Diagnostic) bool { return d.Summary != follows }); i >= 0 {
		return diags[i : i+1]
	}
	return diags
}

// keepFile keeps a file that was parsed with diags.
func (m *Module) keepFile(name string, f *hcl.File, diags hcl.Diagnostics) {
	m = m.top()
	m.Files[name] = f
	if diags.HasErrors() {
		if m.Unsound == nil {
			m.Unsound = make(map[string]bool)
		}
		m.Unsound[name] = true
	}
}

// IsVarFile reports whether a file gives values to variables, rather than
// being one of the configuration.
func (m *Module) IsVarFile(name string) bool {
	return m.varFiles[name] || strings.Contains(name, ".kiravars.")
}
