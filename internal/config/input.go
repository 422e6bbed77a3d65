package config

import (
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/budget"
	"kiraform/internal/diag"
)

// EnvPrefix begins the name of an environment variable that gives a value to a
// variable: KIRAFORM_VAR_region sets var.region.
const EnvPrefix = "KIRAFORM_VAR_"

// Input is a value for a variable, as it was given: not yet converted to the
// variable's type.
type Input struct {
	Value cty.Value
	Range *hcl.Range // where it was written; nil outside files
	From  string     // its source, for people: "-var", a file's name, ...

	// Expr is the written value, and Src its text; nil if the value was given
	// as it stands.
	Expr hclsyntax.Expression
	Src  []byte

	// Numbers returns Value with marks at its numbers, as mark has them by their text
	// and place; nil for no mark. It is nil itself where Expr is set, and where a mark
	// could not tell more than the value does.
	Numbers func(mark func(text string, rng hcl.Range) any) cty.Value
}

// VarArg is one -var or -var-file of the command line, or a value that a test gives.
type VarArg struct {
	Name, Value string // -var NAME=VALUE
	Given       *Input // of Name, instead of Value; nil on the command line

	File string // -var-file FILE, if not ""
	Src  []byte // the content of File; nil means that it is in the configuration's folder
}

// Values returns the value that each variable was given last, from the weakest
// source to the strongest: environment, kiraform.kiravars.hcl and .json, the
// *.auto.kiravars.hcl and .json files by name, then args in their order. That
// is Terraform's order. Variables that were given no value are not in it.
//
// A name that is not declared is an error in a -var, a warning in a file and
// nothing in the environment, which other configurations share.
func Values(m *Module, env map[string]string, fsys fs.FS, args []VarArg) (map[string]Input, hcl.Diagnostics) {
	in := inputs{module: m, declared: make(map[string]*Variable), values: make(map[string]Input)}
	for _, v := range m.Variables {
		in.declared[v.Name] = v
	}
	for _, key := range slices.Sorted(maps.Keys(env)) {
		if name, ok := strings.CutPrefix(key, EnvPrefix); ok && in.declared[name] != nil {
			in.text(name, env[key], "the environment variable "+key)
		}
	}
	names, err := automatic(fsys)
	if err != nil {
		in.diags = append(in.diags, diag.Error("unreadable-file", nil, "Cannot read the folder",
			"Variable files cannot be listed: %s. Check the permissions of the folder.", err))
	}
	for _, name := range names {
		in.file(loadVarFile(m, fsys, name))
	}
	for _, arg := range args {
		switch {
		case arg.File != "" && arg.Src != nil:
			in.file(ParseVarFile(m, arg.Src, arg.File))
		case arg.File != "":
			in.file(loadVarFile(m, fsys, arg.File))
		case arg.Given != nil && in.declared[arg.Name] == nil:
			in.undeclared(diag.Error, arg.Name, arg.Given.Range, arg.Given.From)
		case arg.Given != nil:
			in.values[arg.Name] = *arg.Given
		case in.declared[arg.Name] == nil:
			in.undeclaredArg(arg.Name)
		default:
			in.text(arg.Name, arg.Value, "-var")
		}
	}
	return in.values, in.diags
}

// automatic returns the variable files that are read without being named, the
// weakest first.
func automatic(fsys fs.FS) ([]string, error) {
	names, err := list(fsys, func(name string) bool {
		return strings.HasSuffix(name, ".auto.kiravars.hcl") || strings.HasSuffix(name, ".auto.kiravars.json")
	})
	if err != nil {
		return nil, err
	}
	main, err := list(fsys, func(name string) bool {
		return name == "kiraform.kiravars.hcl" || name == "kiraform.kiravars.json"
	})
	return append(main, names...), err // .hcl sorts before .json, as it must
}

type inputs struct {
	module   *Module
	declared map[string]*Variable
	values   map[string]Input
	diags    hcl.Diagnostics
}

func (in *inputs) file(given map[string]Input, diags hcl.Diagnostics) {
	in.diags = append(in.diags, diags...)
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if in.declared[name] == nil {
			in.undeclared(diag.Warning, name, given[name].Range, given[name].From)
			continue
		}
		in.values[name] = given[name]
	}
}

type report func(code diag.Code, rng *hcl.Range, summary, detail string, args ...any) *hcl.Diagnostic

func (in *inputs) undeclared(how report, name string, rng *hcl.Range, from string) {
	if in.module.Broken {
		return // it may be declared in the part that could not be read
	}
	known := slices.Collect(maps.Keys(in.declared))
	in.diags = append(in.diags, how("undeclared-variable", rng, "Undeclared variable",
		"%s gives a value to %q, but the configuration has no such variable.%s Declare it with a variable block, or take the value away.",
		sentence(from), name, diag.DidYouMean(name, known)))
}

// undeclaredArg reports a -var for no variable. Its name is said only if it is
// nearly that of one: it may be a secret that was given without a name, and
// ends as base64 does.
func (in *inputs) undeclaredArg(name string) {
	known := slices.Sorted(maps.Keys(in.declared))
	if len(known) == 0 || diag.Nearest(name, known) != "" {
		in.undeclared(diag.Error, name, nil, "-var")
		return
	}
	if in.module.Broken {
		return
	}
	in.diags = append(in.diags, diag.Error("undeclared-variable", nil, "Undeclared variable",
		"A -var gives a value to a variable that the configuration does not have. It has %s. Write -var=NAME=VALUE with one of them, "+
			"declare another with a variable block, or take the value away.", strings.Join(known, ", ")))
}

