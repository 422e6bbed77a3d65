package kinds

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// userCountryRules are about attributes that depend on the home of a user.
var userCountryRules = []schema.Rule{
	{ID: "ssn-outside-usa", Check: ssnAbroad,
		Doc: "ssn must not be sent for an individual outside the United States (brief)."},
	{ID: "ein-outside-usa", Check: einAbroad,
		Doc: "ein must not be sent for a business outside the United States, which has international_entity_type (brief)."},
	{ID: "control-prong-ssn", Check: controlProngSSN,
		Doc: "The control prong of a US business needs an ssn (brief)."},
	{ID: "restricted-country", Check: restricted,
		Doc: "Kira opens no virtual accounts for users in some countries (documented 2.7, second-hand)."},
}

// abroad reports whether at least one of the attributes names a country, none
// the United States, and none is still unknown.
func abroad(v cty.Value, names ...string) bool {
	some := false
	for _, name := range names {
		switch country, f := lookText(v, name); {
		case f == unknown || strings.HasPrefix(country, "US"): // "US" is a mistake of its own
			return false
		case f == written:
			some = true
		}
	}
	return some
}

// placesOf returns where a user has a number: as an attribute, and among its
// own identity documents.
func placesOf(v cty.Value, name string) []cty.Path {
	var found []cty.Path
	if _, f := look(v, name); f == written {
		found = append(found, path(name))
	}
	list, _ := entries(v, "identifying_information")
	for i, paper := range list {
		if known(paper, "type") == name {
			found = append(found, path("identifying_information").IndexInt(i).GetAttr("type"))
		}
	}
	return found
}

func ssnAbroad(v cty.Value, _ schema.Env) []schema.Problem {
	sent := placesOf(v, "ssn")
	if len(sent) == 0 || known(v, "type") == "business" {
		return nil
	}
	// Whoever has a status that leads to a number may live anywhere.
	status, f := lookText(v, "immigration_status")
	american := f == unknown || f == written && status != "Non-Resident of U.S."
	if american || !abroad(v, "nationality", "address_country") {
		return nil
	}
	var found []schema.Problem
	for _, at := range sent {
		found = append(found, mistake(at, "ssn-outside-usa", "A US number outside the US",
			"Kira does not take an ssn for a person who is neither American nor lives in the United States. Remove it.")...)
	}
	return found
}

func einAbroad(v cty.Value, _ schema.Env) []schema.Problem {
	sent := placesOf(v, "ein")
	if len(sent) == 0 || known(v, "type") == "individual" {
		return nil
	}
	if !abroad(v, "formation_country", "address_country") {
		return nil
	}
	var found []schema.Problem
	for _, at := range sent {
		found = append(found, mistake(at, "ein-outside-usa", "A US number outside the US",
			"Kira does not take an ein for a business outside the United States. Remove it, and write international_entity_type instead.")...)
	}
	return found
}

func controlProngSSN(v cty.Value, _ schema.Env) []schema.Problem {
	country, f := lookText(v, "address_country")
	if f == absent {
		country = known(v, "formation_country")
	}
	if known(v, "type") != "business" || country != "USA" {
		return nil
	}
	var found []schema.Problem
	people, _ := entries(v, "associated_persons")
	for i, p := range people {
		if is, f := hasPaper(p, "ssn"); is || f == unknown {
			continue
		}
		if _, f := look(p, "ssn"); f == absent && known(p, "role") == "control_prong" {
			at := path("associated_persons").IndexInt(i).GetAttr("ssn")
			found = append(found, mistake(at, "control-prong-ssn", "Missing social security number",
				"The person who controls a business in the United States needs an ssn. Add it.")...)
		}
	}
	return found
}

func restricted(v cty.Value, _ schema.Env) []schema.Problem {
	var found []schema.Problem
	for _, name := range []string{"address_country", "formation_country"} {
		if country := known(v, name); slices.Contains(restrictedCountries, country) {
			found = append(found, risk(path(name), "restricted-country", "Restricted country",
				fmt.Sprintf("Kira is documented to open no virtual accounts in %s. Ask your Kira contact before you go on.", country))...)
		}
	}
	return found
}
