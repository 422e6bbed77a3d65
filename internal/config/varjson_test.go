package config_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/config"
)

// given reads a variable file.
func given(t testing.TB, text string) (config.Input, hcl.Diagnostics) {
	t.Helper()
	m, _ := config.Load(folder(map[string]string{"main.kira.hcl": `variable "v" {}`}))
	in, diags := config.Values(m, nil, folder(map[string]string{"a.auto.kiravars.json": text}), nil)
	return in["v"], diags
}

// A variable file in JSON has the values and places that HCL's own reader of JSON
// finds in it. A file that has a comment is left to that.
func TestVariablesInJSON(t *testing.T) {
	for _, text := range []string{
		`null`, `true`, `"é"`, `"${a}"`, `"$${a} %{b}"`, `"\ud83d\ude00\n"`, `"e\u0301"`, `1`, `-0`, `1.50`, `1e3`, `123456789012345678901234567890`, `0.1`,
		`[]`, `{}`, `[1, "a", null, [true], {"a": {}}]`, "{\n  \"a\" : 1 ,\r\n\t\"e\u0301\": [ 2.5 ]\n}", `[{"a": 1}, {"a": 2}, {"a": "x"}, {"a": null}, {}, {"a": 3}]`,
		`{"//": "no comment here", "a": [{"b": [1]}, {"b": [2]}, {"b": [1, 2]}]}`,
	} {
		fast, diags := given(t, "{\n \"v\":"+text+"\n}")
		slow, more := given(t, "{\"//\": \"as HCL has it\",\n \"v\":"+text+"\n}")
		slow.Range.Start.Byte, slow.Range.End.Byte = slow.Range.Start.Byte-len(`"//": "as HCL has it",`), slow.Range.End.Byte-len(`"//": "as HCL has it",`)
		if len(diags)+len(more) > 0 || fast.Expr != nil || slow.Expr == nil {
			t.Errorf("%s was not read in two ways: %v %v", text, diags, more)
			continue
		}
		if !fast.Value.RawEquals(slow.Value) || *fast.Range != *slow.Range || fast.From != slow.From {
			t.Errorf("%s is %#v at %v, want %#v at %v", text, fast.Value, fast.Range, slow.Value, slow.Range)
		}
		if fast.Numbers == nil {
			continue
		}
		var texts []string
		src := "{\n \"v\":" + text + "\n}"
		v := fast.Numbers(func(text string, rng hcl.Range) any {
			if texts = append(texts, text); src[rng.Start.Byte:rng.End.Byte] != text || rng.Start.Column != 1+rng.Start.Byte-strings.LastIndex(src[:rng.Start.Byte], "\n")-1 && !strings.Contains(src, "e\u0301") {
				t.Errorf("%s is not at %v", text, rng)
			}
			return rng.Start.Line
		})
		if bare, _ := v.UnmarkDeep(); !bare.RawEquals(slow.Value) || len(texts) == 0 || !v.ContainsMarked() {
			t.Errorf("%s with marked numbers is %#v of %v", text, v, texts)
		}
	}
}

// A mistake is found by the reader that knows the place of everything.
func TestMistakesInVariablesInJSON(t *testing.T) {
	for _, text := range []string{
		``, `[]`, `{"v": 1`, `{"v": 1} x`, `{"v": 1} null`, `{"v": 1}{}`, `{"v": 01}`, `{"v": {"a": 1, "a": 2}}`, `{"v": 1, "v": 2}`, `{"v": tru}`, "{\"v\": \"\xff\"}",
		`{"v": ` + strings.Repeat("[", 300) + strings.Repeat("]", 300) + `}`,
	} {
		if in, diags := given(t, text); in.Numbers != nil || len(diags) == 0 && in.Expr == nil {
			t.Errorf("%.60s was taken: %#v", text, in)
		}
	}
}

