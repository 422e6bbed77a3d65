package schema

// ambiguous are names that mean a secret, or hold one, elsewhere than in a schema.
var ambiguous = []string{"account", "address", "capabilities", "token"}

// Harmless returns a function that reports whether the value of an attribute may be
// shown wherever it stands, by its name alone: some kind has it to be written, none for
// a secret, and it does not hold whatever somebody writes. A name that no kind has may
// be one that a later version has for a secret.
func Harmless(kinds map[string]*Kind) func(name string) bool {
	harmless, never := make(map[string]bool), make(map[string]bool)
	for _, name := range ambiguous {
		never[name] = true
	}
	var take func([]Attr)
	take = func(attrs []Attr) {
		for i := range attrs {
			a := &attrs[i]
			harmless[a.Name] = harmless[a.Name] || !a.Computed && !a.Local
			never[a.Name] = never[a.Name] || a.Sensitive || a.Spread || a.Nested == nil && a.Type.IsMapType()
			take(a.Nested)
		}
	}
	for _, k := range kinds {
		take(k.Attrs)
	}
	return func(name string) bool { return harmless[name] && !never[name] }
}
