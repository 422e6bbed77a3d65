package kinds

import (
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// A Product is something that a user can be eligible for, with the fields that
// Kira asks of the user for it.
type Product struct {
	Code string
	Doc  string

	individual, business fields
}

// fields has the fields that a product asks for of a type of user: of all, of
// those in the United States, and of those elsewhere. Kira derives that
// category from address_country (documented 2.7).
type fields struct{ all, usa, international []string }

// Products are those that a virtual account can be of.
var Products = []*Product{
	{Code: "usa-virtual-accounts-act", Doc: "accounts at austin_capital_trust",
		individual: fields{
			all: split(everyIndividual, `employment_status
				current_employer:when_employment_status:employed occupation:when_employment_status:employed
				additional_info:has_us_bank_account additional_info:has_denied_bank_account`),
			usa:           split("immigration_status:unless_nationality:USA ssn:unless_immigration_status:non_us_citizen"),
			international: append(split("immigration_status"), "ssn:when_immigration_status:U.S. Citizen"),
		},
		business: fields{
			all:           split(everyBusiness),
			usa:           split("ein associated_persons:ssn"),
			international: split("international_entity_type"),
		}},
	{Code: "usa-virtual-accounts", Doc: "accounts at slovak_savings_bank or portage",
		individual: fields{all: split(everyIndividual, `gender document_type document_number document_country
			identifying_information:front identifying_information:back:unless_doc_type:passport
			identifying_information:file_proof_of_address identifying_information:file_source_of_wealth`)},
		business: fields{all: split(everyBusiness, `identifying_information:file_proof_of_address
			identifying_information:file_business_formation identifying_information:file_source_of_wealth
			associated_persons:identifying_information:front
			associated_persons:identifying_information:back:unless_doc_type:passport`)}},
}

// The fields that both products ask for (documented 2.1.1 to 2.1.3,
// "readiness").
const (
	everyAddress    = " address_street address_city address_state address_zip_code address_country account_purpose "
	everyIndividual = "first_name last_name birth_date email phone nationality" + everyAddress
	everyBusiness   = "business_legal_name email phone business_type business_industry formation_date formation_country" + everyAddress +
		`associated_persons associated_persons:first_name associated_persons:last_name associated_persons:birth_date
		associated_persons:email associated_persons:nationality`
)

func split(lists ...string) []string { return strings.Fields(strings.Join(lists, " ")) }

// Category names the set of fields that applies to a user, such as
// "international_individual", or "" while it is not known (documented 2.7).
func Category(user cty.Value) string {
	country, f := lookText(user, "address_country")
	switch kind := known(user, "type"); {
	case kind == "" || f == unknown:
		return ""
	case country == "USA":
		return "usa_" + kind
	default:
		return "international_" + kind
	}
}

// tokens returns the fields that p asks for of a user. Those that differ by
// category are not asked for until the category is known.
func (p *Product) tokens(user cty.Value) []string {
	of := p.individual
	if known(user, "type") == "business" {
		of = p.business
	}
	switch category := Category(user); {
	case known(user, "type") == "":
		return nil
	case category == "":
		return of.all
	case strings.HasPrefix(category, "usa_"):
		return slices.Concat(of.all, of.usa)
	}
	return slices.Concat(of.all, of.international)
}

// Readiness is how far a user is from a product.
type Readiness struct {
	Product *Product
	Lacks   []schema.Lack // nothing means that it is ready, once it is verified
	Live    bool          // judged by Kira's answer rather than by the documents
}

// Ready judges a user as it is written and, if it exists, as Kira last showed
// it (else seen is cty.NilVal). The fields that Kira calls missing count,
// except for those that are written by now and will be sent. It is false for a
// user that a hosted form will ask.
func (p *Product) Ready(user, seen cty.Value) (Readiness, bool) {
	r := Readiness{Product: p}
	if mode, f := lookText(user, "verification_mode"); f == unknown || mode == "verification_link" {
		return r, false
	}
	tokens, live := p.live(seen)
	if !live {
		tokens = p.tokens(user)
	}
	r.Live = live
	for _, t := range tokens {
		r.Lacks = append(r.Lacks, parseToken(t).lacking(user)...)
	}
	return r, true
}

// live returns the tokens that Kira shows as missing for p, and whether it
// shows any: both lists may be empty, null or filled before verification has
// run, and missing_fields has no entry for a product that is complete (brief;
// observed 5.2).
func (p *Product) live(seen cty.Value) (tokens []string, ok bool) {
	products, _ := entries(seen, "eligible_products")
	for _, e := range products {
		if v, f := look(e, "eligible"); known(e, "product_code") == p.Code && f == written && v.True() {
			return nil, true
		}
	}
	missing, f := look(seen, "missing_fields")
	if f != written || missing.LengthInt() == 0 {
		return nil, len(products) > 0
	}
	list, f := look(schema.Member(missing, p.Code))
	if f != written {
		return nil, true
	}
	for _, t := range list.AsValueSlice() {
		tokens = append(tokens, t.AsString())
	}
	return tokens, true
}

// lacksForAccount is the gate's view: whether the user is ready for the
// product that an account is of.
func lacksForAccount(account, user, seen cty.Value) schema.Shortage {
	p, ok := productOf(account)
	if !ok {
		return schema.Shortage{}
	}
	r, _ := p.Ready(user, seen)
	return schema.Shortage{For: "the product " + p.Code, Lacks: r.Lacks, Seen: r.Live}
}

// readForAccount: an account of a product that nobody knows is not judged.
func readForAccount(account cty.Value) []string {
	if _, ok := productOf(account); !ok {
		return nil
	}
	return []string{"eligible_products", "missing_fields"}
}

// productOf returns the product of an account: its bank decides (documented
// 2.7). The fields that zenus asks for are not documented.
func productOf(account cty.Value) (*Product, bool) {
	bank := known(account, "bank")
	switch {
	case wantsACT(account):
		return Products[0], true
	case bank == "slovak_savings_bank" || bank == "portage":
		return Products[1], true
	}
	return nil, false
}
