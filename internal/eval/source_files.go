package eval

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/budget"
)

// deepest bounds the names that are followed for the path of a file.
const deepest = 32

// files adds the content of every file that e reads, as a digest: a value that is
// made of it and is not known yet is another one if the file is.
func (f *follower) files(m *module, e hclsyntax.Expression) {
	_ = hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		call, is := n.(*hclsyntax.FunctionCallExpr)
		if !is {
			return nil
		}
		name := strings.TrimPrefix(call.Name, "core::")
		if name != "templatefile" && !strings.HasPrefix(name, "file") || len(call.Args) == 0 {
			return nil
		}
		path := f.known(m, call.Args[0], 0)
		if path == cty.NilVal || path.Type() != cty.String {
			return nil // what is read is not known either
		}
		switch name {
		case "fileset", "fileexists":
			f.found(m, call, path.AsString())
		default:
			f.read(m, path.AsString(), name == "templatefile")
		}
		return nil
	})
}

// found adds the result of a look for files.
func (f *follower) found(m *module, call *hclsyntax.FunctionCallExpr, path string) {
	if v := f.known(m, call, 0); v != cty.NilVal {
		sum := sha256.Sum256([]byte(v.GoString()))
		f.source.Files[call.Name+" "+path] = hex.EncodeToString(sum[:])
	}
}

// read adds a file and, if that is a template, those that it reads itself.
func (f *follower) read(m *module, path string, template bool) {
	if _, done := f.source.Files[path]; done {
		return
	}
	sum, err := f.call("filesha256", path)
	if err != nil {
		return // reported
	}
	f.source.Files[path] = sum
	if !template {
		return
	}
	src, err := f.call("file", path)
	if err != nil {
		return
	}
	if e, diags := hclsyntax.ParseTemplate([]byte(src), path, hcl.InitialPos); !diags.HasErrors() {
		f.files(m, e)
	}
}

func (f *follower) call(name, path string) (string, error) {
	v, err := f.p.options.Functions[name].Call([]cty.Value{cty.StringVal(path)})
	if err != nil {
		return "", err
	}
	v, _ = v.Unmark()
	return v.AsString(), nil
}

// known is the value of an expression as far as the configuration alone decides it,
// without marks; or [cty.NilVal].
func (f *follower) known(m *module, e hclsyntax.Expression, depth int) cty.Value {
	if e == nil || depth > deepest {
		return cty.NilVal
	}
	locals, inputs := make(map[string]cty.Value), make(map[string]cty.Value)
	for _, t := range e.Variables() {
		name, named := second(t)
		switch root := t.RootName(); {
		case root == "local" && named && m.locals[name] != nil:
			if v := f.known(m, m.locals[name].expr, depth+1); v != cty.NilVal {
				locals[name] = v
			}
		case root == "var" && named && m.parent != nil && m.inputs[name] != nil:
			if v := f.given(m, m.inputs[name], depth+1); v != cty.NilVal {
				inputs[name] = v
			}
		}
	}
	vars := map[string]cty.Value{"path": m.paths, "kiraform": f.p.itself, "local": cty.ObjectVal(locals), "var": cty.ObjectVal(inputs)}
	if m.parent == nil {
		vars["var"] = m.vars
	}
	if n, is := f.at.Key.Int(); is {
		vars["count"] = cty.ObjectVal(map[string]cty.Value{"index": cty.NumberIntVal(int64(n))})
	}
	if key, is := f.at.Key.Text(); is {
		vars["each"] = f.each(m, key, depth)
	}
	v, diags := budget.Alone(e, &hcl.EvalContext{Variables: vars, Functions: f.p.options.Functions})
	if diags.HasErrors() || !v.IsWhollyKnown() {
		return cty.NilVal
	}
	v, _ = v.UnmarkDeep()
	return v
}

// given is the value that a module is called with.
func (f *follower) given(m *module, n *named, depth int) cty.Value {
	switch {
	case n.expr != nil:
		return f.known(m.parent, n.expr, depth)
	case n.variable.Default != nil:
		return f.known(m, n.variable.Default.Expr, depth)
	}
	return cty.NilVal
}

// each is the object called each in the instance with a key.
func (f *follower) each(m *module, key string, depth int) cty.Value {
	each := map[string]cty.Value{"key": cty.StringVal(key)}
	if b := f.p.blocks[f.at.Block()]; f.at != (addr.Resource{}) && b != nil && b.in == m && depth < deepest {
		at := f.at
		f.at = addr.Resource{} // a for_each has no each
		v := f.known(m, b.decl.ForEach, depth+1)
		f.at = at
		switch {
		case v == cty.NilVal || v.IsNull():
		case v.Type().IsSetType():
			each["value"] = cty.StringVal(key)
		default:
			if e, ok := v.AsValueMap()[key]; ok {
				each["value"] = e
			}
		}
	}
	return cty.ObjectVal(each)
}
