package kinds

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// userTaxRules are about tax numbers among the identity documents.
var userTaxRules = []schema.Rule{
	{ID: "tax-id-country", Check: taxCountry,
		Doc: "A tax number belongs to one country: ssn, itin and ein to the United States, curp and rfc to Mexico, cpf and cnpj to Brazil (brief; documented 10.8)."},
	{ID: "tax-id-form", Check: userTaxForms, Doc: taxIDForm},
	{ID: "tax-id-documents", Check: taxDocuments,
		Doc: "Tax numbers are number-only: they take no documents (brief, \"Documents are file uploads\")."},
}

// taxIDForm has the Doc of a rule that two kinds share.
const taxIDForm = "A tax number that is not of the form of its country, or whose check digits do not fit, cannot be verified (documented 10.8)."

// taxes are the tax numbers whose country and form are known. Other names,
// such as nit, are those of several countries.
var taxes = map[string]struct {
	country string
	ok      func(string) bool
	what    string
}{
	"ssn":  {"USA", isSSN, "nine digits, such as 222-22-2222"},
	"itin": {"USA", matches(`^9[0-9]{2}-?[0-9]{2}-?[0-9]{4}$`), "nine digits, of which the first is a 9"},
	"ein":  {"USA", matches(`^[0-9]{2}-?[0-9]{7}$`), "two digits, a hyphen and seven digits"},
	"curp": {"MEX", matches(`^[A-Z]{4}[0-9]{6}[HMX][A-Z]{5}[A-Z0-9][0-9]$`), "eighteen characters, upper case"},
	"rfc":  {"MEX", matches(`^[A-ZÑ&]{3,4}[0-9]{6}[A-Z0-9]{3}$`), "twelve characters for a business and thirteen for a person, upper case"},
	"cpf":  {"BRA", func(s string) bool { return isBrazilian(s, 11) }, "eleven digits, of which the last two are check digits"},
	"cnpj": {"BRA", func(s string) bool { return isBrazilian(s, 14) }, "fourteen characters, of which the last two are check digits"},
}

// matches compiles a pattern when it is asked for first: a command uses few of them.
func matches(pattern string) func(string) bool {
	form := sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
	return func(s string) bool { return form().MatchString(s) }
}

var isSSN = matches(`^[0-9]{3}-?[0-9]{2}-?[0-9]{4}$`)

// isBrazilian checks the two digits at the end of a CPF or CNPJ. Characters
// are weighed from the right, up to 11 in a CPF and up to 9 in a CNPJ, whose
// letters count by their place in ASCII.
func isBrazilian(s string, size int) bool {
	s = strings.NewReplacer(".", "", "-", "", "/", "").Replace(s)
	if len(s) != size || strings.Trim(s, s[:1]) == "" {
		return false
	}
	for n := size - 2; n < size; n++ {
		sum := 0
		for i := range n {
			weight := n - i + 1
			if size == 14 {
				weight = (n-i-1)%8 + 2
			}
			sum += int(s[i]-'0') * weight
		}
		if check := (11 - sum%11) % 11 % 10; int(s[n]-'0') != check {
			return false
		}
	}
	return true
}

// papers calls look for every identity document of a user and its people.
func papers(v cty.Value, visit func(at cty.Path, paper cty.Value)) {
	each := func(at cty.Path, owner cty.Value) {
		list, _ := entries(owner, "identifying_information")
		for i, paper := range list {
			visit(at.GetAttr("identifying_information").IndexInt(i), paper)
		}
	}
	each(nil, v)
	people, _ := entries(v, "associated_persons")
	for i, p := range people {
		each(path("associated_persons").IndexInt(i), p)
	}
}

func taxCountry(v cty.Value, _ schema.Env) (found []schema.Problem) {
	papers(v, func(at cty.Path, paper cty.Value) {
		kind, country := known(paper, "type"), known(paper, "issuing_country")
		if t, ok := taxes[kind]; ok && schema.Alpha3.Accepts(country) && country != t.country {
			found = append(found, risk(at.GetAttr("issuing_country"), "tax-id-country", "Tax number of another country",
				fmt.Sprintf("%s is a number of %s, and %s does not issue it. Correct one of the two.", kind, t.country, country))...)
		}
	})
	return found
}

func taxDocuments(v cty.Value, _ schema.Env) (found []schema.Problem) {
	papers(v, func(at cty.Path, paper cty.Value) {
		kind := known(paper, "type")
		if _, ok := taxes[kind]; !ok {
			return
		}
		if files, _ := entries(paper, "documents"); len(files) > 0 {
			found = append(found, risk(at.GetAttr("documents"), "tax-id-documents", "Documents of a number",
				fmt.Sprintf("For %s Kira takes the number only. Remove documents.", kind))...)
		}
	})
	return found
}

func userTaxForms(v cty.Value, _ schema.Env) []schema.Problem {
	found := taxForm(path("ssn"), "ssn", known(v, "ssn"))
	found = append(found, taxForm(path("representative_ssn"), "ssn", known(v, "representative_ssn"))...)
	people, _ := entries(v, "associated_persons")
	for i, p := range people {
		found = append(found, taxForm(path("associated_persons").IndexInt(i).GetAttr("ssn"), "ssn", known(p, "ssn"))...)
	}
	papers(v, func(at cty.Path, paper cty.Value) {
		found = append(found, taxForm(at.GetAttr("number"), known(paper, "type"), known(paper, "number"))...)
	})
	return found
}

func recipientTaxForm(v cty.Value, _ schema.Env) []schema.Problem {
	return taxForm(path("account", "doc_number"), known(v, "account", "doc_type"), known(v, "account", "doc_number"))
}

// taxForm says nothing of the number itself: it is sensitive everywhere.
func taxForm(at cty.Path, kind, number string) []schema.Problem {
	t, ok := taxes[kind]
	if !ok || number == "" || t.ok(number) {
		return nil
	}
	return risk(at, "tax-id-form", "Unlikely tax number",
		fmt.Sprintf("A number of type %s has %s, and this one does not look like that. Compare it with the document.", kind, t.what))
}
