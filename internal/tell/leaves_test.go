package tell

import (
	"testing"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// An identifier is told apart as HCL does it, whatever stands in it: the name of a
// member decides how its path is written, and so the digest.
func TestIdentifiersAreThoseOfTheLanguage(t *testing.T) {
	words := []string{"", "a", "_", "-", "9", "for", "true", "null", "if", "é", "aé", "é9", "a\u0301", "ab́c", "\xff", "a\xff", "日本", "a日", "a b", "a.b", "a b", `a"`, "ſ", "٣", "a٣"}
	for a := range rune(128) {
		words = append(words, string(a))
		for b := range rune(128) {
			words = append(words, string(a)+string(b), "x"+string(a)+string(b))
		}
	}
	for _, s := range words {
		if got, want := identifier(s), hclsyntax.ValidIdentifier(s); got != want {
			t.Errorf("identifier(%q) = %v, and HCL says %v", s, got, want)
		}
	}
}

func TestIdentifiersOfAttributesAreNotScanned(t *testing.T) {
	if n := testing.AllocsPerRun(10, func() { identifier("identifying_information") }); n > 0 {
		t.Errorf("%v allocations for a name", n)
	}
}
