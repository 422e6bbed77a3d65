package kinds

import (
	"fmt"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// bankNumberUnlikely has the Doc of a rule that two kinds share.
const bankNumberUnlikely = "Routing numbers and CLABEs have a check digit, and SWIFT codes are upper case with a country in the middle; Kira asks for their length only (documented 4.1), so that this is a risk."

// bankNumbers looks at numbers that have the length Kira asks for.
func bankNumbers(v cty.Value, _ schema.Env) (found []schema.Problem) {
	for _, n := range []struct {
		attr   string
		format schema.Format
		likely func(string) bool
		why    string
	}{
		{"routing_number", schema.ABA, schema.ValidABA, "The check digit of this routing number does not fit."},
		{"clabe", schema.CLABE, schema.ValidCLABE, "The check digit of this CLABE does not fit."},
		{"swift_code", schema.BIC, schema.ValidBIC, "SWIFT codes are upper case, with a country in the fifth and sixth place, and this one is not."},
	} {
		if s := known(v, "account", n.attr); s != "" && n.format.Accepts(s) && !n.likely(s) {
			found = append(found, risk(path("account", n.attr), "bank-number-unlikely", "Unlikely bank number",
				n.why+" Compare it with what the bank gave you.")...)
		}
	}
	return found
}

func holderDocument(v cty.Value, _ schema.Env) (found []schema.Problem) {
	rail := known(v, "account", "account_type")
	if !slices.Contains([]string{"ACH", "INSTANT_PAY", "CRC", "GTQ", "PAUSD", "PYG", "SVUSD"}, rail) {
		return nil
	}
	for _, name := range []string{"doc_type", "doc_number"} {
		if _, f := look(v, "account", name); f == absent {
			found = append(found, risk(path("account", name), "holder-document-missing", "Holder without a document",
				fmt.Sprintf("Kira may ask for %s of the holder of the %s account. Add it if you have it.", name, rail))...)
		}
	}
	return found
}
