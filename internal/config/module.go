package config

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/diag"
)

// Call is a module block: it makes the blocks of another folder part of the
// configuration, under a name.
type Call struct {
	Name      string
	Source    string
	Module    *Module              // nil if it cannot be read, which is reported
	Inputs    hcl.Attributes       // all of the native syntax
	Count     hclsyntax.Expression // nil if not written
	ForEach   hclsyntax.Expression // nil if not written
	Enabled   hclsyntax.Expression // whether there is one; nil if not written
	DependsOn []hcl.Traversal

	DefRange, SourceRange hcl.Range
}

// Written returns the inputs of c in the order in which they are written.
func (c *Call) Written() []*hcl.Attribute { return inOrder(c.Inputs) }

// Folders is implemented by a folder that lets modules be outside of it.
type Folders interface {
	fs.FS
	// Folder returns the folder at a path that leads out of this one.
	Folder(path string) (fs.FS, error)
}

// ReservedNames are no names for variables: they mean something in a module
// block.
var ReservedNames = []string{"source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals"}

var callSchema = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{{Name: "source", Required: true}, {Name: "version"}, {Name: "providers"},
		{Name: "count"}, {Name: "for_each"}, {Name: "depends_on"}},
	Blocks: []hcl.BlockHeaderSchema{{Type: "lifecycle"}},
}

func call(b *hcl.Block) (*Call, hcl.Diagnostics) {
	c, rest, diags := b.Body.PartialContent(callSchema)
	diags = diag.Coded("invalid-block", diags)
	m := &Call{Name: b.Labels[0], DefRange: b.DefRange, SourceRange: b.DefRange}
	if a, ok := c.Attributes["source"]; ok {
		m.SourceRange = a.Expr.Range()
		m.Source = text(c.Attributes, "source", &diags)
		if m.Source == "" && !diags.HasErrors() {
			diags = append(diags, notLocal(m, ""))
		}
	}
	for _, name := range []string{"version", "providers"} {
		if a, ok := c.Attributes[name]; ok {
			diags = append(diags, diag.Error("unexpected-attribute", &a.NameRange, "Unexpected attribute",
				"A module has no %q here: modules are folders, and there is one provider. Take it away.", name))
		}
	}
	m.Count = expression(c.Attributes, "count", &diags)
	m.ForEach = expression(c.Attributes, "for_each", &diags)
	if m.Count != nil && m.ForEach != nil {
		diags = append(diags, diag.Error("count-and-for-each", c.Attributes["for_each"].NameRange.Ptr(), "Both count and for_each",
			"A module has either count or for_each. Take one of them away."))
		m.Count = nil
	}
	m.DependsOn = references(c.Attributes["depends_on"], &diags)
	diags = append(diags, m.lifecycle(c.Blocks)...)
	if body, ok := b.Body.(*hclsyntax.Body); ok {
		for _, b := range body.Blocks {
			if b.Type == "lifecycle" {
				continue
			}
			if advice, known := notBlocks[b.Type]; known {
				diags = append(diags, diag.Error("unsupported-block", b.DefRange().Ptr(), "Not offered here", "There are no blocks of type %q in kiraform. %s", b.Type, advice))
				continue
			}
			diags = append(diags, diag.Error("invalid-block", b.DefRange().Ptr(), "A block in a module block",
				"A module block has no %q block. Write its inputs as arguments, NAME = VALUE.", b.Type))
		}
	}
	attrs, d := rest.JustAttributes()
	if _, isNative := b.Body.(*hclsyntax.Body); !isNative {
		diags = append(diags, diag.Coded("invalid-block", d)...)
	}
	m.Inputs = attrs
	return m, append(diags, natively(attrs)...)
}

// lifecycle reads the lifecycle block of a module, which says whether there is one.
func (m *Call) lifecycle(blocks hcl.Blocks) (diags hcl.Diagnostics) {
	for i, b := range blocks {
		if i > 0 {
			return append(diags, second(b, blocks[0].DefRange))
		}
		c, d := content(b.Body, &hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "enabled"}}})
		m.Enabled, diags = expression(c.Attributes, "enabled", &d), append(diags, d...)
		if e := m.Enabled; e != nil && (m.Count != nil || m.ForEach != nil) {
			diags = append(diags, diag.Error("count-and-for-each", e.Range().Ptr(), "Both enabled and many",
				"The argument \"enabled\" decides whether there is one of a module. With count or for_each, leave it out, and give these nothing to repeat over."))
			m.Enabled = nil
		}
	}
	return diags
}

// loader reads a configuration together with the modules that it calls.
type loader struct {
	folder fs.FS
	root   *Module
	read   map[string]*Module // by folder
}

