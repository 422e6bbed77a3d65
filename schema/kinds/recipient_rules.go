package kinds

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/diag"
	"kiraform/internal/ui/words"
	"kiraform/schema"
)

var recipientRules = []schema.Rule{
	{ID: "recipient-name", Check: recipientName,
		Doc: "An individual has first_name and last_name, a business company_name (brief)."},
	{ID: "bank-address-form", Check: bankAddressForm,
		Doc: "account.bank_address is an object for WIRE and SWIFT and a string for the others; its country has two letters (brief; documented 4.1)."},
	{ID: "address-part-empty", Check: addressPartEmpty,
		Doc: "The parts of a bank's address must not be empty (documented 4.1); of the recipient's own address no document says that they may be."},
	{ID: "number-length", Check: numberLength,
		Doc: "Numbers of accounts and documents have the length that the account type asks for, and telephone numbers have at most 16 characters (documented 4.1)."},
	{ID: "token-not-on-network", Check: tokenNotOnNetwork,
		Doc: "Only some pairs of token and network can be paid to; USDT on solana cannot (documented 4.1)."},
	{ID: "wallet-address", Check: walletAddress("account", "token", wallets),
		Doc: "The address of a WALLET must be one on its network; Kira verifies those of tron (observed 6)."},
	{ID: "bank-number-unlikely", Check: bankNumbers, Doc: bankNumberUnlikely},
	{ID: "holder-document-missing", Check: holderDocument,
		Doc: "Second-hand lists ask for the holder's document for ACH and INSTANT_PAY, and name its kinds for CRC, GTQ, PAUSD, PYG and SVUSD (documented 4.1); the brief asks for none."},
	{ID: "iban-check-digits", Check: ibanCheckDigits,
		Doc: "An account number of SWIFT may be an IBAN (documented 4.1), whose check digits then fit."},
	{ID: "phone-unlikely", Check: recipientPhone, Doc: phoneUnlikely},
	{ID: "tax-id-form", Check: recipientTaxForm, Doc: taxIDForm},
	{ID: "doc-type-case", Check: docTypeCase,
		Doc: "doc_type reads back in lower case (documented 4.2), and no document says that Kira takes another."},
}

func recipientName(v cty.Value, _ schema.Env) []schema.Problem {
	kind, f := lookText(v, "type")
	must, never := []string{"first_name", "last_name"}, []string{"company_name"}
	switch {
	case f == unknown:
		return nil
	case kind == "business":
		must, never = never, must
	default:
		kind = "individual"
	}
	var found []schema.Problem
	missing := slices.DeleteFunc(slices.Clone(must), func(name string) bool {
		_, f := look(v, name)
		return f != absent
	})
	for _, name := range missing {
		found = append(found, mistake(path(name), "recipient-name", "Missing name",
			fmt.Sprintf("A recipient of type %q needs %s. Add %s.", kind, words.Quoted(missing...), map[bool]string{true: "it", false: "them"}[len(missing) == 1]))...)
	}
	for _, name := range never {
		if _, f := look(v, name); f == written {
			found = append(found, mistake(path(name), "recipient-name", "Name of another kind",
				fmt.Sprintf("A recipient of type %q has no %s. Remove it, or change type.", kind, name))...)
		}
	}
	return found
}

var bankAddressParts = []string{"street_name", "city", "state", "postal_code", "country"}

func bankAddressForm(v cty.Value, _ schema.Env) []schema.Problem {
	rail := known(v, "account", "account_type")
	bank, f := look(v, "account", "bank_address")
	at := path("account", "bank_address")
	switch {
	case f != written || rail == "":
		return nil
	case rail == "WIRE" || rail == "SWIFT":
		if !bank.Type().IsObjectType() && !bank.Type().IsMapType() {
			return mistake(at, "bank-address-form", "Not an object",
				fmt.Sprintf("For %s, bank_address is an object. Write { street_name, city, state, postal_code, country }.", rail))
		}
		return bankAddressObject(at, bank)
	case bank.Type() != cty.String:
		return mistake(at, "bank-address-form", "Not a string",
			fmt.Sprintf("For %s, bank_address is one string. Write street, city and country in it.", rail))
	case utf8.RuneCountInString(bank.AsString()) > 500:
		return mistake(at, "bank-address-form", "Address too long", "Kira takes at most 500 characters here. Shorten it.")
	}
	return nil
}

