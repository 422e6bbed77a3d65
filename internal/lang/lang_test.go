package lang_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/lang"
)

var files = fstest.MapFS{
	"docs/id.txt":    {Data: []byte("hello")},
	"docs/photo.png": {Data: []byte{0xff, 0xd8}},
	"mail.tmpl":      {Data: []byte("Dear ${name}%{ for t in tags }, ${upper(t)}%{ endfor }")},
	"wrong.tmpl":     {Data: []byte("Dear ${nobody}")},
}

// call evaluates an expression; secret is "s3", marked.
func call(src string) (cty.Value, error) {
	expr, diags := hclsyntax.ParseExpression([]byte(src), "test", hcl.InitialPos)
	if diags.HasErrors() {
		return cty.NilVal, diags
	}
	v, diags := expr.Value(&hcl.EvalContext{
		Functions: lang.Functions(files),
		Variables: map[string]cty.Value{
			"secret":  cty.StringVal("s3").Mark(lang.Sensitive),
			"unknown": cty.UnknownVal(cty.String),
			"later":   cty.DynamicVal,
		},
	})
	if diags.HasErrors() {
		return cty.NilVal, diags
	}
	return v, nil
}

func Example() {
	v, _ := call(`upper(file("docs/id.txt"))`)
	fmt.Println(v.AsString())
	// Output: HELLO
}

// Each call equals the expression beside it. The results are Terraform's.
func TestFunctions(t *testing.T) {
	for src, want := range map[string]string{
		`alltrue([true, "true"])`:                       `true`,
		`alltrue([true, null])`:                         `false`,
		`alltrue([])`:                                   `true`,
		`anytrue([false, true])`:                        `true`,
		`anytrue([])`:                                   `false`,
		`base64decode(base64encode("hé"))`:              `"hé"`,
		`base64sha256("hello")`:                         `"LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="`,
		`basename("a/b.txt")`:                           `"b.txt"`,
		`chunklist(["a", "b", "c"], 2)`:                 `tolist([tolist(["a", "b"]), tolist(["c"])])`,
		`coalesce(null, "", "x")`:                       `"x"`,
		`coalescelist([], ["a"])`:                       `["a"]`,
		`compact(["a", "", null])`:                      `tolist(["a"])`,
		`contains(["a"], "a")`:                          `true`,
		`csvdecode("a,b\n1,2")[0].b`:                    `"2"`,
		`dirname("a/b.txt")`:                            `"a"`,
		`element(["a", "b"], 3)`:                        `"b"`,
		`endswith("abc", "bc")`:                         `true`,
		`file("./docs/id.txt")`:                         `"hello"`,
		`filebase64("docs/photo.png")`:                  `"/9g="`,
		`fileexists("docs/none.txt")`:                   `false`,
		`filesha256("docs/id.txt")`:                     `sha256("hello")`,
		`fileset("docs", "*.txt")`:                      `toset(["id.txt"])`,
		`flatten([["a"], ["b"]])`:                       `["a", "b"]`,
		`formatdate("YYYY", "2026-04-14T10:00:00Z")`:    `"2026"`,
		`indent(2, "a\nb")`:                             `"a\n  b"`,
		`index(["a", "b"], "b")`:                        `1`,
		`jsondecode(jsonencode({ a = [1] })).a[0]`:      `1`,
		`length("héllo")`:                               `5`,
		`length({ a = 1 })`:                             `1`,
		`lookup({ a = 1 }, "b", 2)`:                     `2`,
		`lookup(tomap({ a = 1 }), "a")`:                 `1`,
		`matchkeys(["i1", "i2"], ["eu", "us"], ["us"])`: `tolist(["i2"])`,
		`md5("hello")`:                                  `"5d41402abc4b2a76b9719d911017c592"`,
		`one([])`:                                       `null`,
		`one(["a"])`:                                    `"a"`,
		`replace("aXbX", "X", "-")`:                     `"a-b-"`,
		`replace("abc", "/[bc]/", "-")`:                 `"a--"`,
		`sha1("hello")`:                                 `"aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"`,
		`sort(["b", "a"])`:                              `tolist(["a", "b"])`,
		`startswith("abc", "ab")`:                       `true`,
		`strcontains("abc", "b")`:                       `true`,
		`strrev("abc")`:                                 `"cba"`,
		`sum([1, 2.5])`:                                 `3.5`,
		`templatefile("mail.tmpl", { name = "Ana", tags = ["x"] })`:    `"Dear Ana, X"`,
		`timecmp("2026-04-14T10:00:00Z", "2026-04-14T12:00:00+01:00")`: `-1`,
		`transpose({ a = ["1", "2"], b = ["2"] })["2"]`:                `tolist(["a", "b"])`,
		`try([][0], "x")`:                     `"x"`,
		`urlencode("a b&c")`:                  `"a+b%26c"`,
		`uuidv5("dns", "www.terraform.io")`:   `"a5008fae-b28c-5ba5-96cd-82b4c53552d6"`,
		`yamldecode(yamlencode({ a = 1 })).a`: `1`,
		`zipmap(["a"], [1]).a`:                `1`,
	} {
		got, err := call(src)
		if err != nil {
			t.Errorf("%s: %v", src, err)
			continue
		}
		expr, err := call(want)
		if err != nil {
			t.Fatalf("%s: %v", want, err)
		}
		if want == "null" {
			if !got.IsNull() {
				t.Errorf("%s = %#v, want null", src, got)
			}
			continue
		}
		if eq := got.Equals(expr); !eq.IsKnown() || eq.False() {
			t.Errorf("%s = %#v, want %s", src, got, want)
		}
	}
}

