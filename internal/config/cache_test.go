package config_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"kiraform/internal/config"
)

// A file that did not change is the same one in the next load, and one that is gone is
// not kept.
func TestOnlyFilesThatChangeAreParsedAgain(t *testing.T) {
	folder := fstest.MapFS{"a.kira.hcl": {Data: []byte("variable \"a\" {}\n")}, "b.kira.hcl": {Data: []byte("variable \"b\" {}\n")}}
	var c config.Cache
	first, _ := c.Load(folder, nil)
	folder["b.kira.hcl"] = &fstest.MapFile{Data: []byte("variable \"c\" {}\n")}
	second, _ := c.Load(folder, nil)
	if first.Files["a.kira.hcl"] != second.Files["a.kira.hcl"] || first.Files["b.kira.hcl"] == second.Files["b.kira.hcl"] {
		t.Error("it parsed the other file than the one that changed")
	}
	if len(second.Variables) != 2 || second.Variables[1].Name != "c" {
		t.Errorf("it has %v", second.Variables)
	}
	gone := folder["a.kira.hcl"]
	delete(folder, "a.kira.hcl")
	c.Load(folder, nil)
	folder["a.kira.hcl"] = gone
	if third, _ := c.Load(folder, nil); third.Files["a.kira.hcl"] == first.Files["a.kira.hcl"] {
		t.Error("it kept a file that was gone")
	}
}

// BenchmarkLoadAfterAKeystroke loads ten files of which one has changed, beside a load of
// all of them.
func BenchmarkLoadAfterAKeystroke(b *testing.B) {
	folder := make(fstest.MapFS)
	text := []byte(strings.Repeat("locals {\n  a = { b = [\"text\", 1, upper(\"x\")] }\n}\n", 1000))
	for name := range strings.SplitSeq("abcdefghij", "") {
		folder[name+".kira.hcl"] = &fstest.MapFile{Data: text}
	}
	for _, cached := range []string{"all", "one"} {
		b.Run(cached, func(b *testing.B) {
			c := new(config.Cache)
			for b.Loop() {
				if cached == "all" {
					c = new(config.Cache)
				}
				folder["e.kira.hcl"] = &fstest.MapFile{Data: append(folder["e.kira.hcl"].Data, '\n')}
				c.Load(folder, nil)
			}
		})
	}
}
