package config

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/diag"
)

// everySort has every sort of expression, and of ends of blocks.
const everySort = `# a comment
locals {
  a = 1
  b = [for x in [1, 2] : x if x > 1]
  c = true ? "a" : "b${local.a}"
}

locals { d = -(1 + 2) * 3 } # behind it
/* over
   lines */
resource "kira_user" "u" {
  x = a.b[0].c["k"].*.d
  y = { (local.a) = 1, "k" = f(1, 2...), z : a[*].b, b = c[local.a] }
  z = <<E
  text ${upper("x")} %{ if true }y%{ else }z%{ endif }
E
  w = "${local.a}"
  v = "a é 🙂 $${x} ${a}-${b}"
  lifecycle {
    precondition {
      condition = !(local.a == null) && a.b != f().c[1]
    }
  }
}

output "o" {
  value = <<-E
    one
      two ${local.a}
    E
}
output "p" { value = f(1)[0].a }
locals {
  big = 0123.50e3
}
`

// edited is a text after somebody typed: letters, signs, a line that goes, comes twice or
// is put somewhere else, the end that is missing, or the text that it was.
func edited(r *rand.Rand, text, original string) string {
	at := r.IntN(len(text) + 1)
	all := strings.SplitAfter(text, "\n")
	line, other := r.IntN(len(all)), r.IntN(len(all))
	signs := []string{"x", "0", "007", "\"", "{", "}", "[", "(", "\n", "=", "# ", "${", "%{", "é", "\r\n", "/*", "*/", "<<E\n", "E\n", "\ufeff", "\xff", "a = 1\n", "\nlocals {\n}\n"}
	switch r.IntN(9) {
	case 0, 1:
		return text[:at] + signs[r.IntN(len(signs))] + text[at:]
	case 2:
		return text[:at] + text[min(at+1+r.IntN(9), len(text)):]
	case 3:
		all[line] = ""
	case 4:
		all[line] += all[line]
	case 5:
		all[line], all[other] = all[other], all[line]
	case 6:
		all[line] += signs[r.IntN(len(signs))]
	case 7:
		if r.IntN(4) == 0 {
			return text[:at]
		}
	default:
		return original
	}
	return strings.Join(all, "")
}

// An edited file is parsed into the same tree as one of its own, with the same mistakes,
// whatever is typed into it, and mostly in parts.
func TestLawAnEditedFileIsTheSameTree(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "examples", "*", "*.kira.hcl"))
	if err != nil || len(files) < 15 {
		t.Fatal(len(files), err)
	}
	originals := []string{everySort, strings.ReplaceAll(everySort, "\n", "\r\n"), "\ufeff" + everySort, "", "locals {}", "a = 1\n"}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		originals = append(originals, string(src))
	}
	edits := 40
	if testing.Short() {
		edits = 12
	}
	r := rand.New(rand.NewPCG(17, 5))
	asked, inParts := 0, 0
	m := &Module{Files: make(map[string]*hcl.File)}
	for _, original := range originals {
		var p parts
		text := original
		for range edits {
			src := []byte(text)
			whole, mistakes := m.parseSource(src, "a.kira.hcl")
			got, numbers, diags := p.parse(src, "a.kira.hcl")
			diags = diag.Coded("syntax", m.instead(diags, src, "a.kira.hcl"))
			asked++
			switch {
			case got == nil && whole != nil && !mistakes.HasErrors():
				p = partsOf(src, whole.Body.(*hclsyntax.Body))
			case got == nil:
			case whole == nil:
				t.Fatalf("it parses\n%s", text)
			default:
				inParts++
				if !reflect.DeepEqual(diags, mistakes) {
					t.Fatalf("it says %v, want %v, of\n%s", diags, mistakes, text)
				}
				if !reflect.DeepEqual(got, whole) {
					t.Fatalf("it is another tree of\n%s", text)
				}
				if want := numbersIn(whole.Body.(*hclsyntax.Body)); len(want) != len(numbers) {
					t.Fatalf("it has %d numbers, want %d, of\n%s", len(numbers), len(want), text)
				}
			}
			text = edited(r, text, original)
		}
	}
	if inParts < asked/2 {
		t.Errorf("of %d texts %d were parsed in parts", asked, inParts)
	}
}
