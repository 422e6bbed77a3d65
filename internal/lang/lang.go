// Package lang is the library of functions that expressions can call.
//
// Names and behaviour are Terraform's. The result of a function depends on its
// arguments and on the files of the configuration only, but for the functions of a
// [Moment], which are not known before a plan is carried out. A mark on an argument
// survives every function, so that a value made from a secret is a secret.
package lang

import (
	"io/fs"
	"maps"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

type mark string

// Sensitive marks a value that no output may show.
const Sensitive = mark("sensitive")

// Ephemeral marks a value that no file may keep.
const Ephemeral = mark("ephemeral")

// IsEphemeral reports whether v or anything in it is marked as [Ephemeral].
func IsEphemeral(v cty.Value) bool { return v.HasMarkDeep(Ephemeral) }

// IsSensitive reports whether v or anything in it is marked as [Sensitive].
func IsSensitive(v cty.Value) bool { return v.HasMarkDeep(Sensitive) }

// Functions returns all functions under the names that expressions call them
// by. Those that read files read them in files, the folder of the
// configuration, and nowhere else unless it is an [Outside]; nil means that
// there are no files.
func Functions(files fs.FS) map[string]function.Function { return At(files, Moment{}) }

// At is [Functions] at a moment.
func At(files fs.FS, m Moment) map[string]function.Function {
	all := pure()
	for name, f := range all {
		all[name] = linear(f)
	}
	maps.Copy(all, fileFunctions(files))
	maps.Copy(all, timed(m))
	machine(all, files)
	templates(all, files)
	for name, f := range maps.Clone(all) {
		all["core::"+name] = f
	}
	return all
}

// notNull says of a result that is not known yet that it will not be null.
func notNull(b *cty.RefinementBuilder) *cty.RefinementBuilder { return b.NotNull() }

// unary returns a function with one parameter and a fixed type of result.
func unary(param function.Parameter, result cty.Type, f func(cty.Value) (cty.Value, error)) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{param},
		Type:   function.StaticReturnType(result),

		RefineResult: notNull,
		Impl:         func(args []cty.Value, _ cty.Type) (cty.Value, error) { return f(args[0]) },
	})
}

// text returns a function from one string to another.
func text(f func(string) (string, error)) function.Function {
	return unary(function.Parameter{Name: "str", Type: cty.String}, cty.String, func(v cty.Value) (cty.Value, error) {
		s, err := f(v.AsString())
		return cty.StringVal(s), err
	})
}

// test returns a predicate on two strings.
func test(first, second string, f func(a, b string) bool) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: first, Type: cty.String}, {Name: second, Type: cty.String}},
		Type:   function.StaticReturnType(cty.Bool),

		RefineResult: notNull,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			return cty.BoolVal(f(args[0].AsString(), args[1].AsString())), nil
		},
	})
}
