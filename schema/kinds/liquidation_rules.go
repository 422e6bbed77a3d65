package kinds

import (
	"fmt"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/ui/words"
	"kiraform/schema"
)

// liquidationCoins lists the networks of each token. USDT on solana, which an
// account can be swept to, is not among them (documented 3.7).
var liquidationCoins = map[string][]string{
	"USDC": {"solana", "polygon"},
	"USDT": {"polygon", "tron"},
}

var liquidationRules = []schema.Rule{
	{ID: "liquidation-pair", Check: liquidationPair,
		Doc: "Only some pairs of token and network are possible; USDT on solana is not (documented 3.7)."},
	{ID: "recipient-name", Check: within("recipient", recipientName),
		Doc: "An individual has first_name and last_name, a business company_name (documented 3.7)."},
	{ID: "bank-address-form", Check: within("recipient", bankAddressForm),
		Doc: "account.bank_address is an object for WIRE and SWIFT and a string for ACH (documented 4.1)."},
	{ID: "bank-number-unlikely", Check: within("recipient", bankNumbers), Doc: bankNumberUnlikely},
	{ID: "number-length", Check: within("recipient", numberLength),
		Doc: "Numbers of accounts have the length that the account type asks for (documented 4.1)."},
}

func liquidationPair(v cty.Value, _ schema.Env) []schema.Problem {
	token, network := known(v, "token"), known(v, "network")
	networks, ok := liquidationCoins[token]
	if !ok || network == "" || slices.Contains(networks, network) {
		return nil
	}
	return mistake(path("network"), "liquidation-pair", "No such pair",
		fmt.Sprintf("Kira has no liquidation addresses for %s on %s. Use one of %s.", token, network, words.Quoted(networks...)))
}

// within is a rule for an object that is written in an attribute.
func within(name string, check func(cty.Value, schema.Env) []schema.Problem) func(cty.Value, schema.Env) []schema.Problem {
	return func(v cty.Value, env schema.Env) []schema.Problem {
		inner, f := look(v, name)
		if f != written {
			return nil
		}
		found := check(inner, env)
		for i := range found {
			found[i].Path = append(path(name), found[i].Path...)
		}
		return found
	}
}
