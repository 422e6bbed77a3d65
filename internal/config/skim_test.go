package config_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"

	"kiraform/internal/config"
)

// names lists the blocks of a module and of those that it calls.
func names(m *config.Module, at string) (all []string) {
	if m == nil {
		return nil
	}
	for _, r := range m.Resources {
		all = append(all, at+r.Addr().String())
	}
	for _, v := range m.Variables {
		all = append(all, at+"variable."+v.Name)
	}
	for _, o := range m.Outputs {
		all = append(all, at+"output."+o.Name)
	}
	for _, c := range m.Calls {
		all = append(all, at+"module."+c.Name)
		all = append(all, names(c.Module, at+"module."+c.Name+".")...)
	}
	slices.Sort(all)
	return all
}

// In every example, Skim finds the blocks that Load does.
func TestSkimFindsTheBlocksOfLoad(t *testing.T) {
	folders, err := filepath.Glob(filepath.Join("..", "..", "examples", "*", "main.kira.hcl"))
	if err != nil || len(folders) < 5 {
		t.Fatal(len(folders), err)
	}
	for _, file := range folders {
		fsys := os.DirFS(filepath.Dir(file))
		m, _ := config.Load(fsys)
		for _, c := range m.Checks { // blocks inside of others are not at the top
			m.Resources = slices.DeleteFunc(m.Resources, func(r *config.Resource) bool { return r.Check == c.Name })
		}
		if got, want := names(config.Skim(fsys), ""), names(m, ""); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", file, got, want)
		}
	}
}

func TestSkimReadsWhatIsOdd(t *testing.T) {
	for _, tt := range []struct {
		name, file, src string
		want            []string
	}{
		{"braces in texts, comments and heredocs", "a.kira.hcl", `
			# resource "kira_user" "no" {
			resource "kira_user" "a" { x = "}${y("}")}\"}" } // }
			/* } resource "kira_user" "no" { */
			resource kira_user b {
				x = <<-EOT
				} " ${
				EOT
			}
			variable "v" {}
			`, []string{"kira_user.a", "kira_user.b", "variable.v"}},
		{"braces at the beginning of lines", "a.kira.hcl", "resource \"kira_user\" \"a\" {\nx = {\n}\ndata \"kira_user\" \"no\" {\n}\n}\nresource \"kira_user\" \"b\" {\n  x = <<E\n}\ndata \"kira_user\" \"no\" {\nE\n}\n" +
			"resource \"kira_user\" \"c\" {\n  # {\n/*\n}\ndata \"kira_user\" \"no\" {\n*/\n}\nvariable \"v\" {}\nvariable \"w\" {}\n", []string{"kira_user.a", "kira_user.b", "kira_user.c", "variable.v", "variable.w"}},
		{"a name that stands twice", "a.kira.hcl", "resource \"kira_user\" \"a\" {\n}\ndata \"kira_user\" \"a\" {\n}\nresource \"kira_user\" \"a\" {\n}\n", []string{"data.kira_user.a", "kira_user.a"}},
		{"a block that is being typed", "a.kira.hcl", "variable \"v\" {}\nresource \"kira_user\" \"a\" {\n  x = \"\n", []string{"kira_user.a", "variable.v"}},
		{"JSON", "a.kira.json", `{"resource": {"kira_user": {"a": {}, "b": []}}, "module": {"m": {"source": "./m"}}, "output": {"o": {}}}`,
			[]string{"kira_user.a", "kira_user.b", "module.m", "module.m.kira_user.in", "output.o"}},
		{"a module that calls itself", "a.kira.hcl", "module \"x\" {\n  source = \"./../.\"\n}\nmodule \"y\" {\n  source = \".\"\n}\n", []string{"module.x", "module.y"}},
	} {
		fsys := fstest.MapFS{tt.file: {Data: []byte(tt.src)}, "m/a.kira.hcl": {Data: []byte(`resource "kira_user" "in" {}`)}}
		if got := names(config.Skim(fsys), ""); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// Whatever a file holds, skimming it ends.
func FuzzSkim(f *testing.F) {
	f.Add("resource \"kira_user\" \"a\" {\n  x = \"${\"}\"}\"\n  y = <<E\n}\nE\n}\n")
	f.Add("module \"m\" {\n  source = \"./m\"\n}\n<<\"%{")
	f.Fuzz(func(t *testing.T, src string) {
		config.Skim(fstest.MapFS{"a.kira.hcl": {Data: []byte(src)}, "b.kira.json": {Data: []byte(src)}, "m/a.kira.hcl": {Data: []byte(src)}})
	})
}
