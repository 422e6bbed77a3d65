package lsp

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/lang"
	"kiraform/schema"
)

// rootDocs are the meanings of the words that references begin with, beside those of blocks
// and kinds.
var rootDocs = map[string]string{
	"each": "The instance of a block with `for_each`: `each.key` is its key, `each.value` the value there.", "count": "`count.index` is the number of the instance of a block with `count`, from 0.",
	"self": "The object that the condition is about.", "path": "Folders: `path.module`, `path.root` and `path.cwd`.",
	"kiraform": "`kiraform.workspace` is the name of the selected workspace.", "terraform": "`terraform.workspace` is the name of the selected workspace.",
	"local": "A local value: `local.NAME`, from a `locals` block.", "var": "A variable: `var.NAME`, from a `variable` block.",
	"module": "A called module: `module.NAME.OUTPUT`.", "data": "A data source: `data.KIND.NAME`.", "action": "An action: `action.KIND.NAME`.",
	"each.key": "The key of this instance in `for_each`.", "each.value": "The value of this instance in `for_each`; of a set it is the key.", "count.index": "The number of this instance, from 0.",
	"path.module": "The folder of this module.", "path.root": "The folder of the root module.", "path.cwd": "The folder in which the command was started.",
	"after_create":       "Once an apply has created the object.",
	"kiraform.workspace": "The name of the selected workspace.", "terraform.workspace": "The name of the selected workspace.",
}

// ownRootDocs are those of files of tests and of policies.
var ownRootDocs = map[string]string{
	"run": "An earlier run of this file: `run.NAME.OUTPUT` is an output that it had.", "output": "An output of the run: `output.NAME`.", "plan": "The plan.", "apply": "The counts of the apply.",
	"diagnostics": "The warnings and errors of the run.", "change": "The change that the policy judges.",
}

// typeDocs are the words of types.
var typeDocs = map[string]string{
	"string": "A text.", "number": "A number.", "bool": "true or false.", "any": "A value of any type.", "list": "Values of one type, in order.", "set": "Different values of one type.",
	"map": "Values of one type, by keys.", "object": "Attributes, each of a type of its own.", "tuple": "Values in order, each of a type of its own.", "optional": "An attribute that need not be written, and its default.",
}

// partHover is about the part of an expression under the cursor.
func (s *server) partHover(ix *index, file string, body *hclsyntax.Body, offset int) any {
	text := ix.texts[file]
	show := func(title, words string, r hcl.Range) any {
		return hover{markup{"markdown", "**" + title + "**\n\n" + words}, spanOfRange(text, r)}
	}
	under := func(r hcl.Range) bool { return r.Start.Byte <= offset && offset <= r.End.Byte }
	typed := false // within the type of a variable
	var found any
	_ = hclsyntax.VisitAll(body, func(n hclsyntax.Node) hcl.Diagnostics {
		switch n := n.(type) {
		case *hclsyntax.Attribute:
			typed = n.Name == "type"
		case *hclsyntax.FunctionCallExpr:
			if found != nil || !under(n.NameRange) {
				return nil
			}
			if f, ok := lang.Closed(lang.Moment{})[n.Name]; ok {
				found = show(n.Name, functionDoc(n.Name, f), n.NameRange)
			} else if doc := typeDocs[n.Name]; typed && doc != "" {
				found = show(n.Name, doc, n.NameRange)
			}
		case *hclsyntax.ScopeTraversalExpr:
			if r := n.SrcRange; found == nil && typed && len(n.Traversal) == 1 && under(r) && typeDocs[n.Traversal.RootName()] != "" {
				found = show(n.Traversal.RootName(), typeDocs[n.Traversal.RootName()], r)
			}
		}
		return nil
	})
	for _, l := range loopsIn(body) {
		for _, t := range relevant(body, offset) {
			if found == nil && l.binds(t.RootName(), t[0].SourceRange().Start.Byte) && under(t[0].SourceRange()) {
				found = show(t.RootName(), fmt.Sprintf("The element of the loop in line %d.", l.in.Start.Line), t[0].SourceRange())
			}
		}
	}
	if found != nil {
		return found
	}
	for _, t := range traversalsIn(body) {
		for i := len(t) - 1; i >= 0; i-- {
			if r := wordOf(t[i]); under(r) {
				if title, words := stepDoc(t, i, file); words != "" {
					return show(title, words, r)
				}
				return nil
			}
		}
	}
	return nil
}