func TestFunctionsRefuse(t *testing.T) {
	for src, says := range map[string]string{
		`file("../secret")`:                                   "out of the folder",
		`file("/etc/passwd")`:                                 "out of the folder",
		`file("docs/../../x")`:                                "out of the folder",
		`file("docs\\..\\..\\x")`:                             "out of the folder",
		`fileset("..", "*")`:                                  "out of the folder",
		`file("none")`:                                        "no file none",
		`file("docs/photo.png")`:                              "filebase64",
		`templatefile("wrong.tmpl", {})`:                      `"nobody"`,
		`templatestring("$${templatestring(\"x\", {})}", {})`: "templatestring",
		`base64decode("%")`:                                   "base64",
		`base64decode("/9g=")`:                                "UTF-8",
		`one(["a", "b"])`:                                     "one element",
		`sum([])`:                                             "at least one",
		`index(["a"], "b")`:                                   "does not contain",
		`lookup({}, "a")`:                                     "no such key",
		`coalesce(null, "")`:                                  "no argument is set",
		`indent(1000000000, "a")`:                             "from 0 to",
		`uuidv5("x", "y")`:                                    "UUID",
		`replace("a", "/(/", "")`:                             "missing closing",
		`rsadecrypt("x", "y")`:                                "no function",
		`timecmp("x", "y")`:                                   "RFC 3339",
	} {
		if v, err := call(src); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s = %#v, %v; want an error that says %q", src, v, err, says)
		}
	}
}

// A value made from a secret is a secret.
func TestMarksSurvive(t *testing.T) {
	for _, src := range []string{
		`upper(secret)`, `sha256(secret)`, `length(secret)`, `coalesce("", secret)`, `coalesce(sensitive(""), "x")`, `jsonencode({ a = secret })`,
		`replace(secret, "s", "x")`, `startswith(secret, "s")`, `lookup({ a = secret }, "a")`, `lookup({ a = 1 }, secret, 2)`,
		`one([secret])`, `index([secret], "s3")`, `merge({ a = secret }, {})`, `templatestring("a$${b}", { b = secret })`, `templatestring("a", { b = secret })`,
		`uuidv5("dns", secret)`, `base64encode(secret)`, `urlencode(secret)`, `format("%s", secret)`, `join(",", ["a", secret])`,
		`try(secret)`, `matchkeys([secret], ["a"], ["a"])`, `transpose({ a = [secret] })`, `alltrue([secret == "s3"])`, `yamlencode([secret])`,
		`sum([length(secret)])`, `fileexists(secret)`, `timecmp("2026-04-14T10:00:00Z", sensitive("2026-04-14T10:00:00Z"))`,
		`element([secret], 0)`, `sensitive("a")`, `indent(1, secret)`, `csvdecode(secret)`, `split("", secret)`, `regex("s", secret)`,
	} {
		v, err := call(src)
		if err != nil {
			t.Errorf("%s: %v", src, err)
		} else if !lang.IsSensitive(v) {
			t.Errorf("%s = %#v is not sensitive", src, v)
		}
	}
	for src, want := range map[string]bool{`issensitive(secret)`: true, `issensitive("a")`: false, `issensitive(nonsensitive(secret))`: false} {
		if v, err := call(src); err != nil || !v.RawEquals(cty.BoolVal(want)) {
			t.Errorf("%s = %#v, %v; want %v", src, v, err, want)
		}
	}
}

