package config_test

import (
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/config"
)

// FuzzLoad holds Load to its promise: it never panics, whatever a file holds,
// and a file that it cannot read whole is an error.
func FuzzLoad(f *testing.F) {
	for _, src := range []string{
		"resource \"kira_user\" \"maria\" {\n  email = \"maria@acme.example\"\n  count = 2\n}\n",
		"kiraform {\n  required_version = \">= 0.1\"\n  max_changes = 3\n  encryption {\n    recipients = [\"age1\"]\n  }\n}\n",
		"provider \"kira\" {\n  environment = \"sandbox\"\n  credentials_command = [\"pass\"]\n}\n",
		"variable \"x\" {\n  type = object({ a = optional(string, \"b\") })\n  sensitive = true\n}\noutput \"y\" {\n  value = \"${var.x.a}%{ if true }!%{ endif }\"\n}\n",
		`{"resource": {"kira_user": {"maria": {"email": "${var.x}", "tags": [1, null, {"a": true}]}}}}`,
		"moved {\n  from = kira_user.a[0]\n  to   = module.m[\"x\"].data.kira_user.b\n}\n", `{"moved": [{"from": "kira_user.a.0", "to": "a.b.c"}, 1]}`,
		"locals {\n  a = <<-EOT\n    ${[for x in [1]: x]...}\n  EOT\n}\n", "", "\xff\"${", `{"locals": {"a": "${"}}`,
	} {
		f.Add(src, false)
		f.Add(src, true)
	}
	f.Fuzz(func(t *testing.T, src string, isJSON bool) {
		name, vars := "main"+config.NativeSuffix, "a.auto.kiravars.hcl"
		if isJSON {
			name, vars = "main"+config.JSONSuffix, "a.auto.kiravars.json"
		}
		files := fstest.MapFS{name: {Data: []byte(src)}, vars: {Data: []byte(src)}}
		m, diags := config.Load(files)
		if m == nil || m.Broken && !diags.HasErrors() {
			t.Fatalf("Load = %v, %v", m, diags)
		}
		config.Values(m, map[string]string{config.EnvPrefix + "x": src}, files, []config.VarArg{{Name: "x", Value: src}})
		m.CheckVersion("0.1.0")
	})
}

// FuzzVariables holds the readers of variable files to theirs: they never panic, and one
// in HCL has the values and places that the parser finds.
func FuzzVariables(f *testing.F) {
	for _, src := range []string{
		"v = [ { c = \"x\" , d = 12345678901234567890 }, 1.5, /* x */ \"\\u00e9\" ] # end", "v = { a = 1\n \"e\u0301\" : null }\nw = -0.5", "v = \"$\u0301\"", "v = 012\r\n",
		`{ "v": 1.5, "w": [ { "c": "x" }, null, 12345678901234567890 ] }`, `{ "v": 1, "b": `, "{\"v\":\n\n ", `{"v": "\ud83d\ude00"}`, `{"v": {"a": 1, "a": 2}}`,
	} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		inTwoWays(t, src)
		in, _ := given(t, src)
		if in.Numbers == nil {
			return
		}
		v := in.Numbers(func(number string, rng hcl.Range) any {
			if src[rng.Start.Byte:rng.End.Byte] != number {
				t.Fatalf("%s is not at %v of %q", number, rng, src)
			}
			return rng.Start.Line
		})
		if bare, _ := v.UnmarkDeep(); !bare.RawEquals(in.Value) {
			t.Fatalf("%q with marked numbers is %#v", src, v)
		}
	})
}
