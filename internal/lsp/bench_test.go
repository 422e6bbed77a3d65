package lsp

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

// large is a configuration of n users with as many payees, in files of a thousand blocks.
func large(n int) fstest.MapFS {
	files := make(fstest.MapFS)
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "resource \"kira_user\" \"u%d\" {\n  type       = \"individual\"\n  first_name = \"Maria\"\n  last_name  = \"Gonzalez\"\n  email      = \"maria%[1]d@example.com\"\n  phone      = \"+525512345678\"\n}\n\n", i)
		fmt.Fprintf(&b, "resource \"kira_recipient\" \"r%d\" {\n  user_id    = kira_user.u%[1]d.id\n  first_name = \"Ida\"\n  last_name  = \"Paid\"\n}\n\n", i)
		if (i+1)%500 == 0 || i == n-1 {
			files[fmt.Sprintf("f%03d.kira.hcl", i/500)] = &fstest.MapFile{Data: []byte(b.String())}
			b.Reset()
		}
	}
	return files
}

// BenchmarkRequests answers an editor of 20,000 blocks: each request follows a keystroke,
// or the one before.
func BenchmarkRequests(b *testing.B) {
	f := &folders{files: large(10000)}
	uri := uriOf("/w/f010.kira.hcl")
	text := string(f.files["f010.kira.hcl"].Data)
	before, _, _ := strings.Cut(text, "user_id    = kira_user.")
	line := strings.Count(before, "\n")
	var reference, attribute placeParams
	reference.TextDocument.URI, reference.Position = uri, position{line, 24}
	attribute.TextDocument.URI, attribute.Position = uri, position{line + 1, 3}
	for name, do := range map[string]func(*server) (any, *rpcError){
		"complete-attribute": func(s *server) (any, *rpcError) { return s.complete(attribute) },
		"complete-reference": func(s *server) (any, *rpcError) { return s.complete(reference) },
		"hover":              func(s *server) (any, *rpcError) { return s.hover(reference) },
		"definition":         func(s *server) (any, *rpcError) { return s.definition(reference) },
	} {
		for _, typing := range []bool{true, false} {
			b.Run(fmt.Sprintf("%s/typing=%t", name, typing), func(b *testing.B) {
				s := f.server()
				s.set(uri, text, 1)
				s.index(uri)
				for i := 0; b.Loop(); i++ {
					if typing {
						s.set(uri, text+strings.Repeat("\n", i%7), i)
					}
					if _, err := do(s); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
