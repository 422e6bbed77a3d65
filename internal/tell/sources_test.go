package tell_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/eval"
	"kiraform/internal/lang"
	"kiraform/internal/tell"
	"kiraform/schema/kinds"
)

// writtenOf writes the attribute of an instance as it is written beside n people, of
// which each has the name.
func writtenOf(t *testing.T, n int, name string) string {
	t.Helper()
	var src strings.Builder
	src.WriteString("variable \"people\" {\n  default = {\n")
	for i := range n {
		fmt.Fprintf(&src, "    p%d = { name = %q }\n", i, name)
	}
	src.WriteString("  }\n}\nresource \"kira_recipient\" \"r\" {\n  for_each = var.people\n  user_id = each.value.name\n}\n")
	fsys := fstest.MapFS{"main.kira.hcl": {Data: []byte(src.String())}}
	m, diags := config.Load(fsys)
	inputs, more := config.Values(m, nil, fsys, nil)
	p, _ := eval.Compile(m, eval.Options{Kinds: kinds.Schemas(), Inputs: inputs, Functions: lang.Functions(fsys)}) // attributes are missing
	if diags = append(diags, more...); diags.HasErrors() {
		t.Fatal(diags)
	}
	s := tell.NewSources(key(t), p.Sources(eval.NewValues()))
	a := addr.Resource{Kind: "kira_recipient", Name: "r", Key: addr.String("p0")}
	text := s.Attr(a, "user_id", []addr.Resource{{Kind: "kira_user", Name: "u"}})
	if again := s.Attr(a, "user_id", []addr.Resource{{Kind: "kira_user", Name: "u"}}); again != text {
		t.Errorf("the source is %s, and then %s", text, again)
	}
	return text
}

// The text of a source is as long beside a thousand people as beside one, tells nothing
// of them, and is another one if any of them is.
func TestSourcesDoNotGrow(t *testing.T) {
	one, many, other := writtenOf(t, 1, "canary"), writtenOf(t, 1000, "canary"), writtenOf(t, 1000, "other")
	if len(many) != len(one) {
		t.Errorf("the source has %d bytes beside one, and %d beside a thousand", len(one), len(many))
	}
	if one == many || many == other {
		t.Errorf("other people have the same source: %s", many)
	}
	if strings.Contains(many, "canary") {
		t.Errorf("a name is in %s", many)
	}
}

// The digest of a list is that of its content, and one for all who have the list.
func TestNeedsAreOneDigest(t *testing.T) {
	s := tell.NewSources(key(t), nil)
	a, b := addr.Resource{Kind: "kira_user", Name: "a"}, addr.Resource{Kind: "kira_user", Name: "b"}
	all := []addr.Resource{a, b}
	for name, tt := range map[string]struct {
		of   []addr.Resource
		same bool
	}{
		"the list":            {all, true},
		"another like it":     {[]addr.Resource{a, b}, true},
		"the beginning of it": {all[:1], false},
		"the end of it":       {all[1:], false},
		"others":              {[]addr.Resource{a, a}, false},
		"none":                {nil, false},
	} {
		if is := s.Needs(tt.of) == s.Needs(all); is != tt.same {
			t.Errorf("%s has the same digest: %v", name, is)
		}
	}
	if n := testing.AllocsPerRun(10, func() { s.Needs(all) }); n > 0 {
		t.Errorf("the digest of a list is made again, with %v allocations", n)
	}
}
