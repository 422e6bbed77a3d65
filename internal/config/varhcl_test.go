package config_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"pgregory.net/rapid"

	"kiraform/internal/config"
)

// givenHCL reads a variable file in HCL's native syntax.
func givenHCL(t rapid.TB, text string) (config.Input, hcl.Diagnostics) {
	t.Helper()
	m, _ := config.Load(folder(map[string]string{"main.kira.hcl": `variable "v" {}`}))
	in, diags := config.Values(m, nil, folder(map[string]string{"a.auto.kiravars.hcl": text}), nil)
	return in["v"], diags
}

// inTwoWays compares the values and places of a file with those that HCL's own parser
// finds. It reports whether the file was read without the parser.
func inTwoWays(t rapid.TB, text string) bool {
	t.Helper()
	fast, diags := givenHCL(t, text)
	slow, more := givenHCL(t, text+"\nodd = \"${1}\"\n") // which is left to the parser
	if fast.Expr != nil || diags.HasErrors() || more.HasErrors() {
		if fast.Expr == nil && !diags.HasErrors() && fast.Range != nil {
			t.Fatalf("%q was read, though the parser says: %v", text, more)
		}
		return false
	}
	if fast.Range == nil && slow.Range == nil {
		return false
	}
	if slow.Range == nil || !fast.Value.RawEquals(slow.Value) || *fast.Range != *slow.Range || fast.From != slow.From {
		t.Fatalf("%q is %#v at %v, want %#v at %v", text, fast.Value, fast.Range, slow.Value, slow.Range)
	}
	if fast.Numbers != nil {
		v := fast.Numbers(func(number string, rng hcl.Range) any {
			if text[rng.Start.Byte:rng.End.Byte] != number {
				t.Fatalf("%s is not at %v of %q", number, rng, text)
			}
			return rng.Start.Line
		})
		if bare, _ := v.UnmarkDeep(); !bare.RawEquals(slow.Value) || !v.ContainsMarked() {
			t.Fatalf("%q with marked numbers is %#v", text, v)
		}
	}
	return true
}

// A variable file with values alone is read without the parser, and has the values and
// places that the parser finds in it.
func TestVariablesInHCL(t *testing.T) {
	for _, text := range []string{
		`v = null`, "v = true\n", "# all\nv = false # this\n// and\n/* that\n*/\n", `v = "é"`, `v = "$ % \" \\ \n\t\u00e9\U0001F600"`, `v = "e` + "\u0301" + `"`,
		`v = 1`, `v = -1`, `v = -1.50`, `v = 012`, `v = 1.50`, `v = 1e3`, `v = 123456789012345678901234567890`, "\n\n  v   =   12  \r\nx = 1\r\n", "v = []", "v = {}", `v = "$$ %%"`,
		"v = [\n  1,\n\n  \"a\", # one\n  null, [true], { a = {} },\n]", "é = 1\nv = 1"[len("é = 1\n"):], "v = { a = 1, b-c : 2\n \"e\u0301\" = [ 2.5 ] # x\n}\nw = 1.5",
		`v = [{ a = 1 }, { a = 2 }, { a = "x" }, { a = null }, {}, { a = 3 }]`, "v = {\n  a = 1\n\n  b = {\n  }\n}", "v = { /* a */ a /* b */ = /* c */ 1 /* d */ }", "v = [\"é\", 1.5]",
		"v = { a = 1,\n\n b = 2,\n}", "x = [1,2]\nv = { a = \"\u0915\u094d\u0937\", b = 1.25 }",
	} {
		if !inTwoWays(t, text) {
			t.Errorf("%q was left to the parser", text)
		}
	}
}

