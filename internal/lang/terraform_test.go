package lang_test

import (
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/lang"
)

// TestTerraform holds the answers of Terraform 1.11.4 to the same expressions;
// "" means that it refuses.
func TestTerraform(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{`cidrhost("10.12.112.0/20", 16)`, `"10.12.112.16"`},
		{`cidrhost("10.12.112.0/20", 268)`, `"10.12.113.12"`},
		{`cidrhost("fd00:fd12:3456:7890:00a2::/72", 34)`, `"fd00:fd12:3456:7890::22"`},
		{`cidrhost("10.1.2.0/24", -1)`, `"10.1.2.255"`},
		{`cidrhost("10.1.2.0/24", 256)`, ""},
		{`cidrhost("10.1.2.0/24", -257)`, ""},
		{`cidrhost("10.1.2.3", 1)`, ""},
		{`cidrhost("10.1.2.240/28", 1.5)`, ""},
		{`cidrhost("10.0.0.0/8", null)`, ""},
		{`cidrnetmask("172.16.0.0/12")`, `"255.240.0.0"`},
		{`cidrnetmask("1::/12")`, ""},
		{`cidrsubnet("172.16.0.0/12", 4, 2)`, `"172.18.0.0/16"`},
		{`cidrsubnet("fd00:fd12:3456:7890::/56", 16, 162)`, `"fd00:fd12:3456:7800:a200::/72"`},
		{`cidrsubnet("10.1.2.0/24", 9, 0)`, ""},
		{`cidrsubnet("10.1.2.0/24", 4, 16)`, ""},
		{`cidrsubnet("10.1.2.0/24", -1, 0)`, `"10.1.2.0/23"`},
		{`cidrsubnet("10.1.2.77/24", 0, 0)`, `"10.1.2.0/24"`},
		{`cidrsubnet("010.1.2.0/24", 1, 1)`, `"10.1.2.128/25"`},
		{`join(" ", cidrsubnets("10.1.0.0/16", 4, 4, 8, 4))`, `"10.1.0.0/20 10.1.16.0/20 10.1.32.0/24 10.1.48.0/20"`},
		{`length(cidrsubnets("10.1.0.0/16"))`, `0`},
		{`cidrsubnets("10.1.0.0/16", 0)`, ""},
		{`cidrsubnets("10.1.0.0/16", 1, 1, 1)`, ""},
		{`join(" ", cidrsubnets("fd00:fd12:3456:7890::/56", 16, 16, 16, 32))`, `"fd00:fd12:3456:7800::/72 fd00:fd12:3456:7800:100::/72 fd00:fd12:3456:7800:200::/72 fd00:fd12:3456:7800:300::/88"`},
		{`textencodebase64("Hello World", "UTF-16LE")`, `"SABlAGwAbABvACAAVwBvAHIAbABkAA=="`},
		{`textdecodebase64("SABlAGwAbABvACAAVwBvAHIAbABkAA==", "UTF-16LE")`, `"Hello World"`},
		{`textencodebase64("é", "ISO-8859-1")`, `"6Q=="`},
		{`textencodebase64("x", "NOPE")`, ""},
		{`textencodebase64("中", "ISO-8859-1")`, ""},
		{`textdecodebase64("!!", "UTF-8")`, ""},
		{`base64gzip("hello")`, `"H4sIAAAAAAAA/8pIzcnJBwAAAP//AQAA//+GphA2BQAAAA=="`},
		{`pathexpand("x/~")`, `"x/~"`},
		{`ephemeralasnull("x")`, `"x"`},
		{`contains([], null)`, ""},
		{`contains(["a"], null)`, ""},
		{`contains(null, "a")`, ""},
		{`contains(["a"], "a")`, "true"},
		{`join(" ", matchkeys(["a","b","c"], [1,2,3], ["1","3"]))`, `"a c"`},
		{`join(" ", matchkeys(["a","b","c"],[null,"x","y"],[null]))`, `"a"`},
		{`basename("C:\\x\\y")`, `"C:\\x\\y"`},
		{`dirname("C:\\x\\y")`, `"."`},
		{`transpose({a=null})`, ""},
		{`transpose({a=["x",null]})`, ""},
		{`log(-1, 2)`, ""},
		{`log(8, 2)`, "3"},
		{`pow(-1, 0.5)`, ""},
		{`pow(2, 0.5)`, "1.4142135623730951"},
		{`merge(null, "x")`, ""},
		{`merge({a=1}, null).a`, "1"},
		{`merge({a=1}, "x")`, ""},
		{`length(true ? tomap({a="1"}) : {b=sensitive("2")})`, "1"},
		{`issensitive(length(true ? tomap({a="1"}) : {b=sensitive("2")}))`, "false"},
		{`issensitive(length(true ? tomap({a=sensitive("1")}) : {b="2"}))`, "false"},
		{`issensitive(length(sensitive("x") == "x" ? tomap({a="1"}) : {b="2"}))`, "true"},
		{`sum({a=1})`, ""},
		{`sum([])`, ""},
		{`lookup(tomap({a=1}), "b", [])`, ""},
		{`core::upper("a")`, `"A"`},
		{`templatestring("$${a}", { a = true })`, `"true"`},
		{`templatestring("$${a}", { a = [1] })`, ""},
		{`true && null`, ""},
		{`null && true`, ""},
		{`null || true ? "a" : "b"`, `"a"`}, // the right operand decides, as since Terraform 1.12
		{`false && null`, "false"},
		{`false || null`, ""},
		{`null || false`, ""},
		{`null && null`, ""},
		{`"${true && null}"`, ""},
		{`strcontains("a", null)`, ""},

		// Since Terraform 1.15.
		{`convert("1", number) + 1`, "2"},
		{`convert([1], list(string))[0]`, `"1"`},
	} {
		e, diags := hclsyntax.ParseExpression([]byte(tt.src), "", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		got, diags := e.Value(&hcl.EvalContext{Functions: lang.Functions(nil)})
		if diags.HasErrors() {
			if tt.want != "" {
				t.Errorf("%s: %v; want %s", tt.src, diags, tt.want)
			}
			if lang.IsPanic(diags.Error()) {
				t.Errorf("%s: %v", tt.src, diags)
			}
			continue
		}
		want := cty.NilVal
		if tt.want != "" {
			e, _ := hclsyntax.ParseExpression([]byte(tt.want), "", hcl.InitialPos)
			want, _ = e.Value(nil)
		}
		if got.IsMarked() || want == cty.NilVal || !got.RawEquals(want) {
			t.Errorf("%s = %#v; want %s", tt.src, got, tt.want)
		}
	}
}