// calls reads the modules that m calls. The chain has the folders of the
// modules that m is inside of, and its own.
func (l *loader) calls(m *Module, chain []string) (diags hcl.Diagnostics) {
	for _, c := range m.Calls {
		if c.Source == "" {
			continue // reported
		}
		dir, d := l.dir(m, c)
		if d == nil && slices.Contains(chain, dir) {
			d = diag.Error("module-circle", &c.SourceRange, "A module that calls itself",
				"The folder %s is called from inside of itself, without end: %s. Take this module block away.", dir, strings.Join(append(chain, dir), ", "))
		}
		if d != nil {
			diags = append(diags, d)
			continue
		}
		if have, ok := l.read[dir]; ok {
			c.Module = have
			continue
		}
		child, more := l.module(dir, c)
		diags = append(diags, more...)
		l.read[dir] = child
		if c.Module = child; child != nil {
			diags = append(diags, l.calls(child, append(slices.Clone(chain), dir))...)
		}
	}
	return diags
}

// dir returns the folder of a called module, as a path from the root module's.
func (l *loader) dir(m *Module, c *Call) (string, *hcl.Diagnostic) {
	if !strings.HasPrefix(c.Source, "./") && !strings.HasPrefix(c.Source, "../") && c.Source != "." && c.Source != ".." {
		return "", notLocal(c, fmt.Sprintf(" Copy the module into a folder and write \"./%s\".", path.Base(c.Source)))
	}
	return path.Join(m.Dir, c.Source), nil
}

func notLocal(c *Call, advice string) *hcl.Diagnostic {
	return diag.Error("no-module", &c.SourceRange, "Not a local module",
		"The source of a module is the path of a local folder, such as \"./modules/staff\" or \"../staff\".%s", advice)
}

// module reads the files of one folder; nil if there are none.
func (l *loader) module(dir string, c *Call) (*Module, hcl.Diagnostics) {
	folder, err := l.sub(dir)
	m := &Module{Dir: dir, root: l.root}
	if err != nil {
		return nil, hcl.Diagnostics{diag.Error("no-module", &c.SourceRange, "Cannot read the module",
			"The folder %s cannot be read: %s. Check the path; it begins at the folder of the module that calls.", dir, err)}
	}
	diags, err := m.files(folder)
	switch {
	case err != nil:
		return nil, append(diags, diag.Error("no-module", &c.SourceRange, "Cannot read the module",
			"The folder %s cannot be read: %s. Check the path; it begins at the folder of the module that calls.", dir, reason(err)))
	case m.empty:
		return nil, append(diags, diag.Error("no-module", &c.SourceRange, "No configuration files",
			"The folder %s has no file whose name ends in %s or %s. Check the path; it begins at the folder of the module that calls.",
			dir, NativeSuffix, JSONSuffix))
	}
	l.root.Broken = l.root.Broken || m.Broken
	return m, append(diags, m.onlyRoot()...)
}

func (l *loader) sub(dir string) (fs.FS, error) {
	if fs.ValidPath(dir) {
		return fs.Sub(l.folder, dir)
	}
	if f, ok := l.folder.(Folders); ok {
		return f.Folder(dir)
	}
	return nil, fs.ErrPermission
}

// onlyRoot reports the blocks that only the root module has.
func (m *Module) onlyRoot() (diags hcl.Diagnostics) {
	if m.Provider != nil {
		diags = append(diags, diag.Error("only-in-root", &m.Provider.DefRange, "A provider in a module",
			"The folder that is planned says which Kira is meant, for all modules. Move the provider block there."))
		m.Provider = nil
	}
	if k := m.Kiraform; k != nil && (k.Encryption != nil || k.Rules != nil || k.MaxChanges != nil) {
		diags = append(diags, diag.Error("only-in-root", &k.DefRange, "Settings in a module",
			"In a called module, the kiraform block holds no more than required_version. Move the rest to the folder that is planned."))
	}
	return diags
}

// reason is an error without the operation and the path, which the message
// around it says better.
func reason(err error) string {
	if p, ok := err.(*fs.PathError); ok {
		return p.Err.Error()
	}
	return err.Error()
}

// Modules returns the modules of the configuration by their folders, the root
// first and the others sorted, each folder once.
func (m *Module) Modules() []*Module {
	byDir := make(map[string]*Module)
	var visit func(*Module)
	visit = func(x *Module) {
		if x == nil || byDir[x.Dir] != nil {
			return
		}
		byDir[x.Dir] = x
		for _, c := range x.Calls {
			visit(c.Module)
		}
	}
	visit(m)
	all := []*Module{m}
	for _, x := range byDir {
		if x != m {
			all = append(all, x)
		}
	}
	slices.SortFunc(all[1:], func(a, b *Module) int { return strings.Compare(a.Dir, b.Dir) })
	return all
}