// Anything else is left to the parser, which knows the place of a mistake.
func TestVariablesInHCLForTheParser(t *testing.T) {
	for _, text := range []string{
		"", `v = "${1}"`, `v = "%{ if true }a%{ endif }"`, `v = "$${a}"`, "v = <<A\n ${\"a\"}\nA\n", `v = 1 + 1`, `v = (1)`, `v = [for a in [1] : a]`, `v = {for a in ["b"] : a => 1}`,
		`v = upper("a")`, `v = { (1) = 1 }`, `v = { 1 = 1 }`, `v = { null = 1 }`, `v = { a = 1, a = 2 }`, "v = 1\nv = 2", "v = [1 2]", "v = [1,,2]", "v = [,]", "v = { a = 1 b = 2 }", "v = { a }",
		"v = { a\n= 1 }", "v = { a =\n1 }", "v = { a = 1\n, b = 2 }", "v =\n1", "v", "v = ", "v = 01x", "v = 1.", "v = 1.5.2", "v = 1e", "v = tru", "v = trueé", "v = null.a", "v = [1][0]", "v = \"a\nb\"",
		`v = "\x"`, `v = "\ud800"`, `v = "\u12"`, `v = "a`, `v = "a\`, "v = [", "v = {", "v = { a = [1 }", "/* v = 1", "v = 1 /* x", "v \"a\" {}", "v {}", "v = 1 x = 2", "v = \"a\r\"", "v = 1\r", "v = \"\xff\"",
		"\ufeffv = 1", "é = 1\nv = 1", "v = " + strings.Repeat("[", 300) + strings.Repeat("]", 300), "v = 1e99999",
	} {
		if in, diags := givenHCL(t, text); in.Numbers != nil || in.Range != nil && in.Expr == nil && len(diags) == 0 {
			t.Errorf("%q was taken: %#v", text, in)
		}
		inTwoWays(t, text)
	}
}

// Whatever is written, both ways have the same values.
func TestLawVariablesInHCL(t *testing.T) {
	pieces := []string{" ", "\n", "\r\n", "\t", ",", "=", ":", "[", "]", "{", "}", `"`, `\`, "$", "${", "%{", "#", "//", "/*", "*/", "a", "v", "b-1", "null", "true", "for", "1", "-", ".", "e", "é", "e\u0301",
		`"a"`, `"é"`, `\n`, "v = ", "a = 1", "1.50", "\x00", "(", "<<A", "\\u00e9"}
	read := 0
	rapid.Check(t, func(t *rapid.T) {
		text := "v = " + valueText(t, 3) + "\n"
		for range rapid.IntRange(0, 2).Draw(t, "mistakes") {
			at := rapid.IntRange(0, len(text)).Draw(t, "at")
			text = text[:at] + rapid.SampledFrom(pieces).Draw(t, "piece") + text[at:]
		}
		if inTwoWays(t, text) {
			read++
		}
	})
	if read == 0 {
		t.Error("none was read without the parser")
	}
}

// valueText draws a value as somebody may write it.
func valueText(t *rapid.T, depth int) string {
	space := rapid.SampledFrom([]string{"", " ", "\t", " /* c */ "})
	line := rapid.SampledFrom([]string{"", " ", "\n", " # c\n", "\r\n  "})
	switch kind := rapid.IntRange(0, 6).Draw(t, "kind"); {
	case kind == 0 && depth > 0:
		var b strings.Builder
		for range rapid.IntRange(0, 3).Draw(t, "n") {
			b.WriteString(line.Draw(t, "s") + valueText(t, depth-1) + space.Draw(t, "s") + ",")
		}
		return "[" + b.String() + line.Draw(t, "s") + "]"
	case kind == 1 && depth > 0:
		var b strings.Builder
		for i := range rapid.IntRange(0, 3).Draw(t, "n") {
			key := rapid.SampledFrom([]string{"a", "b-c", `"d e"`, `"é"`, "_x1"}).Draw(t, "key")
			fmt.Fprintf(&b, "%s%s%s%s%s%s%s", line.Draw(t, "s"), key, space.Draw(t, "s"), rapid.SampledFrom([]string{"=", ":"}).Draw(t, "is"), space.Draw(t, "s"),
				valueText(t, depth-1), rapid.SampledFrom([]string{",", "\n", ",\n", " # c\n"}).Draw(t, fmt.Sprint("end", i)))
		}
		return "{" + b.String() + line.Draw(t, "s") + "}"
	case kind == 2:
		return rapid.SampledFrom([]string{"1", "0", "1.50", "12e2", "1234567890123456789", "0.1", "-1", "-1.50", "012", "-0"}).Draw(t, "number")
	case kind == 3:
		return rapid.SampledFrom([]string{"true", "false", "null"}).Draw(t, "word")
	}
	return `"` + rapid.SampledFrom([]string{"", "a", "é", "e\u0301", `\"`, `\\`, `\n`, `\u00e9`, "$", "%", "a b", "#", "//", "👍🏽", "\u0301", "🏽a"}).Draw(t, "text") + `"`
}

// A variable file in HCL takes about as much as one in JSON.
func TestMemoryOfVariablesInHCL(t *testing.T) {
	const n = 20_000
	text := "people = [\n" + strings.Repeat("  { first_name = \"Ana\", last_name = \"Ruiz\", email = \"ana@example.com\", city = \"Guadalajara\", age = 1.5 },\n", n) + "]\n"
	m, _ := config.Load(folder(map[string]string{"main.kira.hcl": `variable "people" {}`}))
	files := folder(map[string]string{"a.auto.kiravars.hcl": text})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	in, diags := config.Values(m, nil, files, nil)
	runtime.ReadMemStats(&after)
	if diags.HasErrors() || in["people"].Value.LengthInt() != n {
		t.Fatal(diags)
	}
	if times := float64(after.TotalAlloc-before.TotalAlloc) / float64(len(text)); times > 20 {
		t.Errorf("it allocates %.1f times its size, want 20 at most", times)
	} else {
		t.Logf("%.1f times", times)
	}
}

// A mistake in a large file is found without a tree of it, which would take a hundred
// times its size.
func TestAMistakeInALargeVariableFile(t *testing.T) {
	const n = 250_000
	for name, text := range map[string]string{
		"a.auto.kiravars.hcl":  "v = [\n" + strings.Repeat("  { first_name = \"Ana\", last_name = \"Ruiz\", email = \"ana@example.com\" },\n", n) + "  nobody\n]\n",
		"a.auto.kiravars.json": "{\"v\": [\n" + strings.Repeat("  { \"first_name\": \"Ana\", \"last_name\": \"Ruiz\", \"email\": \"ana@example.com\" },\n", n) + "  nobody\n]}\n",
	} {
		m, _ := config.Load(folder(map[string]string{"main.kira.hcl": `variable "v" {}`}))
		files := folder(map[string]string{name: text})
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, diags := config.Values(m, nil, files, nil)
		runtime.ReadMemStats(&after)
		if len(diags) != 1 || diags[0].Summary != "Not a plain value" || diags[0].Subject.Start.Line != n+2 || m.Files[name] != nil {
			t.Errorf("%s: %v at %v", name, diags, diags[0].Subject)
		}
		if times := float64(after.TotalAlloc-before.TotalAlloc) / float64(len(text)); times > 30 {
			t.Errorf("%s: it allocates %.1f times its size, want 30 at most", name, times)
		} else {
			t.Logf("%s: %.1f times", name, times)
		}
	}
}

// A heredoc without a template is read without the parser, in the lines and with the
// indentation that the parser finds.
func TestHeredocsInHCL(t *testing.T) {
	for _, text := range []string{
		"v = <<EOT\nEOT\n", "v = <<EOT\n  a\n\n b\\n \"é\"\n  EOT\n", "v = <<-EOT\n    a\n\n      \n   b c\n  EOT \t\nx = 1\n", "v = <<-EOT\n\ta\n\t\tb\nEOT\n",
		"v = [<<A\n$5 and 100% of A\nA\n, <<-B\n  c\n  B\n]\n", "v = {\n  a = <<A\n# no comment\nA\n  b = 2\n}\n",
	} {
		if !inTwoWays(t, text) {
			t.Errorf("%q was left to the parser", text)
		}
	}
	for _, text := range []string{
		"v = <<EOT\n${1}\nEOT\n", "v = <<EOT\n$${a}\nEOT\n", "v = <<EOT\n%{ if true }a%{ endif }\nEOT\n", "v = <<EOT\na\nEOT", "v = <<EOT\na\n", "v = <<EOT a\nEOT\n", "v = << EOT\nEOT\n",
		"v = <<EOT\r\na\r\nEOT\r\n", "v = <<-EOT\n  \u0301a\n b\nEOT\n", "v = <<-EOT\n\u00a0a\n b\nEOT\n", "v = <<EOT\na$\nEOT\nEOT\n", "v = <<EOT\na\n\u00a0EOT\nEOT\n", "v = <<1\n1\n",
	} {
		if inTwoWays(t, text) {
			t.Errorf("%q was not left to the parser", text)
		}
	}
}

func TestLawHeredocsInHCL(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.SampledFrom([]string{"", " ", "  ", "\t", "\v", "a", "A", "A ", "$", "%", "$$", "{", "\\", "\"", "é", "\u0301", "\u00a0", "\n", "\n", "\n  ", "\nA"}), 0, 12)
		text := "v = " + rapid.SampledFrom([]string{"<<", "<<-"}).Draw(t, "begin") + "A\n" + strings.Join(lines.Draw(t, "lines"), "") + rapid.SampledFrom([]string{"\nA\n", "\n  A\n", "\nA"}).Draw(t, "end")
		inTwoWays(t, text)
	})
}

// A heredoc in a file that is too large for the parser is read.
func TestHeredocInALargeFile(t *testing.T) {
	in, diags := givenHCL(t, "v = <<EOT\n"+strings.Repeat("All work and no play.\n", 17<<20/22)+"EOT\n")
	if diags.HasErrors() || len(in.Value.AsString()) < 16<<20 {
		t.Errorf("it is %v", diags)
	}
}
