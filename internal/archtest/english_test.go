package archtest

import (
	"go/parser"
	"go/token"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// asNames has, by package, how often its comments use "what" as the name of a
// thing: a column, a parameter, a placeholder.
var asNames = map[string]int{"schema": 1, "state": 1, "state/postgres": 1}

var word = regexp.MustCompile(`[A-Za-z']+`)

// TestCommentsNameThings refuses the free relative clause in place of a noun,
// "what changed" for "the changed attributes": a reader has to solve each like a
// riddle, and code that has begun with it uses it everywhere. A question may have
// the word, so that each package has it free once in 1,000 words of comments.
func TestCommentsNameThings(t *testing.T) {
	words := make(map[string]int)
	found := make(map[string][]string) // the comments that have the word
	sources(t, func(file string, src []byte) {
		files, pkg := token.NewFileSet(), path.Dir(file)
		f, err := parser.ParseFile(files, file, src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, group := range f.Comments {
			for _, c := range group.List {
				for _, w := range word.FindAllString(c.Text, -1) {
					words[pkg]++
					if strings.EqualFold(w, "what") {
						found[pkg] = append(found[pkg], files.Position(c.Pos()).String()+": "+c.Text)
					}
				}
			}
		}
	})
	for _, pkg := range slices.Sorted(maps.Keys(found)) {
		if n, most := len(found[pkg]), asNames[pkg]+words[pkg]/1000; n > most {
			t.Errorf("the comments of %s say \"what\" %d times in %d words, and may %d times. Write the noun, such as \"the changed attributes\" for \"what changed\":\n%s",
				pkg, n, words[pkg], most, strings.Join(found[pkg], "\n"))
		}
	}
}
