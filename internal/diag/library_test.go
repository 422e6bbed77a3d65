package diag_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/json"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/diag"
)

// theirs are words of a library, and not of people who write a configuration.
var theirs = regexp.MustCompile(`seperator|occured|attribtues|intended to given|constructor|interpolation|operand|[Ss]plat|legacy|primitive|expression token|selector|` +
	`scope resolution|[Ee]xpanding|[Ee]xpanded|[Ee]xtraneous|[Kk]ey expression|a literal|homogenous|[Uu]nterminated|ellipsis|modifier`)

// Each mistake that a library would name in its own words, or misspell, is named in ours.
func TestWorded(t *testing.T) {
	values := &hcl.EvalContext{Variables: map[string]cty.Value{"n": cty.NullVal(cty.DynamicPseudoType), "s": cty.StringVal("s"), "one": cty.NumberIntVal(1),
		"nothing": cty.NullVal(cty.List(cty.String))}}
	for _, tt := range []struct{ kind, src, want string }{
		{"json", `{"a": 1 "b": 2}`, "Missing comma between attributes"},
		{"json", `{"a": 1`, "Missing comma between attributes|Unclosed object"},
		{"json", `[1 2]`, "Missing comma between attributes"},
		{"json", `{} x`, "Text behind the end of the JSON"},
		{"expr", `[1 2]`, "Missing comma between items"},
		{"expr", `f(1 2)`, "Missing comma between arguments"},
		{"expr", `{ a 1 }`, "Missing equals sign"},
		{"expr", "{ a b = 1 }", "Missing equals sign"},
		{"eval", `{ a.b = 1 }`, "write it in parentheses"},
		{"expr", `{ a = 1`, "Object without its end"},
		{"expr", `f(1`, "Call without its end"},
		{"expr", `"a`, "Text without its end|Invalid multi-line string"},
		{"expr", `"${a"`, "Missing brace behind ${"},
		{"expr", `"${a b}"`, `write "$${" for "${"`},
		{"expr", `"${a:b}"`, `write "$${" for "${"`},
		{"expr", `1 + `, "A value belongs here, and the file ends."},
		{"expr", `+`, "A value belongs here, and this is none."},
		{"eval", `s + 1`, "The value to the left of the operator does not fit: a number is required."},
		{"eval", `1 + s`, "The value to the right of the operator does not fit: a number is required."},
		{"eval", `!s`, "The value behind the operator does not fit: a bool is required."},
		{"eval", `s.a`, "This is a string, and has no attributes.|Unsupported attribute"},
		{"eval", `nothing[*].a`, "[*] of a null value"},
		{"expr", `a[*b]`, `A closing bracket ("]") belongs right behind the star.`},
		{"expr", `a[1`, "Missing bracket behind an index"},
		{"expr", `a.1.2`, "|Write them in brackets"},
		{"expr", `a.*.b.*`, "|[*] inside of another one"},
		{"expr", `a::`, `The name of a function belongs behind "::".`},
		{"expr", `a::b`, "An opening parenthesis belongs behind the name of a function."},
		{"eval", `f(n...)`, ""},
		{"expr", `f(a... b)`, `The closing parenthesis belongs right behind "...".`},
		{"expr", `"\q"`, `No "q" can follow a backslash`},
		{"expr", `[for a in b : a => a]`, "makes a list, which has no keys"},
		{"expr", `{for a in b : a}`, "Write KEY => VALUE"},
		{"expr", `[for a in b : a ...]`, "A \"for\" in brackets makes a list"},
		{"eval", `{for a in ["x"] : n => a}`, `The key of a "for" is null.`},
		{"expr", `"%{ what }"`, `behind "%{"`},
		{"expr", `"%{ 1 }"`, `belongs behind "%{"`},
		{"block", "known \"x\" {\n}\n", "Label too many for known"},
		{"type", `list`, "The type list needs the type of its elements, as in list(string)."},
		{"type", `object`, "as in object({ name = string })"},
		{"type", `tuple`, "as in tuple([string, number])"},
		{"type", `object(string)`, "as in object({ name = string })"},
		{"type", `tuple(string)`, "as in tuple([string, number])"},
		{"type", `object({ (a) = string })`, "A name belongs here"},
		{"type", `object({ a = string, a = string })`, "There is such an attribute already."},
		{"type", `number(1)`, "The type number stands alone, without parentheses."},
		{"type", `texts(string)`, `There is no type "texts".`},
		{"type", `optional(string)`, "belongs to the attributes of the type object"},
		{"type", `object({ a = optional() })`, "as in optional(string)"},
		{"type", `object({ a = optional(string, "", 1) })`, "The type of the attribute and a default"},
		{"type", `"string"`, "A type is bool, number or string"},
	} {
		var said []string
		for _, d := range mistakes(t, tt.kind, tt.src, values) {
			w := diag.Worded(d)
			text := w.Summary + ": " + w.Detail
			if theirs.MatchString(text) {
				t.Errorf("%s %s says %q", tt.kind, tt.src, text)
			}
			said = append(said, text)
		}
		ok := false
		for want := range strings.SplitSeq(tt.want, "|") {
			ok = ok || strings.Contains(strings.Join(said, "\n"), want)
		}
		if !ok {
			t.Errorf("%s %s says %q, want %q", tt.kind, tt.src, said, tt.want)
		}
	}
}

