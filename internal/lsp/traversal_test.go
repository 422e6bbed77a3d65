package lsp

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// places are the uses of a name in a text, each as the line and the word there.
func places(t *testing.T, files fstest.MapFS, text, name string) (all []string) {
	s := (&folders{files: files}).server()
	s.set("file:///w/a.kira.hcl", text, 1)
	ix, _ := s.index("file:///w/a.kira.hcl")
	for _, u := range ix.uses {
		if u.text == name {
			all = append(all, fmt.Sprintf("%d %s", positionOf(ix.texts[u.file], u.from).Line, ix.texts[u.file][u.from:u.to]))
		}
	}
	return all
}

// A reference goes on behind an index that is worked out and behind a star, and the element
// of a loop is none.
func TestReferencesAreFoundWhole(t *testing.T) {
	module := fstest.MapFS{"m/a.kira.hcl": {Data: []byte("output \"out\" {\n  value = 1\n}\n")}}
	text := "module \"m\" {\n  source = \"./m\"\n}\nlocals {\n" + strings.Join([]string{
		"a = module.m.out", "b = module.m[\"k\"].out", "c = module.m[local.k].out", "d = module.m[*].out", "e = [for x in module.m : x.out]",
		"f = values(module.m)[*].out", "g = [for module in [1] : module.m]", "h = [for k in [module.m] : k]", "i = { for k, local in {} : k => local.j }", "j = [for local in local.k : 1]",
	}, "\n") + "\n}\n"
	if got := places(t, module, text, "output.out"); !slices.Equal(got, []string{"4 out", "5 out", "6 out", "7 out", "0 out"}) {
		t.Errorf("the output stands in %v", got)
	}
	if got := places(t, module, text, "module.m"); fmt.Sprint(got) != "[0 m 4 m 5 m 6 m 7 m 8 m 9 m 11 m]" {
		t.Errorf("the module stands in %v", got)
	}
	if got := places(t, module, text, "local.k"); fmt.Sprint(got) != "[6 k 13 k]" {
		t.Errorf("the local value stands in %v", got)
	}
	if got := places(t, module, text, "local.j"); fmt.Sprint(got) != "[13 j]" {
		t.Errorf("the element of a loop stands in %v", got)
	}
}
