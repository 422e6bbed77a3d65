package config

import (
	"testing"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"pgregory.net/rapid"
)

// The short way to know a name says what the library says.
func TestIdentifierIsThatOfTheLibrary(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.OneOf(rapid.StringMatching(`[a-zA-Z0-9_.-]{0,6}`), rapid.StringN(0, 4, -1)).Draw(rt, "text")
		if got, want := identifier(text), hclsyntax.ValidIdentifier(text); got != want {
			rt.Fatalf("%q is an identifier: %t, want %t", text, got, want)
		}
	})
}
