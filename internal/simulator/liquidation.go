package simulator

import (
	"maps"
	"net/http"
	"slices"
)

// liquidationPairs leave out USDT on solana (documented.md 3.7).
var liquidationPairs = []string{"USDC solana", "USDC polygon", "USDT polygon", "USDT tron"}

// createLiquidation is POST /v1/virtual-accounts/{id}/liquidation-address: an
// address whose deposits are paid out to a bank account.
func (c *call) createLiquidation() answer {
	a, bad := c.account()
	if a == nil {
		return bad
	}
	if wrong := checkLiquidation(c.body); len(wrong) > 0 {
		return invalid(wrong...)
	}
	pair := c.body["token"].(string) + " " + c.body["network"].(string)
	to := c.body["recipient"].(doc)
	number := to["account"].(doc)["account_number"].(string)
	switch {
	case !a.usable():
		return c.inactive()
	case !slices.Contains(liquidationPairs, pair):
		return c.stamped(http.StatusBadRequest, "Unsupported network and token: "+pair)
	case slices.ContainsFunc(a.Liquidation, func(l doc) bool { return l["number"] == number }):
		return c.stamped(http.StatusConflict, "A liquidation address already exists for this bank account")
	}
	if i := slices.IndexFunc(a.Liquidation, func(l doc) bool {
		shown := l["shown"].(doc)
		return shown["token"] == c.body["token"] && shown["network"] == c.body["network"]
	}); i >= 0 {
		c.blame(SecondObject, "the account has one for this token and network, "+a.Liquidation[i]["shown"].(doc)["id"].(string))
	}
	id := c.newID()
	address := makeAddress(c.body["network"].(string), id)
	shown := doc{
		"id": "liq_" + id, "virtual_account_id": a.ID, "status": "active", "network": c.body["network"],
		"token": c.body["token"], "address": address, "markup": c.body["markup"], "created_at": iso(c.at),
		"wallet": doc{"id": c.newID(), "address": address, "network": c.body["network"]},
		"recipient": doc{"id": "rec_" + c.newID(), "type": keepRecipient(to)["type"], "name": nameOf(to),
			"account_type": to["account"].(doc)["account_type"], "bank_name": to["account"].(doc)["bank_name"],
			"account_number_last4": number[len(number)-4:]},
	}
	a.Liquidation = append(a.Liquidation, doc{"number": number, "shown": shown})
	c.touch(change{Account: a})
	return created(shown)
}

var (
	markup = like(`^\d+(\.\d{1,4})?$`, "Expected a decimal with up to 4 places")

	liquidationWords = shape{
		need("network", oneOf("solana", "polygon", "tron")), need("token", oneOf("USDC", "USDT")),
		need("recipient", objectOf(nil)),
		may("markup", objectOf(shape{may("fixed", markup), may("percentage", markup), may("fx", markup)})),
	}
)

func checkLiquidation(body doc) []issue {
	bad := liquidationWords.check("", body)
	if to, ok := body["recipient"].(doc); ok {
		bad = append(bad, checkInline(to)...)
	}
	return bad
}

// checkInline is the check of a recipient that is described within another
// request: only three rails, and of contacts only SWIFT's e-mail.
func checkInline(to doc) []issue {
	account, _ := to["account"].(doc)
	kind, _ := account["account_type"].(string)
	if account != nil && !slices.Contains([]string{"ACH", "WIRE", "SWIFT"}, kind) {
		return one("recipient.account.account_type", "invalid_union_discriminator",
			"Invalid discriminator value. Expected 'ACH' | 'WIRE' | 'SWIFT'")
	}
	return slices.DeleteFunc(checkRecipient("recipient.", to), func(i issue) bool {
		return i.Message == "Required" && (i.Path == "recipient.phone" || i.Path == "recipient.address" ||
			i.Path == "recipient.email" && kind != "SWIFT") ||
			i.Path == "recipient.account.doc_type" && account["doc_type"] == "SSN" // the vendor's own example
	})
}

func nameOf(to doc) string {
	if name, ok := to["company_name"].(string); ok {
		return name
	}
	return to["first_name"].(string) + " " + to["last_name"].(string)
}

// listLiquidations is GET of the same path: a bare array.
func (c *call) listLiquidations() answer {
	a, bad := c.account()
	if a == nil {
		return bad
	}
	rows := []doc{}
	for _, l := range a.Liquidation {
		row := doc{"updated_at": l["shown"].(doc)["created_at"]}
		maps.Copy(row, l["shown"].(doc))
		rows = append(rows, row)
	}
	return ok(rows)
}
