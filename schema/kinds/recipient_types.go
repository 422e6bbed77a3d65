package kinds

import (
	"slices"
	"strings"
)

// An accountType is one form that a recipient's account can have.
type accountType struct {
	name string
	must string // attributes of account that Kira requires
	may  string // those that it takes besides; all others it drops without notice (observed 6)
	top  string // attributes of the recipient itself that it requires
	show string // which of must and may read back; the documents say nothing of the rest
}

const (
	americanMust = "routing_number account_number type bank_name bank_address"
	nationalMust = "account_number"
	nationalMay  = "doc_type doc_number bank_code bank_name type city doc_country_code"
)

// accountTypes has the table of documented 4.1 in its order, corrected by
// observation (6): SPEI needs no doc_type, and address is required for all American
// rails, which need no document of the holder (brief). Where the table has gaps, a
// type needs the number of an account. The shown fields are from documented 4.2 and
// observed 6.
var accountTypes = []accountType{
	{name: "SWIFT", must: "bank_name account_number swift_code bank_address",
		may: "intermediary_routing_number doc_type doc_number doc_country_code", top: "email phone address",
		show: "bank_name account_number swift_code bank_address doc_type doc_number doc_country_code"},
	{name: "WIRE", must: americanMust, may: "swift_code doc_type doc_number", top: "email address",
		show: americanMust + " swift_code"},
	{name: "ACH", must: americanMust, may: "doc_type doc_number", top: "email address",
		show: americanMust + " doc_type doc_number"},
	{name: "INSTANT_PAY", must: americanMust, may: "doc_type doc_number", top: "address", show: americanMust},
	{name: "USD", must: "account_number bank_address", may: "routing_number type bank_name swift_code doc_type doc_number"},
	{name: "WALLET", must: "token network address", show: "token network address"},
	{name: "SPEI", must: "clabe", may: "doc_type doc_number doc_country_code", show: "clabe doc_type doc_number doc_country_code"},
	{name: "PSE", must: "account_number bank_code type doc_type doc_number doc_country_code"},
	{name: "BRL", must: "account_number pix_key_type city doc_type doc_number doc_country_code"},
	{name: "ARS", must: "account_number bank_code type doc_type doc_number doc_country_code"},
	{name: "CLP", must: "account_number bank_code type doc_type doc_number", may: "doc_country_code"},
	{name: "PEN", must: "account_number bank_code city doc_type doc_number", may: "type doc_country_code"},
	{name: "PEUSD", must: "account_number bank_code city doc_type doc_number", may: "type doc_country_code"},
	{name: "UYU", must: "account_number bank_code doc_type doc_number", may: "type doc_country_code"},
	{name: "DOP", must: "account_number bank_code doc_type", may: "type doc_number doc_country_code"},
	{name: "ECUSD", must: "account_number bank_code city doc_type", may: "type doc_number doc_country_code"},
	{name: "CRC", must: nationalMust, may: nationalMay},
	{name: "GTQ", must: nationalMust, may: nationalMay},
	{name: "PAUSD", must: nationalMust, may: nationalMay},
	{name: "PYG", must: nationalMust, may: nationalMay},
	{name: "SVUSD", must: nationalMust, may: nationalMay},
}

// typesWhere returns the names of the account types for which has is true. It
// is never nil: an attribute that none has applies to none.
func typesWhere(has func(accountType) bool) []string {
	names := []string{}
	for _, t := range accountTypes {
		if has(t) {
			names = append(names, t.name)
		}
	}
	return names
}

func names(words, name string) bool { return slices.Contains(strings.Fields(words), name) }

// recognisable reports whether the answers of a type show the attribute that
// tells one account from another.
func recognisable(accountType string) bool {
	for _, t := range accountTypes {
		if t.name == accountType {
			return names(t.show, "account_number") || names(t.show, "clabe") || names(t.show, "address")
		}
	}
	return false
}
