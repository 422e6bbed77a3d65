package config_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/config"
	"kiraform/internal/diag"
)

func folder(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, src := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(src)}
	}
	return fsys
}

func lines(diags hcl.Diagnostics) string {
	var b strings.Builder
	for _, d := range diag.Sort(diags) {
		if d.Subject != nil {
			b.WriteString(config.Place(*d.Subject) + " ")
		}
		b.WriteString(string(diag.CodeOf(d)) + "\n")
	}
	return b.String()
}

func TestLoad(t *testing.T) {
	m, diags := config.Load(folder(map[string]string{
		"b.kira.hcl": `
kiraform { required_version = ">= 0.1" }
variable "n" {
  type        = number
  default     = 3
  description = "How many."
  sensitive   = true
}
output "o" { value = var.n }
`,
		"a.kira.json": `{"resource": {"kira_user": {"u": {"email": "${var.n}", "count": 2, "lifecycle": {"ignore_changes": ["email"]}}}},
			"locals": {"x": [1, {"y": "z"}]}, "provider": {"kira": {"environment": "sandbox", "simulator": {"verify_after": "2s"}}}}`,
		".hidden.kira.hcl": `nonsense`,
		"notes.txt":        `nonsense`,
	}))
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	r := m.Resources[0]
	if r.Addr().String() != "kira_user.u" || r.Count == nil || len(r.Attrs) != 1 || len(r.Lifecycle.IgnoreChanges) != 1 {
		t.Errorf("resource = %+v", r)
	}
	if v := m.Variables[0]; v.Type != cty.Number || !v.Sensitive || v.Description != "How many." || !v.Nullable {
		t.Errorf("variable = %+v", v)
	}
	if m.Provider == nil || m.Provider.VerifyAfter == nil || m.Kiraform.RequiredVersion != ">= 0.1" || m.Outputs[0].Name != "o" {
		t.Errorf("module = %+v", m)
	}
	if got, _ := m.Locals[0].Expr.Value(nil); !got.Index(cty.NumberIntVal(1)).GetAttr("y").RawEquals(cty.StringVal("z")) {
		t.Errorf("local.x = %#v", got)
	}
}

