package simulator

import (
	"maps"
	"slices"
	"strings"
)

// The two products that a virtual account can be of (brief).
const (
	productACT  = "usa-virtual-accounts-act" // bank austin_capital_trust
	productWire = "usa-virtual-accounts"     // banks portage and slovak_savings_bank
)

// A product is an entry of eligible_products.
type product struct{ id, code, name string }

// products are all 13, sorted by their codes (documented.md 2.7).
var products = describe(
	"card_deposit", "cash_deposit", "payment_link", "payout", "pse_deposit",
	"usa-va-crypto-payout", "usa-va-deposit-settlement", "usa-va-fiat-payout", "usa-va-fiat-to-crypto-payout",
	productWire, productACT, "virtual_account", "virtual_account_spei")

// describe gives each product an id, always the same, and a name.
func describe(codes ...string) []product {
	all := make([]product, len(codes))
	for i, code := range codes {
		words := strings.NewReplacer("-", " ", "_", " ").Replace(code)
		all[i] = product{idMark + "-0000-4000-8000-" + digest([]byte(code))[:12], code, strings.ToUpper(words[:1]) + words[1:]}
	}
	return all
}

// missing has the fields that each product lacks; a product that lacks nothing is
// not in it.
func (u *user) missing() map[string][]string {
	all := map[string][]string{}
	for _, product := range []string{productACT, productWire} {
		for _, g := range gaps(product, u.business()) {
			if g.open(u) {
				all[product] = append(all[product], g.token)
			}
		}
	}
	return all
}

// complete reports whether one product lacks nothing: the condition that
// verification waits for (observed.md 5.3).
func (u *user) complete() bool { return !u.linked() && len(u.missing()) < 2 }

// showProducts adds eligible_products and missing_fields, in the form that is set.
func (c *call) showProducts(v doc, u *user, where view) {
	if c.HideProductsAtCreated && u.Status == "CREATED" {
		v["eligible_products"], v["missing_fields"] = nil, nil
		return
	}
	missing := u.missing()
	shown := make([]doc, len(products))
	for i, p := range products {
		// Only the two that an account can be of ever become eligible.
		ours := p.code == productACT || p.code == productWire
		shown[i] = doc{"product_id": p.id, "product_code": p.code, "product_name": p.name,
			"eligible": ours && u.Status == "VERIFIED" && len(missing[p.code]) == 0}
		if c.MissingFields == "product" {
			shown[i]["product_id"], shown[i]["missing_fields"] = p.code, append([]string{}, missing[p.code]...)
		}
	}
	v["eligible_products"] = shown
	if u.linked() && u.Status == "CREATED" { // the form has not been filled in
		return
	}
	if len(missing) == 0 || c.MissingFields == "product" && where == inAnswer {
		return
	}
	if c.MissingFields != "" {
		missing["general"] = union(missing)
	}
	v["missing_fields"] = missing
}

func union(lists map[string][]string) []string {
	var all []string
	for _, product := range slices.Sorted(maps.Keys(lists)) {
		for _, token := range lists[product] {
			if !slices.Contains(all, token) {
				all = append(all, token)
			}
		}
	}
	return all
}
