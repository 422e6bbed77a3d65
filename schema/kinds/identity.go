package kinds

import (
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// The attributes that tell two objects of each kind apart, and those of their
// identity: the table of the natural keys. A person who has another e-mail
// address and another given name or day of birth at once is another person; so
// is one with the same address and both of them new.

var userIdentity = &schema.Identity{
	Natural: []string{"type", "email"},
	Who: []string{"first_name", "middle_name", "last_name", "birth_date", "ssn", "document_number",
		"business_legal_name", "formation_date", "ein", "identifying_information.number"},
	Form: foldEmail,
	Person: map[string][]string{
		"individual": {"first_name", "birth_date"},
		"business":   {"formation_date", "ein"},
	},
	Key: "email", Loose: "CREATED", Failed: "REJECTED",
}

// foldEmail compares e-mail addresses without regard to case.
func foldEmail(path, text string, _ func(string) cty.Value) string {
	if path == "email" {
		return strings.ToLower(text)
	}
	return text
}

// Of each kind, the attributes by which people know an object.
var (
	userKnown        = [][]string{{"first_name", "last_name", "business_legal_name"}, {"email"}}
	accountKnown     = [][]string{{"bank", "provider"}, {"mode", "destination.currency", "destination.network"}}
	recipientKnown   = [][]string{{"first_name", "last_name", "company_name"}, {"account.account_type", "account.token", "account.network"}}
	liquidationKnown = [][]string{{"recipient.first_name", "recipient.last_name", "recipient.company_name"}, {"token", "network"}}
)

var accountIdentity = &schema.Identity{
	Natural: []string{"user_id", "bank", "mode", "destination.currency", "destination.network"},
	Who:     []string{"destination.address"},
	Money:   []string{"destination.address"},
	Derive:  map[string]func(func(string) cty.Value) cty.Value{"bank": bankOf},
}

// bankOf is the bank of an account, which may be named by its provider.
func bankOf(at func(string) cty.Value) cty.Value {
	bank := at("bank")
	if !schema.IsNull(bank) {
		return bank
	}
	provider, _ := at("provider").Unmark()
	if provider.IsNull() || !provider.IsKnown() || provider.Type() != cty.String || providers[provider.AsString()] == "" {
		return provider
	}
	return cty.StringVal(providers[provider.AsString()])
}

// accountNames are the attributes of an account that say where money goes.
var accountNames = []string{"account_number", "clabe", "routing_number", "intermediary_routing_number", "swift_code", "bank_code",
	"pix_key_type", "token", "network", "address"}

var recipientIdentity = &schema.Identity{
	Natural: append([]string{"user_id", "account.account_type"}, prefixed("account.", accountNames)...),
	Who:     []string{"first_name", "last_name", "company_name"},
	Money:   prefixed("account.", accountNames),
	Form:    foldAccount,
}

var liquidationIdentity = &schema.Identity{
	Natural: []string{"virtual_account_id", "token", "network"},
	Who: append([]string{"recipient.first_name", "recipient.last_name", "recipient.company_name", "recipient.account.account_type"},
		prefixed("recipient.account.", accountNames)...),
	Money: prefixed("recipient.account.", accountNames),
	Form:  foldAccount,
}

func prefixed(prefix string, names []string) (out []string) {
	for _, n := range names {
		out = append(out, prefix+n)
	}
	return out
}

// breaks takes out the marks between the parts of a number.
var breaks = strings.NewReplacer(" ", "", "-", "")

// foldAccount compares names of accounts without spaces, hyphens and case, but
// for wallets of networks whose addresses are base58: there case counts.
func foldAccount(path, text string, at func(string) cty.Value) string {
	prefix, name := path[:strings.LastIndexByte(path, '.')+1], path[strings.LastIndexByte(path, '.')+1:]
	if prefix == "" || name == "account_type" {
		return text
	}
	text = breaks.Replace(text)
	if network, _ := at(prefix + "network").Unmark(); name == "address" && (network.IsNull() || !network.IsKnown() || network.AsString() != "polygon") {
		return text
	}
	return strings.ToLower(text)
}
