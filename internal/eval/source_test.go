package eval_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"kiraform/internal/addr"
	"kiraform/internal/eval"
)

// sourcesOf compiles src and returns its sources and the calls of file functions,
// which grow while sources are asked for.
func sourcesOf(t *testing.T, src string) (*eval.Sources, map[string]int) {
	t.Helper()
	calls := make(map[string]int)
	p, diags := compile(t, src, func(o *eval.Options) {
		for _, name := range []string{"lower", "filesha256", "file"} {
			f := o.Functions[name]
			o.Functions[name] = function.New(&function.Spec{Params: f.Params(), VarParam: f.VarParam(),
				Type: function.StaticReturnType(cty.String),
				Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { calls[name]++; return f.Call(args) }})
		}
	})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	r := eval.NewValues()
	clear(calls)
	return p.Sources(r), calls
}

func keyed(i int) addr.Resource {
	return addr.Resource{Kind: "kira_account", Name: "a", Key: addr.String(fmt.Sprint("k", i))}
}

// All instances of a block have one source, and each file is read once for all of
// them, whatever number of instances there is.
func TestInstancesShareTheirSource(t *testing.T) {
	const n = 50
	var src strings.Builder
	for i := range n {
		fmt.Fprintf(&src, "-- k%d.txt --\n%d\n", i, i%2)
	}
	src.WriteString("-- all.txt --\nall\n-- main.kira.hcl --\n" + `
variable "keys" { default = ["K0"] }
locals { all = { for k in var.keys : lower(k) => k } }
resource "kira_account" "a" {
  for_each = local.all
  user_id  = file("${lower("ALL")}.txt")
  label    = file("${each.key}.txt")
}
`)
	s, calls := sourcesOf(t, src.String())
	first, own := s.Attr(keyed(0), "user_id"), s.Attr(keyed(0), "label")
	if len(first.Own) != 0 || first.Files["all.txt"] == "" {
		t.Errorf("the file of all instances is in %v, and each has %v", first.Files, first.Own)
	}
	if len(own.Files) != 0 || own.Own["k0.txt"] == "" {
		t.Errorf("the file of one instance is in %v, and all have %v", own.Own, own.Files)
	}
	for i := range n {
		if is := s.Attr(keyed(i), "user_id"); is.Written != first.Written || is.Own != nil {
			t.Fatalf("instance %d has a source of its own, and the files %v", i, is.Own)
		}
		is, file := s.Attr(keyed(i), "label"), fmt.Sprintf("k%d.txt", i)
		if is.Written != own.Written || len(is.Own) != 1 || is.Own[file] == "" {
			t.Fatalf("instance %d has the files %v", i, is.Own)
		}
		if same := is.Own[file] == own.Own["k0.txt"]; same != (i%2 == 0) {
			t.Errorf("the file of instance %d is that of the first: %v", i, same)
		}
	}
	if calls["filesha256"] != n+1 || calls["lower"] != 2 {
		t.Errorf("%d digests of %d files were made, and lower was called %d times; want each once, and 2", calls["filesha256"], n+1, calls["lower"])
	}
}

// A path that is made of count.index is that of one instance, and one that a local value
// makes is that of all.
func TestACountMakesFilesOfItsOwn(t *testing.T) {
	s, _ := sourcesOf(t, `-- main.kira.hcl --
resource "kira_account" "a" {
  count   = 2
  user_id = file("${local.name}.txt")
  label   = file("${count.index}.txt")
}
locals { name = "n" }
-- n.txt --
n
-- 0.txt --
a
-- 1.txt --
b
`)
	for i := range 2 {
		a := addr.Resource{Kind: "kira_account", Name: "a", Key: addr.Int(i)}
		if is := s.Attr(a, "label"); len(is.Own) != 1 || is.Own[fmt.Sprintf("%d.txt", i)] == "" {
			t.Errorf("instance %d has the files %v", i, is.Own)
		}
		if is := s.Attr(a, "user_id"); is.Files["n.txt"] == "" {
			t.Errorf("instance %d has the files %v", i, is.Files)
		}
	}
}
