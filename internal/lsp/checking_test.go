package lsp

import (
	"testing"

	"kiraform/internal/config"
)

// Every word of files of tests and of policies has a meaning that is told, and every
// meaning is of a word that may stand there.
func TestEveryWordOfChecksIsTold(t *testing.T) {
	known := make(map[string]bool)
	for _, words := range []map[string][]string{config.TestWords(), config.PolicyWords()} {
		for in, names := range words {
			for _, name := range names {
				if docOf(in, name) == "" {
					t.Errorf("nothing is told of %q in %q", name, in)
				}
				if known[in+"."+name] = true; in == "" {
					known[name] = true
				}
			}
		}
	}
	for name := range ownDocs {
		if !known[name] {
			t.Errorf("there is no %s", name)
		}
	}
}