func bankAddressObject(at cty.Path, bank cty.Value) []schema.Problem {
	var found []schema.Problem
	parts := make(map[string]cty.Value)
	for it := bank.ElementIterator(); it.Next(); {
		key, part := it.Element()
		name := key.AsString()
		if parts[name], _ = part.Unmark(); !slices.Contains(bankAddressParts, name) {
			hint := diag.DidYouMean(name, bankAddressParts)
			if slices.Contains(postalAddress[0].Called, name) {
				hint = ` Did you mean "street_name"?`
			}
			found = append(found, mistake(at.GetAttr(name), "bank-address-form", "Unexpected attribute",
				fmt.Sprintf("bank_address has no %s.%s Its attributes are %s.", name, hint, words.Quoted(bankAddressParts...)))...)
		}
	}
	for _, name := range bankAddressParts {
		part, ok := parts[name]
		switch {
		case !ok || part.IsNull():
			found = append(found, mistake(at.GetAttr(name), "bank-address-form", "Missing attribute",
				fmt.Sprintf("Kira refuses a bank_address without %s. Add it.", name))...)
		case !part.IsKnown():
		case part.Type() == cty.String && part.AsString() == "":
			found = append(found, mistake(at.GetAttr(name), "bank-address-form", "Empty attribute",
				fmt.Sprintf("Kira refuses a bank_address with an empty %s. Write it.", name))...)
		case name == "country" && (part.Type() != cty.String || !schema.Alpha2.Accepts(part.AsString())):
			found = append(found, mistake(at.GetAttr(name), "bank-address-form", "Not a two-letter country code",
				`Recipients take ISO 3166 alpha-2 codes in upper case, such as "MX"; users take three letters. Write two letters.`)...)
		}
	}
	return found
}

func addressPartEmpty(v cty.Value, _ schema.Env) (found []schema.Problem) {
	for _, name := range bankAddressParts {
		if s, f := lookText(v, "address", name); f == written && strings.TrimSpace(s) == "" {
			found = append(found, risk(path("address", name), "address-part-empty", "Empty part of an address",
				fmt.Sprintf("Kira may refuse an address with an empty %s. Write it.", name))...)
		}
	}
	return found
}

// A size is how many characters a number has; no most is no limit.
type size struct{ least, most int }

func (s size) String() string {
	switch s.most {
	case 0:
		return fmt.Sprintf("at least %d characters", s.least)
	case s.least:
		return fmt.Sprintf("%d characters", s.least)
	}
	return fmt.Sprintf("%d to %d characters", s.least, s.most)
}

// sizes of numbers, by attribute and account type (documented 4.1).
var sizes = map[string]map[string]size{
	"account_number": {
		"SWIFT": {least: 4}, "WIRE": {least: 4}, "ACH": {least: 4}, "INSTANT_PAY": {least: 4},
		"BRL": {11, 50}, "ARS": {18, 22}, "CLP": {7, 18}, "PEN": {20, 20}, "PEUSD": {20, 20},
		"UYU": {7, 16}, "DOP": {7, 20}, "ECUSD": {7, 30},
	},
	"doc_number": {"ARS": {11, 11}, "UYU": {6, 12}},
}

func numberLength(v cty.Value, _ schema.Env) []schema.Problem {
	var found []schema.Problem
	rail := known(v, "account", "account_type")
	for _, name := range []string{"account_number", "doc_number"} {
		number, f := lookText(v, "account", name)
		want, ok := sizes[name][rail]
		n := utf8.RuneCountInString(number)
		if f == written && ok && (n < want.least || want.most > 0 && n > want.most) {
			found = append(found, mistake(path("account", name), "number-length", "Number of the wrong length",
				fmt.Sprintf("For %s, %s has %s, and this one has %d. Compare it with what you were given.", rail, name, want, n))...)
		}
	}
	const mostOfPhone = 16
	if number, f := lookText(v, "phone"); f == written && utf8.RuneCountInString(number) > mostOfPhone {
		found = append(found, mistake(path("phone"), "number-length", "Number of the wrong length",
			fmt.Sprintf("A telephone number has at most %d characters, and this one has %d. Write it without spaces.", mostOfPhone, utf8.RuneCountInString(number)))...)
	}
	return found
}

// wallets lists the networks on which a token can be paid to (documented 4.1).
var wallets = map[string][]string{
	"USDC": {"solana", "polygon"},
	"USDT": {"tron", "polygon"},
	"COPm": {"polygon"},
}

func tokenNotOnNetwork(v cty.Value, _ schema.Env) []schema.Problem {
	token, network := known(v, "account", "token"), known(v, "account", "network")
	networks, ok := wallets[token]
	if !ok || !slices.Contains([]string{"polygon", "solana", "tron"}, network) || slices.Contains(networks, network) {
		return nil
	}
	return mistake(path("account", "network"), "token-not-on-network", "No such pair",
		fmt.Sprintf("Kira does not pay %s to wallets on %s. Use one of %s.", token, network, words.Quoted(networks...)))
}

func docTypeCase(v cty.Value, _ schema.Env) []schema.Problem {
	kind := known(v, "account", "doc_type")
	a, _ := find("doc_type")
	if kind == strings.ToLower(kind) || a.Values(known(v, "account", "account_type")) != nil {
		return nil // right, or reported because it is not in the list
	}
	return risk(path("account", "doc_type"), "doc-type-case", "Upper case in doc_type",
		fmt.Sprintf("Kira keeps doc_type in lower case. Write %q.", strings.ToLower(kind)))
}

func find(name string) (*schema.Attr, bool) {
	account := schema.Attr{Nested: recipientAccount}
	return account.Sub(name)
}