// relevant are the references of a body at a byte, those to elements of loops too.
func relevant(body *hclsyntax.Body, offset int) (all []hcl.Traversal) {
	_ = hclsyntax.VisitAll(body, func(n hclsyntax.Node) hcl.Diagnostics {
		if e, ok := n.(*hclsyntax.ScopeTraversalExpr); ok && e.SrcRange.Start.Byte <= offset && offset <= e.SrcRange.End.Byte {
			all = append(all, e.Traversal)
		}
		return nil
	})
	return all
}

// wordOf is the place of the word of a step, without the dot before it.
func wordOf(step hcl.Traverser) hcl.Range {
	r := step.SourceRange()
	if a, ok := step.(hcl.TraverseAttr); ok {
		r.Start.Byte = max(r.Start.Byte, r.End.Byte-len(a.Name))
	}
	return r
}

// stepDoc says the meaning of a step of a reference, unless it is the name of something
// that is declared.
func stepDoc(t hcl.Traversal, i int, file string) (title, words string) {
	root := t.RootName()
	if i == 0 {
		own := map[string]string{}
		if ownWords(file) != nil {
			own = ownRootDocs
		}
		if k := kindsOf("resource")[root]; k != nil {
			return root, strings.Join(strings.Fields(k.Doc), " ")
		}
		return root, firstOf(own[root], rootDocs[root])
	}
	a, ok := t[i].(hcl.TraverseAttr)
	if !ok {
		return "", ""
	}
	if doc := rootDocs[root+"."+a.Name]; doc != "" && i == 1 {
		return root + "." + a.Name, doc
	}
	parts := 2
	if root == "data" || root == "action" {
		parts = 3
		if k := kindsOf(root)[a.Name]; i == 1 && k != nil {
			return a.Name, strings.Join(strings.Fields(k.Doc), " ")
		}
	}
	if i < parts || config.Reserved(root) {
		return "", ""
	}
	kind, ok := t[parts-2].(hcl.TraverseAttr)
	k := kindsOf("resource")[root]
	if ok && parts == 3 {
		k = kindsOf(root)[kind.Name]
	}
	if k == nil {
		return "", ""
	}
	return memberDoc(k, t[parts:i+1])
}

// memberDoc is about the attribute of a kind that steps lead to.
func memberDoc(k *schema.Kind, steps hcl.Traversal) (title, words string) {
	attrs, in := k.Attrs, k.Name
	for n, step := range steps {
		a, ok := step.(hcl.TraverseAttr)
		if !ok {
			continue
		}
		i := slices.IndexFunc(attrs, func(s schema.Attr) bool { return s.Name == a.Name })
		switch {
		case i < 0 && attrs == nil: // of a map, or of something that has several forms
			return "", ""
		case i < 0:
			var names []string
			for _, s := range attrs {
				names = append(names, s.Name)
			}
			return a.Name, fmt.Sprintf("`%s` has no attribute `%s`.%s", in, a.Name, diag.DidYouMean(a.Name, names))
		case n == len(steps)-1:
			return a.Name, attrDoc(&attrs[i], "")
		}
		attrs, in = attrs[i].Nested, in+"."+a.Name
	}
	return "", ""
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// functionDoc is how a function is called, and what it returns.
func functionDoc(name string, f function.Function) string {
	var args []string
	for _, p := range f.Params() {
		args = append(args, p.Name+" "+friendly(p.Type))
	}
	if p := f.VarParam(); p != nil {
		args = append(args, p.Name+" "+friendly(p.Type)+"...")
	}
	words := fmt.Sprintf("`%s(%s)`\n", name, strings.Join(args, ", "))
	if d := f.Description(); d != "" {
		words += "\n" + strings.Join(strings.Fields(d), " ") + "\n"
	}
	return words
}

func friendly(t cty.Type) string {
	if t == cty.DynamicPseudoType {
		return "any"
	}
	return t.FriendlyName()
}
