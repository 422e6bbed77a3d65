package simulator

import (
	_ "embed"
	"strings"
)

var (
	//go:embed countries.tsv
	countryTable string // alpha-3 code and name of 250 countries
	//go:embed subdivisions.tsv
	subdivisionTable string // country, code and name, of the USA and Mexico only
)

// countries is GET /v1/countries (observed.md 11).
func (c *call) countries() answer {
	parts := map[string][]doc{}
	for line := range strings.Lines(subdivisionTable) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		parts[f[0]] = append(parts[f[0]], doc{"name": f[2], "code": f[1]})
	}
	var all []doc
	for line := range strings.Lines(countryTable) {
		code, name, _ := strings.Cut(strings.TrimSpace(line), "\t")
		subdivisions := parts[code]
		if subdivisions == nil {
			subdivisions = []doc{}
		}
		all = append(all, doc{"name": name, "alpha3": code,
			"postal_code_format": postalCode(code), "subdivisions": subdivisions})
	}
	return ok(doc{"count": len(all), "data": all})
}

// postalCode is a Ruby regular expression, as Kira gives it.
func postalCode(country string) string {
	switch country {
	case "USA":
		return `\A\d{5}(-\d{4})?\Z`
	case "MEX":
		return `\A\d{5}\Z`
	default:
		return `\A.*\Z`
	}
}
