package addr

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// ParseTarget reads the value of -target and the like: the address of a
// resource or of a module, in which * stands for any part of a name or a key.
// The result for a module has no kind; it covers everything in the module.
func ParseTarget(s string) (Resource, error) {
	if r, err := Parse(s); err == nil {
		return r, nil
	}
	modules, rest := cutModules(s)
	var r Resource
	for _, m := range modules {
		r.Module = r.Module.Child(m.name, m.key)
	}
	switch {
	case s == "*":
		return everything, nil
	case len(modules) > 0 && (rest == "" || rest == "*"):
		return r, nil
	}
	rest, r.Data = strings.CutPrefix(rest, "data.")
	kind, named, ok := strings.Cut(rest, ".")
	name, index := named, ""
	if i := strings.IndexByte(named, '['); i >= 0 {
		name, index = named[:i], named[i:]
	}
	if !ok || !patternName(kind) || !patternName(name) || kind == "module" {
		return Resource{}, badTarget(s)
	}
	r.Kind, r.Name = kind, name
	if index != "" {
		if r.Key, rest, ok = cutKey(index); !ok || rest != "" {
			return Resource{}, badTarget(s)
		}
	}
	return r, nil
}

// OfTarget returns the address of a resource, or of a module, that tr is; see
// [ParseTarget].
func OfTarget(tr hcl.Traversal) (Resource, bool) {
	if r, ok := Of(tr); ok {
		return r, true
	}
	names, err := steps(tr)
	if err != nil || len(names) == 0 || len(names)%2 != 0 {
		return Resource{}, false
	}
	var r Resource
	for ; len(names) > 0; names = names[2:] {
		if names[0].name != "module" || !names[0].key.IsZero() {
			return Resource{}, false
		}
		r.Module = r.Module.Child(names[1].name, names[1].key)
	}
	return r, true
}

// everything covers all resources of all modules.
var everything = Resource{Kind: "*"}

func badTarget(s string) error {
	return fmt.Errorf("%q is not a resource address; write it as KIND.NAME, KIND.NAME[0] or KIND.NAME[\"key\"], "+
		"as module.NAME for a whole module, or with * for any part of a name", s)
}

// patternName reports whether s is a name, or becomes one if something is put
// in place of each *.
func patternName(s string) bool {
	return hclsyntax.ValidIdentifier(strings.ReplaceAll(s, "*", "x"))
}

// matches reports whether s is the pattern, with any text for each *.
func matches(pattern, s string) bool {
	first, rest, wild := strings.Cut(pattern, "*")
	if !wild {
		return pattern == s
	}
	s, ok := strings.CutPrefix(s, first)
	if !ok {
		return false
	}
	parts := strings.Split(rest, "*")
	for _, part := range parts[:len(parts)-1] {
		i := strings.Index(s, part)
		if i < 0 {
			return false
		}
		s = s[i+len(part):]
	}
	return strings.HasSuffix(s, parts[len(parts)-1])
}

// covers reports whether k, as part of a pattern, is o: no key at all is every
// key.
func (k Key) covers(o Key) bool {
	return k.IsZero() || k == o || k == Any && !o.IsZero() || k.form == stringKey && k.s == "*" && !o.IsZero() || k.form == stringKey && o.form == stringKey && matches(k.s, o.s)
}
