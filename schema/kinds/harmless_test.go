package kinds_test

import (
	"testing"

	"kiraform/internal/config"
	"kiraform/schema"
)

// A body that was pasted is answered with the corrected block, in which the values
// of harmless names are shown: those that no kind has for a secret, and that
// mean nothing else elsewhere.
func TestHarmlessNames(t *testing.T) {
	never := make(map[string]bool)
	for _, name := range []string{"account", "address", "token", "extra", "metadata", "capabilities"} {
		never[name] = true // has a meaning elsewhere that is a secret, or holds whatever somebody writes
	}
	eachAttr(func(_ *schema.Kind, _ string, a *schema.Attr) { never[a.Name] = never[a.Name] || a.Sensitive })
	eachAttr(func(k *schema.Kind, at string, a *schema.Attr) {
		if a.Computed || a.Local {
			return
		}
		if got := config.Harmless(a.Name); got == never[a.Name] {
			t.Errorf("%s %s: harmless %t, want %t", k.Name, at, got, !never[a.Name])
		}
	})
}
