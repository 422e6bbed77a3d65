package simulator

import (
	"slices"
	"strings"
)

// A gap is a field that a product may lack, under its token.
type gap struct {
	token string
	open  func(u *user) bool
}

func unsent(name string) gap {
	return gap{name, func(u *user) bool { return blank(u.Sent[name]) }}
}

func unsents(names ...string) []gap {
	all := make([]gap, len(names))
	for i, name := range names {
		all[i] = unsent(name)
	}
	return all
}

// when asks for a field only of some users, and says so in its token.
func when(token string, applies func(*user) bool, field string) gap {
	return gap{token, func(u *user) bool { return applies(u) && blank(u.Sent[field]) }}
}

func blank(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return strings.TrimSpace(v) == ""
	case []any:
		return len(v) == 0
	default:
		return false
	}
}

// gaps are the field sets of a product (documented.md 2.7): four for each of
// the two, by kind of user and by where the user lives.
func gaps(product string, business bool) []gap {
	switch {
	case business && product == productACT:
		return actBusiness
	case business:
		return wireBusiness
	case product == productACT:
		return actIndividual
	default:
		return wireIndividual
	}
}

var (
	actIndividual  = slices.Concat(individualGaps, actIndividualGaps())
	wireIndividual = slices.Concat(individualGaps, wireIndividualGaps())
	actBusiness    = slices.Concat(businessGaps, actBusinessGaps())
	wireBusiness   = slices.Concat(businessGaps, wireBusinessGaps())
)

var individualGaps = unsents("first_name", "last_name", "birth_date", "email", "phone", "nationality",
	"address_street", "address_city", "address_state", "address_zip_code", "address_country", "account_purpose")

func actIndividualGaps() []gap {
	employed := func(u *user) bool { return u.text("employment_status") == "employed" }
	return []gap{
		unsent("employment_status"),
		when("current_employer:when_employment_status:employed", employed, "current_employer"),
		when("occupation:when_employment_status:employed", employed, "occupation"),
		when("immigration_status", func(u *user) bool { return !isUSA(u.text("address_country")) || !isUSA(u.text("nationality")) }, "immigration_status"),
		{"ssn:unless_immigration_status:non_us_citizen", func(u *user) bool { return u.owesSSN() && !u.hasPaper("ssn") && blank(u.Sent["ssn"]) }},
		additional("has_us_bank_account"),
		additional("has_denied_bank_account"),
	}
}

func wireIndividualGaps() []gap {
	return slices.Concat(
		unsents("gender", "document_type", "document_number", "document_country"),
		[]gap{
			file("front"),
			{"identifying_information:back:unless_doc_type:passport", func(u *user) bool {
				return u.text("document_type") != "passport" && !u.hasPaper("passport") && !hasFile(u.entries("identifying_information"), "back")
			}},
			file("file_proof_of_address"), file("file_source_of_wealth"),
		})
}

var businessGaps = slices.Concat(
	unsents("business_legal_name", "email", "phone", "business_type", "business_industry", "formation_date", "formation_country",
		"address_street", "address_city", "address_state", "address_zip_code", "address_country", "account_purpose", "associated_persons"),
	[]gap{everyone("first_name"), everyone("last_name"), everyone("birth_date"), everyone("email"), everyone("nationality")})

func actBusinessGaps() []gap {
	american := func(u *user) bool { return isUSA(u.text("address_country")) }
	ssn := everyone("ssn")
	return []gap{
		when("ein", american, "ein"),
		when("international_entity_type", func(u *user) bool { return !american(u) }, "international_entity_type"),
		{ssn.token, func(u *user) bool { return american(u) && ssn.open(u) }},
	}
}

func wireBusinessGaps() []gap {
	return []gap{
		file("file_proof_of_address"), file("file_business_formation"), file("file_source_of_wealth"),
		{"associated_persons:identifying_information:front", func(u *user) bool {
			return slices.ContainsFunc(u.entries("associated_persons"), func(p doc) bool {
				return !hasFile(docs(p["identifying_information"]), "front")
			})
		}},
		{"associated_persons:identifying_information:back:unless_doc_type:passport", func(u *user) bool {
			return slices.ContainsFunc(u.entries("associated_persons"), func(p doc) bool {
				papers := docs(p["identifying_information"])
				return !hasType(papers, "passport") && !hasFile(papers, "back")
			})
		}},
	}
}

func additional(name string) gap {
	return gap{"additional_info:" + name, func(u *user) bool {
		info, _ := u.Sent["additional_info"].(doc)
		return blank(info[name])
	}}
}

// everyone asks for a field of every associated person.
func everyone(name string) gap {
	return gap{"associated_persons:" + name, func(u *user) bool {
		return slices.ContainsFunc(u.entries("associated_persons"), func(p doc) bool { return blank(p[name]) })
	}}
}

func file(role string) gap {
	return gap{"identifying_information:" + role, func(u *user) bool {
		return !hasFile(u.entries("identifying_information"), role)
	}}
}

func hasFile(papers []doc, role string) bool {
	return slices.ContainsFunc(papers, func(p doc) bool {
		return slices.ContainsFunc(docs(p["documents"]), func(f doc) bool { return f["type"] == role })
	})
}

func hasType(papers []doc, kind string) bool {
	return slices.ContainsFunc(papers, func(p doc) bool { return p["type"] == kind })
}

func (u *user) hasPaper(kind string) bool { return hasType(u.entries("identifying_information"), kind) }

// owesSSN: who lives in the USA owes it unless a foreigner, who lives
// elsewhere only as a citizen.
func (u *user) owesSSN() bool {
	switch u.text("immigration_status") {
	case "U.S. Citizen":
		return true
	case "Permanent U.S. Resident", "Lawful Permanent Resident of U.S.", "Non-Permanent U.S. Resident", "Non-Resident of U.S.":
		return false // none of them is a citizen
	}
	return isUSA(u.text("address_country"))
}

func isUSA(country string) bool { return country == "USA" || country == "US" }
