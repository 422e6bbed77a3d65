package quote_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/quote"
	"kiraform/internal/redact"
	"kiraform/schema"
)

// person is a schema with all that a name can be.
var person = map[string]*schema.Kind{"kira_person": {Name: "kira_person", Attrs: []schema.Attr{
	{Name: "first_name"}, {Name: "kind", OneOf: []string{"individual"}},
	{Name: "ssn", Sensitive: true},
	{Name: "passport_number", Sensitive: true},
	{Name: "metadata"},
	{Name: "people", List: true, Nested: []schema.Attr{{Name: "email"}, {Name: "number", Sensitive: true}}},
}}}

// in puts lines into a block of that kind.
func in(lines string) string {
	return "resource \"kira_person\" \"a\" {\n" + strings.TrimSuffix(lines, "\n") + "\n}\n"
}

func TestText(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"what the schema does not call sensitive is shown", in(`first_name = "Ana"`), in(`first_name = "Ana"`)},
		{"what it does is not", in(`ssn = "12"`), in(`ssn = "**"`)},
		{"nor a number", in(`ssn = 12`), in(`ssn = **`)},
		{"references and functions are", in(`ssn = upper(var.a["x"][0].b)`), in(`ssn = upper(var.a["*"][*].b)`)},
		{"what lost its quotes is not", in(`ssn = ab-cd.ef`), in(`ssn = ********`)},
		{"what a loop names is", in(`people = [for n in var.l : { number = n, email = n }]`), in(`people = [for n in var.l : { number = n, email = n }]`)},
		{"an entry is judged by its own names", in(`people = [{ email = "e", number = "12" }]`), in(`people = [{ email = "e", number = "**" }]`)},
		{"values in place of entries are hidden", in(`people = ["e"]`), in(`people = ["*"]`)},
		{"names in a map are the author's", in(`metadata = { x = "y", ssn = "12" }`), in(`metadata = { x = "y", ssn = "**" }`)},
		{"a misspelling of what is harmless is shown", in(`frist_name = "Ana"`), in(`frist_name = "Ana"`)},
		{"a misspelling of a secret is not", in(`pasport_number = "12"`), in(`pasport_number = "**"`)},
		{"what nobody knows is not", in(`whatever_it_is = "12"`), in(`whatever_it_is = "**"`)},
		{"all lines of a value are hidden", in("ssn = join(\"-\", [\n  \"12\",\n  \"34\"])"), in("ssn = join(\"*\", [\n  \"**\",\n  \"**\"])")},
		{"a heredoc too", in("ssn = <<EOT\n12 ${var.x}\nEOT"), in("ssn = <<EOT\n***${var.x}\nEOT")},
		{"a comment may say anything", in(`first_name = "Ana" # 12`), in(`first_name = "Ana" #***`)},
		{"what does not parse is covered line by line", in("ssn = \"12\nfirst_name = \"Ana\""), in("ssn = \"**\nfirst_name = \"Ana\"")},
		{"two names on a line both apply", in(`first_name = "Ana" ssn = "12"`), in(`first_name = "***" *** = "**"`)},
		{"the halves of a condition are no names", in(`ssn = var.x ? "12" : "34"`), in(`ssn = var.x ? "**" : "**"`)},
		{"a block that is none of the language", in(`ssn "12" {}`), in(`ssn "**" {}`)},
		{"local values are shown", "locals {\n  a = \"x\"\n}\n", "locals {\n  a = \"x\"\n}\n"},
		{"but not those that a secret is made of", "locals {\n  a = \"x\"\n  b = local.a\n}\n" + in("ssn = local.b"), "locals {\n  a = \"*\"\n  b = local.a\n}\n" + in("ssn = local.b")},
		{"a default is shown", "variable \"a\" {\n  default = \"x\"\n}\n", "variable \"a\" {\n  default = \"x\"\n}\n"},
		{"unless the variable is sensitive", "variable \"a\" {\n  default = upper(\"x\")\n  sensitive = true\n}\n", "variable \"a\" {\n  default = upper(\"*\")\n  sensitive = true\n}\n"},
		{"or flows into a secret", "variable \"a\" {\n  default = \"x\"\n}\n" + in("ssn = var.a"), "variable \"a\" {\n  default = \"*\"\n}\n" + in("ssn = var.a")},
		{"sensitive = false means it", "variable \"a\" {\n  default = \"x\"\n  sensitive = false\n}\n", "variable \"a\" {\n  default = \"x\"\n  sensitive = false\n}\n"},
		{"a provider block has few arguments to show", "provider \"kira\" {\n  environment = \"sandbox\"\n  password = \"x\"\n}\n", "provider \"kira\" {\n  environment = \"sandbox\"\n  password = \"*\"\n}\n"},
		{"a backend block has no secrets in its own arguments", "kiraform {\n  backend \"postgres\" {\n    workspace = \"w\"\n    lease = 30\n    host = \"h\"\n    password = \"x\"\n  }\n}\n",
			"kiraform {\n  backend \"postgres\" {\n    workspace = \"w\"\n    lease = 30\n    host = \"h\"\n    password = \"*\"\n  }\n}\n"},
		{"a sensitive output is hidden", "output \"a\" {\n  sensitive = true\n  value = \"x\"\n}\noutput \"b\" {\n  value = \"x\"\n}\n", "output \"a\" {\n  sensitive = true\n  value = \"*\"\n}\noutput \"b\" {\n  value = \"x\"\n}\n"},
		{"who signs in at a URL", in(`first_name = "https://u:p@h/?a=b"`), in(`first_name = "https://***@h/?a=*"`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, _ := config.Load(fstest.MapFS{"a.kira.hcl": {Data: []byte(c.src)}})
			if got := quote.New(new(redact.Set), person, m).Text("a.kira.hcl"); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestVariableFiles(t *testing.T) {
	const declared = "variable \"open\" {}\nvariable \"shut\" {\n  sensitive = true\n}\n"
	for _, c := range []struct{ name, src, want string }{
		{"what is declared and not sensitive is shown", "open = \"x\"\n", "open = \"x\"\n"},
		{"what is sensitive is not", "shut = \"x\"\n", "shut = \"*\"\n"},
		{"nor what is not declared", "other = \"x\"\nshutt = { a = x }\n", "other = \"*\"\nshutt = { a = * }\n"},
		{"in a file that does not parse, nothing is", "open = \"x\" y\n", "open = \"*\" *\n"},
		{"nor what has no name", "abc\nshut\nopen = 1\n", "***\n****\nopen = *\n"},
		{"nor names that nobody knows", "abc=\n", "***=\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, _ := config.Load(fstest.MapFS{"a.kira.hcl": {Data: []byte(declared)}})
			config.ParseVarFile(m, []byte(c.src), "values.hcl")
			if got := quote.New(new(redact.Set), person, m).Text("values.hcl"); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestMessagesRepeatNothing(t *testing.T) {
	src := in("ssn = tonumber(\"abcd-1\")\nfirst_name = tonumber(\"Ana\")")
	m, _ := config.Load(fstest.MapFS{"a.kira.hcl": {Data: []byte(src)}})
	q := quote.New(new(redact.Set), person, m)
	at := func(s string) *hcl.Range {
		i := strings.Index(src, s)
		line := strings.Count(src[:i], "\n") + 1
		return &hcl.Range{Filename: "a.kira.hcl", Start: hcl.Pos{Line: line, Column: 1, Byte: i}, End: hcl.Pos{Line: line, Column: 1 + len(s), Byte: i + len(s)}}
	}
	for _, c := range []struct {
		name       string
		d          *hcl.Diagnostic
		want, code string
	}{
		{"a function's message", diag.Error("function-failed", at(`"abcd-1"`), "Failed", `Call to function "tonumber" failed: cannot convert "ABCD1".`),
			`Call to function "tonumber" failed. What it was given may be a secret, so its message is not shown.`, `ssn = tonumber("******")`},
		{"a text in quotes that is no name", diag.Error("wrong-type", at(`tonumber("abcd-1")`), "Wrong", `The attribute "people.number" takes a number, not "dcba".`),
			`The attribute "people.number" takes a number, not (sensitive).`, `ssn = tonumber("******")`},
		{"the text itself, whatever the message is", diag.Error("any", at(`"abcd-1"`), "Any", "abcd-1 is no good."), "(sensitive) is no good.", `ssn = tonumber("******")`},
		{"what is harmless is said", diag.Error("function-failed", at(`"Ana"`), "Failed", `Call to function "tonumber" failed: cannot convert "Ana".`),
			`Call to function "tonumber" failed: cannot convert "Ana".`, `first_name = tonumber("Ana")`},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := q.Diagnostic(c.d)
			if e.Detail != c.want || e.Source.Code != c.code {
				t.Errorf("got  %s\nwant %s\nat   %s", e.Detail, c.want, e.Source.Code)
			}
		})
	}
}

// A header is named in both syntaxes, unless it may have values for labels.
func TestBlock(t *testing.T) {
	for _, c := range []struct{ name, file, src, at, want string }{
		{"a block", "a.kira.hcl", in("ssn = 1"), "ssn", `resource "kira_person" "a"`},
		{"a block with a label too many", "a.kira.hcl", "resource \"kira_person\" \"a\" \"12\" {\n  ssn = 1\n}\n", "ssn", ""},
		{"a block of a quote too many", "a.kira.hcl", "variable \"a\" \" {\n  default = \"12\"\n", "default", ""},
		{"JSON", "a.kira.json", `{"moved": [{"from": "a", "to": "b"}]}`, "from", "moved[0]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, _ := config.Load(fstest.MapFS{c.file: {Data: []byte(c.src)}})
			i := strings.Index(c.src, c.at)
			at := hcl.Pos{Line: 1, Column: 1, Byte: i}
			if got := quote.New(new(redact.Set), person, m).Source(hcl.Range{Filename: c.file, Start: at, End: at}).Block; got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// A file of which every line is wrong is covered in no time.
func TestHostileTexts(t *testing.T) {
	for _, s := range []string{"\"\n", "\"${\n", "a b \"c\n", "{", "a={", "a = <<E\n", "a = \"${"} {
		const n = 20_000
		src := strings.Repeat(s, n)
		if got := quote.Texts(person, map[string][]byte{"a.kira.hcl": []byte(src)}, nil).Text("a.kira.hcl"); len(got) != len(src) {
			t.Errorf("%d times %q became %d bytes", n, s, len(got))
		}
	}
}

// FuzzText holds a Quoter to its promises for any text: it never panics, and a
// line is as long as it was.
func FuzzText(f *testing.F) {
	f.Add(in(`ssn = "${"a"`), false)
	f.Add("a = <<EOT\n\"", true)
	f.Add("}}]){ x \"y\" {\n{\"a\": [}", false)
	f.Add("a b \"c", true)
	f.Add("\"\n\"\n", false)
	f.Fuzz(func(t *testing.T, src string, values bool) {
		name := "a.kira.hcl"
		if values {
			name = "a.kiravars.hcl"
		}
		q := quote.Texts(person, map[string][]byte{name: []byte(src)}, nil)
		got := q.Text(name)
		if len(got) != len(src) || strings.Count(got, "\n") != strings.Count(src, "\n") {
			t.Fatalf("%q became %q", src, got)
		}
		q.Source(hcl.Range{Filename: name, Start: hcl.Pos{Line: 1, Byte: len(src) / 2}, End: hcl.Pos{Line: 1, Byte: len(src)}})
	})
}
