package addr

import "strings"

// parsePlain reads KIND.NAME and KIND.NAME["key"] in plain letters, which are
// nearly all that stand in a state. Of anything else it says nothing.
func parsePlain(s string) (Resource, bool) {
	kind, rest, _ := strings.Cut(s, ".")
	name, index, keyed := strings.Cut(rest, `["`)
	if !plainName(kind) || !plainName(name) || kind == "module" || kind == "data" || kind == "action" {
		return Resource{}, false
	}
	r := Resource{Kind: kind, Name: name}
	if keyed {
		key, ok := strings.CutSuffix(index, `"]`)
		if !ok || strings.ContainsFunc(key, func(c rune) bool { return !plainRune(c) && c != '@' && c != '.' }) {
			return Resource{}, false
		}
		r.Key = String(key)
	}
	return r, true
}

// parseInModule reads a plain address that begins with modules.
func parseInModule(s string) (m Module, r Resource, ok bool) {
	steps, rest := cutModules(s)
	if len(steps) == 0 {
		return "", Resource{}, false
	}
	for _, s := range steps {
		if !plainName(s.name) || s.key == Any {
			return "", Resource{}, false
		}
		m = m.Child(s.name, s.key)
	}
	r, ok = parsePlain(rest)
	return m, r, ok
}

func plainName(s string) bool {
	return s != "" && (s[0] >= 'a' && s[0] <= 'z' || s[0] >= 'A' && s[0] <= 'Z') &&
		!strings.ContainsFunc(s, func(c rune) bool { return !plainRune(c) })
}

func plainRune(c rune) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-'
}