// A text in a variable file is a text, however much of it would be operators and
// brackets in an expression. Of a file that is read into a tree, templates are.
func TestLongTextsInVariablesInJSON(t *testing.T) {
	for name, text := range map[string]string{
		"prose": strings.Repeat("This is a sentence. ", 1500), "lines": strings.Repeat("a.b - c\\n", 1500), "brackets": strings.Repeat("(", 300), "braces": strings.Repeat("{[", 300),
	} {
		fast, diags := given(t, `{"v": "`+text+`"}`)
		slow, more := given(t, `{"//": "as HCL has it", "v": "`+text+`"}`)
		if len(diags)+len(more) > 0 || fast.Expr != nil || slow.Expr == nil {
			t.Errorf("%s was not read in two ways: %v %v", name, diags, more)
		} else if !fast.Value.RawEquals(slow.Value) {
			t.Errorf("%s is another text in one way", name)
		}
	}
	if _, diags := given(t, `{"//": "", "v": "`+strings.Repeat("${", 300)+`"}`); !diags.HasErrors() {
		t.Error("300 templates inside each other were parsed")
	}
	var before, after runtime.MemStats
	text := `{"v": "` + strings.Repeat("a line. \\n", 200_000) + `"}`
	runtime.ReadMemStats(&before)
	given(t, text)
	runtime.ReadMemStats(&after)
	if times := float64(after.TotalAlloc-before.TotalAlloc) / float64(len(text)); times > 20 {
		t.Errorf("a long text takes %.0f times its size", times)
	}
}

// A file that ends at any place, with or without space there, is read without a crash.
func TestVariableFilesThatEndEarly(t *testing.T) {
	const inJSON = "{ \"a\" : 1.5 ,\n \"b\" : [ { \"c\" : \"x\" } , null ] , \"d\" : 12345678901234567890 }"
	for i := range inJSON {
		for _, space := range []string{"", " ", "\n\n "} {
			src := inJSON[:i] + space
			if _, diags := given(t, src); !diags.HasErrors() {
				t.Errorf("%q has no mistake", src)
			}
		}
	}
	const inHCL = "v = [ { c = \"x\" , d = 12345678901234567890 }, 1.5, /* x */ \"\\u00e9\" ] # end"
	for i := range inHCL {
		for _, space := range []string{"", " ", "\n\n ", "\r", "\\"} {
			inTwoWays(t, inHCL[:i]+space)
		}
	}
}

// A variable file of a program may be large: it takes a few times its size, and a
// number with a fraction in it changes that for nothing else.
func TestMemoryOfVariablesInJSON(t *testing.T) {
	const n = 20_000
	for name, text := range map[string]string{"": people(n), " with fractions": strings.ReplaceAll(people(n), `"age": `, `"age": 1.0`)} {
		m, _ := config.Load(folder(map[string]string{"main.kira.hcl": `variable "people" {}`}))
		files := folder(map[string]string{"a.auto.kiravars.json": text})
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		in, diags := config.Values(m, nil, files, nil)
		runtime.GC()
		runtime.ReadMemStats(&after)
		if diags.HasErrors() || in["people"].Value.LengthInt() != n {
			t.Fatal(diags)
		}
		if times := float64(after.HeapAlloc-before.HeapAlloc) / float64(len(text)); times > 12 {
			t.Errorf("people%s take %.1f times the size of their file, want 12 at most", name, times)
		} else {
			t.Logf("people%s: %.1f times", name, times)
		}
		runtime.KeepAlive(m)
	}
}

// Objects that are alike hold the name of an attribute once, however long it is.
func TestNamesInVariablesInJSON(t *testing.T) {
	const n = 5_000
	held := func(text string) uint64 {
		m, _ := config.Load(folder(map[string]string{"main.kira.hcl": `variable "people" {}`}))
		files := folder(map[string]string{"a.auto.kiravars.json": text})
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		in, _ := config.Values(m, nil, files, nil)
		runtime.GC()
		runtime.ReadMemStats(&after)
		if in["people"].Value.LengthInt() != n {
			t.Fatal("people are missing")
		}
		runtime.KeepAlive(m)
		return after.HeapAlloc - before.HeapAlloc
	}
	short, long := people(n), strings.ReplaceAll(people(n), `"age"`, `"`+strings.Repeat("age", 100)+`"`)
	if a, b := held(short), held(long); b > a+n*100 {
		t.Errorf("people take %d bytes, and %d with a long name in each", a, b)
	}
}
