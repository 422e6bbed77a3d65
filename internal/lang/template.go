package lang

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"

	"kiraform/internal/budget"
)

// maxTemplate bounds the text that is parsed as a template. Nothing can be
// nested deeper than it is long, and this much nesting cannot exhaust the
// stack.
const maxTemplate = 64 << 10

// templates adds templatefile and templatestring to all. A template can call
// every function but these two, so that none can include itself.
func templates(all map[string]function.Function, files fs.FS) {
	within := maps.Clone(all)
	all["templatefile"] = template("path", cty.DynamicPseudoType, func(name string) ([]byte, error) {
		src, err := readFile(files, name)
		if err == nil {
			_, err = utf8Text(src)
		}
		return src, err
	}, within)
	all["templatestring"] = template("template", cty.String, func(s string) ([]byte, error) { return []byte(s), nil }, within)
}

// template returns a function that renders the template that read finds for
// its first argument with the variables of its second. The result is of a type.
func template(first string, result cty.Type, read func(string) ([]byte, error), funcs map[string]function.Function) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{
			{Name: first, Type: cty.String, AllowMarked: true},
			{Name: "vars", Type: cty.DynamicPseudoType, AllowMarked: true},
		},
		Type: function.StaticReturnType(result),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			source, marks := args[0].Unmark()
			vars, _ := args[1].Unmark()
			if ty := vars.Type(); !ty.IsObjectType() && !ty.IsMapType() {
				return cty.NilVal, function.NewArgErrorf(1, "must be an object: the variables of the template")
			}
			src, err := read(source.AsString())
			if err != nil {
				return cty.NilVal, function.NewArgError(0, err)
			}
			name := "template"
			if first == "path" {
				name = source.AsString()
			}
			v, err := render(src, name, &hcl.EvalContext{Variables: vars.AsValueMap(), Functions: funcs})
			if err != nil {
				return cty.NilVal, err
			}
			if v, err = convert.Convert(v, result); err != nil {
				return cty.NilVal, fmt.Errorf("the template gives no text: %w", err)
			}
			_, used := args[1].UnmarkDeep() // of the variables that it does not use, too, as Terraform does
			return v.WithMarks(marks, used), nil
		},
	})
}

func render(src []byte, name string, ctx *hcl.EvalContext) (cty.Value, error) {
	if len(src) > maxTemplate {
		return cty.NilVal, fmt.Errorf("%s is larger than %d KB, which is the most that a template may be", name, maxTemplate>>10)
	}
	expr, diags := hclsyntax.ParseTemplate(src, name, hcl.InitialPos)
	if diags.HasErrors() {
		return cty.NilVal, first(diags)
	}
	for _, t := range expr.Variables() {
		if _, ok := ctx.Variables[t.RootName()]; !ok {
			rng := t.SourceRange()
			return cty.NilVal, fmt.Errorf("%s:%d: the template uses %q, which is not among its variables", name, rng.Start.Line, t.RootName())
		}
	}
	budget.Watch(expr, src)
	v, diags := budget.Alone(expr, ctx)
	if diags.HasErrors() {
		return cty.NilVal, first(diags)
	}
	return v, nil
}

// first turns the first diagnostic into an error: a function returns no more.
func first(diags hcl.Diagnostics) error {
	d := diags[0]
	if IsPanic(d.Detail) {
		return errors.New("a function in it cannot work with what it is given")
	}
	if d.Subject == nil {
		return errors.New(d.Summary + ": " + d.Detail)
	}
	return fmt.Errorf("%s:%d: %s: %s", d.Subject.Filename, d.Subject.Start.Line, d.Summary, d.Detail)
}

// IsPanic reports whether a message is that of a library which came upon values
// that it had not thought of: a trace of calls, which helps nobody.
func IsPanic(message string) bool {
	return strings.Contains(message, "panic in function implementation")
}
