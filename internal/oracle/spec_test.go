package oracle

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"kiraform/internal/config"
	"kiraform/internal/diag"
)

// specCases is how many cases the specification suite of HCL has.
const specCases = 15

// TestSpecification runs the specification suite of HCL, which the module of the
// library has with it, through the loader: the places of mistakes are those that
// the suite wants, and expressions, as local values, have its results.
func TestSpecification(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/hashicorp/hcl/v2").Output()
	if err != nil {
		t.Fatal(err)
	}
	suite := filepath.Join(strings.TrimSpace(string(dir)), "specsuite", "tests")
	ran := 0
	err = filepath.WalkDir(suite, func(path string, _ fs.DirEntry, err error) error {
		if name, ok := strings.CutSuffix(path, ".t"); ok && err == nil {
			ran++
			t.Run(strings.TrimPrefix(name, suite), func(t *testing.T) { specification(t, name) })
		}
		return err
	})
	if err != nil || ran != specCases {
		t.Errorf("%d cases, %v; want %d", ran, err, specCases)
	}
}

// specification runs one case: NAME.hcl against NAME.t.
func specification(t *testing.T, name string) {
	src, want := source(t, name+".hcl"), parsed(t, name+".t")
	m, diags := config.Load(fstest.MapFS{"main.kira.hcl": {Data: src}})
	var places []string
	for _, d := range diags {
		if diag.CodeOf(d) == "syntax" {
			places = append(places, place(*d.Subject))
		}
	}
	var wanted []string
	for _, b := range want.Blocks {
		if b.Type == "diagnostics" {
			for _, e := range b.Body.Blocks {
				wanted = append(wanted, place(hcl.Range{Start: position(t, e, "from"), End: position(t, e, "to")}))
			}
		}
	}
	if strings.HasSuffix(name, "attributes/unexpected") { // a mistake of its schema, which is none of ours: no argument stands outside of blocks
		for _, d := range diags {
			places = append(places, place(*d.Subject))
		}
		places = slices.DeleteFunc(places, func(s string) bool { return !slices.Contains(wanted, s) })
	}
	if !slices.Equal(places, wanted) {
		t.Errorf("mistakes at %v, want %v", places, wanted)
	}
	result, ok := want.Attributes["result"]
	ty, typed := want.Attributes["result_type"]
	if !ok || !typed {
		return
	}
	want1, _ := result.Expr.Value(nil)
	constraint, diags := typeexpr.TypeConstraint(ty.Expr)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	got := values(t, src, m.Files["main.kira.hcl"].Body.(*hclsyntax.Body), variables(t, name+".hcldec"))
	if inner, ok := got.AsValueMap()["a"]; ok && inner.Type().IsObjectType() { // the schema wants the block alone
		got = inner
	}
	for _, v := range []*cty.Value{&got, &want1} {
		out, err := convert.Convert(*v, constraint)
		if err != nil {
			t.Fatalf("%#v: %v", *v, err)
		}
		*v = out
	}
	if !got.RawEquals(want1) {
		t.Errorf("got  %#v\nwant %#v", got, want1)
	}
}

// values evaluates the arguments of a body, each as a local value, and returns
// them as an object; labelled blocks are objects by their label.
func values(t *testing.T, src []byte, body *hclsyntax.Body, vars map[string]string) cty.Value {
	all := make(map[string]cty.Value)
	for name, a := range body.Attributes {
		rng := a.Expr.Range()
		all[name] = value(t, string(src[rng.Start.Byte:rng.End.Byte]), vars)
	}
	for _, b := range body.Blocks {
		inner := values(t, src, b.Body, vars)
		for _, label := range b.Labels {
			of := map[string]cty.Value{label: inner}
			if have, ok := all[b.Type]; ok {
				maps.Copy(of, have.AsValueMap())
			}
			inner = cty.ObjectVal(of)
		}
		all[b.Type] = inner
	}
	return cty.ObjectVal(all)
}

func value(t *testing.T, src string, vars map[string]string) cty.Value {
	t.Helper()
	var world strings.Builder
	world.WriteString("locals {\n")
	for name, expr := range vars {
		src = strings.ReplaceAll(src, "${"+name+"}", "${local."+name+"}")
		world.WriteString(name + " = " + expr + "\n")
	}
	w := read(fstest.MapFS{"main.kira.hcl": {Data: []byte(world.String() + "}\nlocals {\n  drawn = " + src + "\n}\n")}})
	if wrong := diag.FirstError(w.diags); wrong != nil {
		t.Fatalf("%s: %s", src, wrong.Summary)
	}
	e, _ := hclsyntax.ParseExpression([]byte("local.drawn"), "", hcl.InitialPos)
	v, diags := w.program.Expression(e, w.plan.Known)
	if diags.HasErrors() {
		t.Fatalf("%s: %s", src, diags)
	}
	return v
}

// variables returns the variables that a schema of the suite has, as written.
func variables(t *testing.T, path string) map[string]string {
	src, all := source(t, path), make(map[string]string)
	for _, b := range parsed(t, path).Blocks {
		if b.Type == "variables" {
			for name, a := range b.Body.Attributes {
				rng := a.Expr.Range()
				all[name] = string(src[rng.Start.Byte:rng.End.Byte])
			}
		}
	}
	return all
}

func source(t *testing.T, path string) []byte {
	t.Helper()
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func parsed(t *testing.T, path string) *hclsyntax.Body {
	t.Helper()
	f, diags := hclsyntax.ParseConfig(source(t, path), path, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return f.Body.(*hclsyntax.Body)
}

// position reads the block "from" or "to" of a diagnostic of the suite.
func position(t *testing.T, e *hclsyntax.Block, which string) (at hcl.Pos) {
	t.Helper()
	for _, b := range e.Body.Blocks {
		if b.Type != which {
			continue
		}
		for name, into := range map[string]*int{"line": &at.Line, "column": &at.Column, "byte": &at.Byte} {
			n, diags := b.Body.Attributes[name].Expr.Value(nil)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			i, _ := n.AsBigFloat().Int64()
			*into = int(i)
		}
	}
	return at
}

func place(r hcl.Range) string {
	return fmt.Sprintf("%d,%d(%d)-%d,%d(%d)", r.Start.Line, r.Start.Column, r.Start.Byte, r.End.Line, r.End.Column, r.End.Byte)
}
