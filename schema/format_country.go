package schema

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
)

func isAlpha2(s string) bool { return len(s) == 2 && s == toAlpha2(s) }

func isAlpha3(s string) bool { return len(s) == 3 && s == toAlpha3(s) }

// toAlpha2 returns the alpha-2 code of the country that s is a code of, in
// either form and case, or "".
func toAlpha2(s string) string {
	r, ok := country(s)
	if !ok {
		return ""
	}
	return r.String()
}

// toAlpha3 is toAlpha2 for the alpha-3 code.
func toAlpha3(s string) string {
	r, ok := country(s)
	switch {
	case !ok:
		return ""
	case r == kosovo:
		return "XKX"
	}
	return r.ISO3()
}

// Kosovo has no ISO 3166 code. Kira lists it as XKX, as most do, where package
// language has the code of Unicode's registry.
var kosovo = language.MustParseRegion("XK")

func country(s string) (language.Region, bool) {
	if s = strings.ToUpper(s); s == "XKX" {
		return kosovo, true
	}
	if strings.Trim(s, "0123456789") == "" {
		return language.Region{}, false // UN M.49 numbers are no codes here
	}
	r, err := language.ParseRegion(s)
	r = r.Canonicalize()
	return r, err == nil && r.IsCountry() && r.ISO3() != "ZZZ" && !slices.Contains(noCountry, r.String())
}

// noCountry lists codes that package language takes for countries, but which
// were withdrawn from ISO 3166-1, or reserved in it for other uses.
var noCountry = []string{"AC", "AN", "CP", "CS", "DG", "NT", "PC", "SU", "TA", "YU"}
