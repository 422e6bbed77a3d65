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

func plainName(s string) bool {
	return s != "" && (s[0] >= 'a' && s[0] <= 'z' || s[0] >= 'A' && s[0] <= 'Z') &&
		!strings.ContainsFunc(s, func(c rune) bool { return !plainRune(c) })
}

func plainRune(c rune) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-'
}