func TestLoadReportsEverything(t *testing.T) {
	_, diags := config.Load(folder(map[string]string{
		"a.kira.hcl": `resource "kira_user" "one" {
  identifying_information {
    type = "passport"
  }
  lifecycle { prevent_destry = true }
}
resorce "kira_user" "two" {}
module "x" {}
provider "aws" {}
variable "a" { tpye = string }
variable "b" { type = sting }
variable "a" {}
resource "kira_user" "9nine" {
  count    = 1
  for_each = {}
}
output "o" {}
kiraform { required_version = "newest" }
`,
		"b.kira.hcl": `resource "kira_user" "one" {
  depends_on = "kira_user.two"
`,
		"c.kira.json": `{"resource": {"kira_user": {"j": {"email": "${"}}}}`,
	}))
	want := `a.kira.hcl:2,3 block-for-attribute
a.kira.hcl:5,15 invalid-block
a.kira.hcl:7,1 invalid-block
a.kira.hcl:8,12 invalid-block
a.kira.hcl:9,10 unknown-provider
a.kira.hcl:10,16 invalid-block
a.kira.hcl:11,23 invalid-type
a.kira.hcl:12,1 duplicate-name
a.kira.hcl:13,22 invalid-name
a.kira.hcl:15,3 count-and-for-each
a.kira.hcl:17,12 invalid-block
a.kira.hcl:18,31 invalid-version
b.kira.hcl:1,1 duplicate-name
b.kira.hcl:1,28 syntax
b.kira.hcl:2,16 invalid-reference
c.kira.json:1,47 syntax
`
	if got := lines(diags); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestDuplicateNamesBothPlaces(t *testing.T) {
	_, diags := config.Load(folder(map[string]string{
		"a.kira.hcl": `locals { x = 1 }`,
		"b.kira.hcl": "\nlocals { x = 2 }",
	}))
	if len(diags) != 1 || config.Place(*diags[0].Subject) != "b.kira.hcl:2,10" || !strings.Contains(diags[0].Detail, "a.kira.hcl:1,10") {
		t.Errorf("got %v", diags)
	}
}

func TestEmptyFolder(t *testing.T) {
	m, diags := config.Load(folder(map[string]string{"main.tf": ""}))
	if m == nil || len(diags) != 1 || diags[0].Subject != nil || !strings.Contains(diags[0].Detail, ".kira.hcl") {
		t.Errorf("got %v", diags)
	}
}

func TestGuard(t *testing.T) {
	for name, src := range map[string]string{
		"too large":           "#" + strings.Repeat("x", 5<<20),
		"brackets":            "locals { x = " + strings.Repeat("[", 300) + strings.Repeat("]", 300) + " }",
		"blocks":              strings.Repeat("a {\n", 300),
		"operators":           "locals { x = " + strings.Repeat("!", 100_000) + "true }",
		"a chain of indexes":  "locals { x = a" + strings.Repeat("[b]", 5_000) + " }",
		"a sum":               "locals { x = 1" + strings.Repeat("+1", 5_000) + " }",
		"templates":           `locals { x = ` + strings.Repeat(`"${`, 300) + `1` + strings.Repeat(`}"`, 300) + ` }`,
		"template directives": `locals { x = "` + strings.Repeat(`%{if true}`, 5_000) + `" }`,
	} {
		_, diags := config.Load(folder(map[string]string{"main.kira.hcl": src}))
		if got := lines(diags); !strings.HasSuffix(got, "nested-too-deeply\n") && !strings.HasSuffix(got, "file-too-large\n") {
			t.Errorf("%s: got %s", name, got)
		}
	}
	for name, src := range map[string]string{
		"brackets":              `{"locals": {"x": ` + strings.Repeat("[", 300) + strings.Repeat("]", 300) + `}}`,
		"a string":              `{"locals": {"x": "${` + strings.Repeat("!", 100_000) + `true}"}}`,
		"a type":                `{"variable": {"x": {"type": "` + strings.Repeat("list(", 5_000) + `"}}}`,
		"a type in a list":      `{"a": [{"type": 1}], "variable": [{"x": [{"default": {"type": ""}, "type": "` + strings.Repeat("list(", 5_000) + `"}]}]}`,
		"the type of an output": `{"output": {"x": {"type": "` + strings.Repeat("list(", 5_000) + `"}}}`,
		"a key":                 `{"locals": {"x": {"${` + strings.Repeat("!", 100_000) + `true}": 1}}}`,
		"after cut":             `{,` + strings.Repeat("[", 100_000),
	} {
		_, diags := config.Load(folder(map[string]string{"main.kira.json": src}))
		if got := lines(diags); !strings.Contains(got, "nested-too-deeply\n") && !strings.Contains(got, "syntax\n") {
			t.Errorf("%s in JSON: got %s", name, got)
		}
	}
}

// A variable file may come from a program, and be larger than one that people
// write.
func TestALargeVariableFileIsRead(t *testing.T) {
	large := strings.Repeat("x", 5<<20)
	m, diags := config.Load(folder(map[string]string{"main.kira.hcl": `variable "x" {}`}))
	for name, src := range map[string]string{"a.auto.kiravars.json": `{"x": "` + large + `"}`, "a.auto.kiravars.hcl": `x = "` + large + `"`} {
		values, d := config.Values(m, nil, folder(map[string]string{name: src}), nil)
		if diags = append(diags, d...); diags.HasErrors() || values["x"].Value.AsString() != large {
			t.Errorf("%s: got %s", name, lines(diags))
		}
	}
	_, diags = config.Values(m, nil, folder(map[string]string{"a.auto.kiravars.json": "{" + strings.Repeat(" ", 100<<20) + "}"}), nil)
	if got := lines(diags); !strings.HasSuffix(got, "file-too-large\n") {
		t.Errorf("more than 100 MiB: got %s", got)
	}
	_, diags = config.Values(m, nil, folder(map[string]string{"a.auto.kiravars.json": `{"x": ` + strings.Repeat("[", 300) + strings.Repeat("]", 300) + `}`}), nil)
	if got := lines(diags); !strings.HasSuffix(got, "nested-too-deeply\n") {
		t.Errorf("nested: got %s", got)
	}
}

// A file that people write is never refused by the guard.
func TestGuardLetsPeoplePass(t *testing.T) {
	long := "locals {\n" + strings.Repeat("  x = a[0] + b[1] * (c - d)\n", 2_000) + "}\n"
	list := "locals { x = [\n" + strings.Repeat("  { a = -1, b = !true },\n", 3_000) + "] }\n"
	heredoc := "locals {\n  x = <<EOT\n" + strings.Repeat("  ${a} and ${b}\n", 3_000) + "EOT\n}\n"
	for _, src := range []string{long, list, heredoc} {
		_, diags := config.Load(folder(map[string]string{"main.kira.hcl": src}))
		if strings.Contains(lines(diags), "nested") {
			t.Errorf("refused: %.60q", src)
		}
	}
}

// A text in JSON is no expression, however much of it would be operators and brackets in one.
func TestGuardLetsProsePass(t *testing.T) {
	for name, text := range map[string]string{
		"sentences": strings.Repeat("This is a sentence. ", 1500), "brackets": strings.Repeat("(", 300), "sums": strings.Repeat("ab+cd/", 1500), "stops": strings.Repeat("a.", 1500),
	} {
		for _, src := range []string{`{"locals": {"x": "` + text + `"}}`, `{"variable": {"x": {"type": "string", "description": "` + text + `"}}}`, `{"locals": {"variable": {"type": ["` + text + `"]}, "type": "` + text + `"}}`} {
			m, diags := config.Load(folder(map[string]string{"main.kira.json": src}))
			if len(diags) > 0 || m == nil {
				t.Errorf("%s: %.60s… got %s", name, src, lines(diags))
			}
		}
	}
}

func TestCheckVersion(t *testing.T) {
	m, diags := config.Load(folder(map[string]string{"main.kira.hcl": `kiraform { required_version = ">= 0.2, < 1.0" }`}))
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	for running, ok := range map[string]bool{"0.1.9": false, "0.2.0": true, "0.2.0-dev": true, "1.0.0": false} {
		if got := len(m.CheckVersion(running)) == 0; got != ok {
			t.Errorf("version %s fits: %v, want %v", running, got, ok)
		}
	}
}

// The order of precedence is Terraform's, each step checked against the next.
func TestPrecedence(t *testing.T) {
	fsys := folder(map[string]string{
		"main.kira.hcl":          `variable "v" { default = "default" }`,
		"kiraform.kiravars.hcl":  `v = "main"`,
		"kiraform.kiravars.json": `{"v": "main json"}`,
		"a.auto.kiravars.json":   `{"v": "a"}`,
		"b.auto.kiravars.hcl":    `v = "b"`,
		"named.kiravars.hcl":     `v = "named"`,
	})
	env := map[string]string{"KIRAFORM_VAR_v": "env", "KIRAFORM_VAR_other": "silent", "HOME": "/"}
	args := []config.VarArg{
		{File: "named.kiravars.hcl"},
		{Name: "v", Value: "arg"},
		{File: "../outside.kiravars.hcl", Src: []byte(`v = "outside"`)},
	}
	weaker := []string{"b.auto.kiravars.hcl", "a.auto.kiravars.json", "kiraform.kiravars.json", "kiraform.kiravars.hcl"}
	wants := []string{"outside", "arg", "named", "b", "a", "main json", "main", "env"}
	for _, want := range wants {
		m, _ := config.Load(fsys)
		got, diags := config.Values(m, env, fsys, args)
		if len(diags) > 0 || got["v"].Value.AsString() != want {
			t.Fatalf("v = %#v, want %q; %v", got["v"].Value, want, diags)
		}
		if len(args) > 0 {
			args = args[:len(args)-1]
		} else if len(weaker) > 0 {
			delete(fsys, weaker[0])
			weaker = weaker[1:]
		}
	}
}

func TestUndeclared(t *testing.T) {
	fsys := folder(map[string]string{
		"main.kira.hcl":         `variable "region" {}`,
		"kiraform.kiravars.hcl": `regoin = "x"`,
	})
	m, _ := config.Load(fsys)
	_, diags := config.Values(m, map[string]string{"KIRAFORM_VAR_regiom": "x"}, fsys, []config.VarArg{{Name: "nope", Value: "x"}})
	if len(diags) != 2 || diags[0].Severity != hcl.DiagWarning || diags[1].Severity != hcl.DiagError ||
		!strings.Contains(diags[0].Detail, `Did you mean "region"?`) {
		t.Errorf("got %v", diags)
	}
}

func TestVarText(t *testing.T) {
	fsys := folder(map[string]string{"main.kira.hcl": `
variable "s" { type = string }
variable "n" { type = number }
variable "l" { type = list(string) }
variable "any" {}
`})
	for _, tt := range []struct {
		name, value string
		want        cty.Value
		wrong       bool
	}{
		{name: "s", value: `["not", a list`, want: cty.StringVal(`["not", a list`)},
		{name: "n", value: "5", want: cty.StringVal("5")}, // converted later
		{name: "l", value: `["a"]`, want: cty.TupleVal([]cty.Value{cty.StringVal("a")})},
		{name: "l", value: `[a`, want: cty.DynamicVal, wrong: true},
		{name: "l", value: `[var.s]`, want: cty.DynamicVal, wrong: true},
		{name: "any", value: `{}`, want: cty.StringVal("{}")},
	} {
		m, _ := config.Load(fsys)
		got, diags := config.Values(m, nil, fsys, []config.VarArg{{Name: tt.name, Value: tt.value}})
		if !got[tt.name].Value.RawEquals(tt.want) || diags.HasErrors() != tt.wrong {
			t.Errorf("-var %s=%s is %#v, %v", tt.name, tt.value, got[tt.name].Value, diags)
		}
	}
}

func TestFilesAreKeptForSnippets(t *testing.T) {
	fsys := folder(map[string]string{
		"main.kira.hcl": `variable "v" {}`, "broken.kira.hcl": `x = [`, "x.auto.kiravars.hcl": `v = 1`,
	})
	m, _ := config.Load(fsys)
	config.Values(m, nil, fsys, nil)
	var names []string
	for name, f := range m.Files {
		if len(f.Bytes) > 0 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if got := strings.Join(names, " "); got != "broken.kira.hcl main.kira.hcl x.auto.kiravars.hcl" {
		t.Errorf("files = %s", got)
	}
	if !m.Broken {
		t.Error("a module with a file that cannot be parsed is broken")
	}
}