// mistakes are the diagnostics of the libraries about a text of some kind.
func mistakes(t *testing.T, kind, src string, values *hcl.EvalContext) (diags hcl.Diagnostics) {
	t.Helper()
	switch kind {
	case "json":
		_, diags = json.Parse([]byte(src), "a.json")
	case "block":
		f, _ := hclsyntax.ParseConfig([]byte(src), "a", hcl.InitialPos)
		_, diags = f.Body.Content(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: "known"}}})
	default:
		e, d := hclsyntax.ParseExpression([]byte(src), "a", hcl.InitialPos)
		if diags = d; d.HasErrors() {
			break
		}
		if kind == "type" {
			_, _, diags = typeexpr.TypeConstraintWithDefaults(e)
		} else {
			_, diags = e.Value(values)
		}
	}
	if len(diags) == 0 {
		t.Errorf("%s %s is no mistake", kind, src)
	}
	return diags
}

// A text of somebody's own, and one that the libraries say well, stay as they are.
func TestOthersAreNotWorded(t *testing.T) {
	for _, text := range []string{"", "No seperator is given.", "A comma is required to separate each function argument from the next."} {
		d := &hcl.Diagnostic{Summary: text, Detail: text}
		if got := diag.Worded(d); got.Summary != text || got.Detail != text {
			t.Errorf("%q becomes %+v", text, got)
		}
	}
	was := &hcl.Diagnostic{Summary: "Missing attribute seperator comma"}
	if diag.Worded(was); was.Summary != "Missing attribute seperator comma" {
		t.Error("it changes what it is given")
	}
}

// Of all messages that are written in the libraries' files, none comes out in words of
// theirs.
func TestEveryMessageIsWorded(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/hashicorp/hcl/v2").Output()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, part := range []string{"", "hclsyntax", "json", "ext/typeexpr"} {
		files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), part, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") || filepath.Base(name) == "public.go" { // which opens files, as nobody here does
				continue
			}
			tree, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(tree, func(node ast.Node) bool {
				pair, ok := node.(*ast.KeyValueExpr)
				if !ok {
					return true
				}
				key, ok := pair.Key.(*ast.Ident)
				if !ok || key.Name != "Summary" && key.Name != "Detail" {
					return true
				}
				text, ok := message(pair.Value)
				if !ok {
					return true
				}
				n++
				d := diag.Worded(&hcl.Diagnostic{Summary: text, Detail: text})
				said := d.Detail
				if key.Name == "Summary" {
					said = d.Summary
				}
				if theirs.MatchString(said) {
					t.Errorf("%s says in a %s: %q", filepath.Base(name), key.Name, said)
				}
				return true
			})
		}
	}
	if n < 200 {
		t.Errorf("only %d messages were found", n)
	}
}

// message is the text of an expression that makes one, with words in the places of its
// arguments.
func message(e ast.Expr) (string, bool) {
	if call, ok := e.(*ast.CallExpr); ok && len(call.Args) > 0 {
		e = call.Args[0]
	}
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return strings.NewReplacer("%q", `"x"`, "%s", "x", "%d", "1", "%04x", "00", "%T", "x").Replace(text), err == nil
}