// No function fails or guesses when it is given something not known yet.
func TestUnknownArguments(t *testing.T) {
	for _, src := range []string{
		`alltrue([true, unknown == "a"])`, `length(unknown)`, `length(later)`, `coalesce(unknown, "a")`, `lookup({ a = unknown }, "a")`,
		`lookup({ a = 1 }, unknown, 2)`, `lookup(later, "a")`, `one([unknown])`, `one(later)`, `index(["a", unknown], "b")`, `sum([1, later])`,
		`matchkeys(["a"], [unknown], ["b"])`, `transpose({ a = [unknown] })`, `file(unknown)`, `templatestring("$${a}", { a = unknown })`,
		`templatefile(unknown, {})`, `uuidv5("dns", unknown)`, `indent(1, unknown)`, `issensitive(unknown)`, `fileset(".", unknown)`,
	} {
		if v, err := call(src); err != nil || v.IsWhollyKnown() {
			t.Errorf("%s = %#v, %v; want something unknown", src, v, err)
		}
	}
	for src, want := range map[string]cty.Type{
		`lookup(tomap({ a = "1" }), unknown, "d")`: cty.String, `templatestring(unknown, {})`: cty.String, `lookup({ a = 1 }, unknown, 2)`: cty.DynamicPseudoType,
	} {
		if v, err := call(src); err != nil || v.IsKnown() || v.Type() != want {
			t.Errorf("%s = %#v, %v; want an unknown %s", src, v, err, want.FriendlyName())
		}
	}
	for src, want := range map[string]cty.Value{
		`-1 >= length(unknown)`: cty.False, `replace(unknown, "a", "b") == null`: cty.False, `sha256(unknown) != null`: cty.True, `sum([later]) == null`: cty.False,
		`coalesce(unknown, "a") == null`: cty.False, `index([unknown], "b") == null`: cty.False, `contains(["a"], unknown) == null`: cty.False,
	} {
		if v, err := call(src); err != nil || !v.RawEquals(want) {
			t.Errorf("%s = %#v, %v; want %#v", src, v, err, want)
		}
	}
	if v, err := call(`alltrue([false, unknown == "a"])`); err != nil || !v.RawEquals(cty.False) {
		t.Errorf("a false decides alltrue: %#v, %v", v, err)
	}
}

func TestTemplatesCannotExhaustTheStack(t *testing.T) {
	const n = 64<<10 - 10
	for _, src := range []string{
		"${" + strings.Repeat("!", n) + "true}",
		"${" + strings.Repeat("(", n/2) + strings.Repeat(")", n/2) + "}",
		"${" + strings.Repeat("[{a=", n/6) + strings.Repeat("}]", n/6) + "}",
		strings.Repeat("%{if a}", n/7),
		"${a" + strings.Repeat("[a]", n/3) + "}",
		"${1" + strings.Repeat("+1", n/2) + "}",
		strings.Repeat("${\"", n/3),
	} {
		f := lang.Functions(fstest.MapFS{"t": {Data: []byte(src)}})["templatefile"]
		if v, err := f.Call([]cty.Value{cty.StringVal("t"), cty.EmptyObjectVal}); err != nil && strings.Contains(err.Error(), "larger") {
			t.Errorf("%.10s: %#v, %v", src, v, err)
		}
	}
	f := lang.Functions(fstest.MapFS{"t": {Data: make([]byte, 64<<10+1)}})["templatefile"]
	if _, err := f.Call([]cty.Value{cty.StringVal("t"), cty.EmptyObjectVal}); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("got %v", err)
	}
}
