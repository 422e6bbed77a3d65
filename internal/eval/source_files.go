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

// reader finds the files that expressions read.
type reader struct {
	in    *Sources
	at    addr.Resource // the instance whose attribute it is; the zero address for an output
	found map[string]string
	keyed bool // a path was made of each or count
}

// files returns the files that expressions read in the instance at, and whether
// another instance may read others.
func (s *Sources) files(at addr.Resource, all []followed) (found map[string]string, keyed bool) {
	r := &reader{in: s, at: at, found: make(map[string]string)}
	for _, one := range all {
		r.files(one.in, one.e)
	}
	return r.found, r.keyed
}

// files adds the content of every file that e reads, as a digest: a value that is
// made of it and is not known yet is another one if the file is.
func (r *reader) files(m *module, e hclsyntax.Expression) {
	_ = hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		call, is := n.(*hclsyntax.FunctionCallExpr)
		if !is {
			return nil
		}
		name := strings.TrimPrefix(call.Name, "core::")
		if name != "templatefile" && !strings.HasPrefix(name, "file") || len(call.Args) == 0 {
			return nil
		}
		path := r.known(m, call.Args[0], 0)
		if path == cty.NilVal || path.Type() != cty.String {
			return nil // what is read is not known either
		}
		switch name {
		case "fileset", "fileexists":
			r.look(m, call, path.AsString())
		default:
			r.read(m, path.AsString(), name == "templatefile")
		}
		return nil
	})
}

// look adds the result of a look for files.
func (r *reader) look(m *module, call *hclsyntax.FunctionCallExpr, path string) {
	if v := r.known(m, call, 0); v != cty.NilVal {
		sum := sha256.Sum256([]byte(v.GoString()))
		r.found[call.Name+" "+path] = hex.EncodeToString(sum[:])
	}
}

// read adds a file and, if that is a template, those that it reads itself.
func (r *reader) read(m *module, path string, template bool) {
	if _, done := r.found[path]; done {
		return
	}
	sum, err := r.sum(path)
	if err != nil {
		return // reported
	}
	r.found[path] = sum
	if !template {
		return
	}
	src, err := r.call("file", path)
	if err != nil {
		return
	}
	if e, diags := hclsyntax.ParseTemplate([]byte(src), path, hcl.InitialPos); !diags.HasErrors() {
		r.files(m, e)
	}
}

func (r *reader) sum(path string) (sum string, err error) {
	if sum, done := r.in.sums[path]; done {
		return sum, nil
	}
	if sum, err = r.call("filesha256", path); err == nil {
		r.in.sums[path] = sum
	}
	return sum, err
}

func (r *reader) call(name, path string) (string, error) {
	v, err := r.in.p.options.Functions[name].Call([]cty.Value{cty.StringVal(path)})
	if err != nil {
		return "", err
	}
	v, _ = v.Unmark()
	return v.AsString(), nil
}

// known is the value of an expression as far as the configuration alone decides it,
// without marks; or [cty.NilVal].
func (r *reader) known(m *module, e hclsyntax.Expression, depth int) cty.Value {
	if e == nil || depth > deepest {
		return cty.NilVal
	}
	locals, inputs := make(map[string]cty.Value), make(map[string]cty.Value)
	for _, t := range e.Variables() {
		name, named := second(t)
		switch root := t.RootName(); {
		case root == "each" || root == "count":
			r.keyed = true
		case root == "local" && named && m.locals[name] != nil:
			if v := r.once(m, m.locals[name].expr, depth+1); v != cty.NilVal {
				locals[name] = v
			}
		case root == "var" && named && m.parent != nil && m.inputs[name] != nil:
			if v := r.given(m, m.inputs[name], depth+1); v != cty.NilVal {
				inputs[name] = v
			}
		}
	}
	vars := map[string]cty.Value{"path": m.paths, "kiraform": r.in.p.itself, "local": cty.ObjectVal(locals), "var": cty.ObjectVal(inputs)}
	if m.parent == nil {
		vars["var"] = m.vars
	}
	if n, is := r.at.Key.Int(); is {
		vars["count"] = cty.ObjectVal(map[string]cty.Value{"index": cty.NumberIntVal(int64(n))})
	}
	if key, is := r.at.Key.Text(); is {
		vars["each"] = r.each(m, key, depth)
	}
	v, diags := budget.Alone(e, &hcl.EvalContext{Variables: vars, Functions: r.in.p.options.Functions})
	if diags.HasErrors() || !v.IsWhollyKnown() {
		return cty.NilVal
	}
	v, _ = v.UnmarkDeep()
	return v
}

// once is like known, and keeps a value that no instance has for itself.
func (r *reader) once(m *module, e hclsyntax.Expression, depth int) cty.Value {
	if v, done := r.in.kept[followed{m, e}]; done {
		return v
	}
	keyed := r.keyed
	r.keyed = false
	v := r.known(m, e, depth)
	if !r.keyed {
		r.in.kept[followed{m, e}] = v
	}
	r.keyed = r.keyed || keyed
	return v
}

// given is the value that a module is called with.
func (r *reader) given(m *module, n *named, depth int) cty.Value {
	switch {
	case n.expr != nil:
		return r.known(m.parent, n.expr, depth)
	case n.variable.Default != nil:
		return r.known(m, n.variable.Default.Expr, depth)
	}
	return cty.NilVal
}

// each is the object called each in the instance with a key.
func (r *reader) each(m *module, key string, depth int) cty.Value {
	each := map[string]cty.Value{"key": cty.StringVal(key)}
	if b := r.in.p.blocks[r.at.Block()]; r.at != (addr.Resource{}) && b != nil && b.in == m && depth < deepest {
		at := r.at
		r.at = addr.Resource{} // a for_each has no each
		v := r.once(m, b.decl.ForEach, depth+1)
		r.at = at
		switch {
		case v == cty.NilVal || v.IsNull():
		case v.Type().IsSetType():
			each["value"] = cty.StringVal(key)
		case v.Type().IsObjectType() && v.Type().HasAttribute(key):
			each["value"] = v.GetAttr(key)
		case v.Type().IsMapType() && v.HasIndex(cty.StringVal(key)).True():
			each["value"] = v.Index(cty.StringVal(key))
		}
	}
	return cty.ObjectVal(each)
}
