package console_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/config"
	"kiraform/internal/console"
	"kiraform/internal/diag"
	"kiraform/internal/eval"
	"kiraform/internal/lang"
	"kiraform/internal/redact"
	"kiraform/schema/kinds"
)

var errReported = errors.New("reported")

// newConsole is a console over a configuration, and the codes of its diagnostics.
func newConsole(t *testing.T, src string) (c *console.Console, codes *[]string) {
	t.Helper()
	fsys := fstest.MapFS{"main.kira.hcl": {Data: []byte(src)}}
	m, diags := config.Load(fsys)
	inputs, d := config.Values(m, nil, fsys, nil)
	prog, more := eval.Compile(m, eval.Options{Kinds: kinds.Schemas(), Inputs: inputs, Functions: lang.Functions(fsys)})
	if diags = append(append(diags, d...), more...); diags.HasErrors() {
		t.Fatal(diags)
	}
	codes = new([]string)
	return &console.Console{Program: prog, Known: eval.NewValues(), Secrets: new(redact.Set), Report: func(diags hcl.Diagnostics) error {
		for _, d := range diags {
			*codes = append(*codes, string(diag.CodeOf(d)))
		}
		if diags.HasErrors() {
			return errReported
		}
		return nil
	}}, codes
}

func TestEval(t *testing.T) {
	c, codes := newConsole(t, `locals {
  names = ["a", "b"]
  type  = "t"
}`)
	for src, want := range map[string]string{
		`1 + 1`:             `2`,
		`local.names[1]`:    `"b"`,
		`type(local.names)`: `tuple([string,string])`,
		`type("a")`:         `string`,
		`local.type`:        `"t"`,
	} {
		got, err := c.Eval(src)
		if err != nil || got != want {
			t.Errorf("%s is %q, %v; want %q", src, got, err, want)
		}
	}
	if len(*codes) > 0 {
		t.Errorf("reported %q", *codes)
	}
}

// A mistake is reported with its code, and never a panic.
func TestMistakesAreReported(t *testing.T) {
	for src, code := range map[string]string{
		`1 +`:                    "syntax",
		`nosuch.thing`:           "unknown-reference",
		`type()`:                 "",
		`type(1, 2)`:             "",
		`type(["a"]...)`:         "",
		`type(local.none)`:       "",
		strings.Repeat("(", 1e5): "",
	} {
		c, codes := newConsole(t, "")
		got, err := c.Eval(src)
		short := src[:min(len(src), 20)]
		if !errors.Is(err, errReported) || got != "" || len(*codes) == 0 {
			t.Errorf("%s: %q, %v, reported %q", short, got, err, *codes)
		} else if code != "" && (*codes)[0] != code {
			t.Errorf("%s: reported %q, want %s", short, *codes, code)
		}
	}
}

// A secret is not shown, and is known from then on.
func TestASecretIsRemembered(t *testing.T) {
	c, _ := newConsole(t, "variable \"pin\" {\n  default   = \"swordfish\"\n  sensitive = true\n}\n")
	if got, err := c.Eval("var.pin"); err != nil || strings.Contains(got, "swordfish") {
		t.Errorf("%q, %v", got, err)
	}
	if got := c.Secrets.Text("it was swordfish"); strings.Contains(got, "swordfish") {
		t.Errorf("the secret is shown in %q", got)
	}
}

func TestComplete(t *testing.T) {
	for src, want := range map[string]bool{
		"":                            true,
		"1 + 1\n":                     true,
		"{\n":                         false,
		"{\n}\n":                      true,
		"[1,\n":                       false,
		"[1,\n2]\n":                   true,
		"upper(\n":                    false,
		"upper(\"a\"\n)\n":            true,
		"\"${\n":                      false,
		"\"${1}\"\n":                  true,
		"<<E\nx\n":                    false,
		"<<E\nx\nE\n":                 true,
		"\"%{ if true }a%{\n":         false,
		"1 }\n":                       true, // a mistake, which no other line can mend
		"[1]) [\n":                    true,
		"[for x in [1] : {\n":         false,
		"\"%{ if true }a%{ endif }\"": true,
	} {
		if got := console.Complete(src); got != want {
			t.Errorf("%q is complete: %v", src, got)
		}
	}
}