// text takes a value given as text. It is taken as it stands for a variable of
// a primitive type or without one, else as an expression.
func (in *inputs) text(name, value, from string) {
	ty := in.declared[name].Type
	if ty.IsPrimitiveType() || ty == cty.DynamicPseudoType && !in.declared[name].Any {
		in.values[name] = Input{Value: cty.StringVal(value), From: from}
		return
	}
	v, expr, diags := constant(value, "<"+from+">")
	if diags.HasErrors() {
		why := ": " + diags[0].Detail
		if v := in.declared[name]; v.Sensitive || v.Ephemeral { // the reason may quote it
			why = "."
		}
		in.diags = append(in.diags, diag.Error("invalid-value", nil, "Invalid value for variable",
			"What %s gives to var.%s is not a valid expression%s Write a value of type %s.",
			from, name, why, ty.FriendlyName()))
		in.values[name] = Input{Value: cty.DynamicVal, From: from}
		return
	}
	in.values[name] = Input{Value: v, From: from, Expr: expr, Src: []byte(value)}
}

// constant evaluates an expression that refers to nothing.
func constant(src, name string) (cty.Value, hclsyntax.Expression, hcl.Diagnostics) {
	if len(src) > maxSize {
		return cty.DynamicVal, nil, hcl.Diagnostics{diag.Error("file-too-large", nil, "Value too large", "It is too long.")}
	}
	tokens, diags := hclsyntax.LexExpression([]byte(src), name, hcl.InitialPos)
	if d := guardTokens(tokens); d != nil {
		return cty.DynamicVal, nil, append(diags, d)
	}
	expr, diags := hclsyntax.ParseExpression([]byte(src), name, hcl.InitialPos)
	if diags.HasErrors() {
		return cty.DynamicVal, nil, diags
	}
	budget.Watch(expr, []byte(src))
	v, diags := budget.Constant(expr)
	return v, expr, diags
}

// loadVarFile reads a variable file of the configuration's folder. The file is
// added to those of m, for showing source lines.
func loadVarFile(m *Module, fsys fs.FS, name string) (map[string]Input, hcl.Diagnostics) {
	src, err := read(fsys, name)
	if err != nil {
		return nil, hcl.Diagnostics{diag.Error("unreadable-file", nil, "Cannot read variable file",
			"%s. Check that the file is there and that you may read it.", err)}
	}
	return ParseVarFile(m, src, name)
}

// ParseVarFile is like [loadVarFile] for a file that was read already.
func ParseVarFile(m *Module, src []byte, name string) (map[string]Input, hcl.Diagnostics) {
	if m.varFiles == nil {
		m.varFiles = make(map[string]bool)
	}
	m.varFiles[name] = true
	if len(src) <= limitOf(name) {
		read := hclVars
		if strings.HasSuffix(name, ".json") {
			read = jsonVars
		}
		given, stop, ok := read(src, name)
		if !ok && len(src) > maxTree { // no line of it is quoted, as of a file that is too large
			return nil, hcl.Diagnostics{diag.Error("syntax", &hcl.Range{Filename: name, Start: stop, End: stop}, "Not a plain value",
				"%s has more than %d MiB. Such a file has plain values alone: texts, numbers, true, false, null, lists and objects, and no name twice. "+
					"At line %d, column %d, there is something else, or a mistake. Correct it, or split the file.", name, maxTree>>20, stop.Line, stop.Column)}
		}
		if ok {
			m.keepFile(name, &hcl.File{Bytes: src}, nil)
			return given, nil
		}
	}
	f, diags := m.parseSource(src, name)
	if f == nil || f.Body == nil {
		return nil, diags
	}
	attrs, d := f.Body.JustAttributes()
	diags = append(diags, diag.Coded("invalid-variable-file", d)...)
	given := make(map[string]Input, len(attrs))
	for _, a := range inOrder(attrs) {
		v, d := budget.Constant(a.Expr)
		diags = append(diags, diag.Coded("not-a-literal", unquoted(a.Expr, d))...)
		if d.HasErrors() {
			v = cty.DynamicVal
		}
		expr, _ := native(a.Expr)
		given[a.Name] = Input{Value: v, Range: a.Expr.Range().Ptr(), From: name, Expr: expr, Src: src}
	}
	return given, diags
}

// sentence begins s with a capital, unless it is a flag or a file's name.
func sentence(s string) string {
	if rest, ok := strings.CutPrefix(s, "the "); ok {
		return "The " + rest
	}
	return s
}

// unquoted says of a word without quotes in a file of values that it may be meant as a
// text: there is nothing that it could refer to.
func unquoted(e hcl.Expression, diags hcl.Diagnostics) hcl.Diagnostics {
	if word := hcl.ExprAsKeyword(e); word != "" && diags.HasErrors() {
		return hcl.Diagnostics{diag.Error("not-a-literal", e.Range().Ptr(), "Not a value",
			"A file of values can refer to nothing. A text belongs in quotes.")}
	}
	return diags
}
