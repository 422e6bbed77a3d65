package kinds

import (
	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

var recipientAttrs = []schema.Attr{
	{Name: "user_id", Type: cty.String, Ref: "kira_user", Required: true, Fixed: true, Class: schema.Unreadable, Clear: true, Format: schema.UUID,
		Doc: "Whose recipient it is (brief). It may be a user that is not verified; no answer shows it again (observed 6)."},
	{Name: "type", Type: cty.String, Fixed: true, OneOf: []string{"individual", "business"}, Doc: "An individual, if nothing is written (observed 6)."},
	{Name: "first_name", Type: cty.String, Fixed: true, Demanded: `unless type is "business"`, Doc: "Given name of an individual (brief)."},
	{Name: "last_name", Type: cty.String, Fixed: true, Demanded: `unless type is "business"`, Doc: "Family name of an individual (brief)."},
	{Name: "company_name", Type: cty.String, Fixed: true, Demanded: `where type is "business"`, Doc: "Name of a business (brief)."},
	{Name: "email", Type: cty.String, Fixed: true, Format: schema.Email, RequiredFor: typesNeeding("email"), Doc: "E-mail address, required by some account types (brief)."},
	{Name: "phone", Type: cty.String, Fixed: true, RequiredFor: typesNeeding("phone"), Doc: "Telephone number, required for SWIFT (brief), of at most 16 characters (documented 4.1)."},
	{Name: "address", Fixed: true, Nested: postalAddress, RequiredFor: typesNeeding("address"),
		Doc: "Where the recipient lives, required by some account types (documented 4.1). The bank's address is account.bank_address."},
	{Name: "account", Required: true, Fixed: true, Nested: recipientAccount, Read: []string{"account_details"},
		Doc: "The account to pay to; account_type decides what else it has (brief). It reads back as account_details (documented 4.1)."},
	{Name: "metadata", Type: cty.Map(cty.String), Fixed: true, Class: schema.Unreadable,
		Doc: "Your own keys and values (documented 4.1). They were never seen to read back (observed 13)."},
}

var recipientComputed = []schema.Attr{
	{Name: "id", Type: cty.String, Computed: true, Read: []string{"recipient_id"}, Doc: "Id of the recipient."},
}

var postalAddress = []schema.Attr{
	{Name: "street_name", Called: []string{"street", "address_street", "street_line_1"}, Type: cty.String, Required: true, Fixed: true, Doc: "Street and number (brief)."},
	{Name: "city", Type: cty.String, Required: true, Fixed: true, Doc: "City (brief)."},
	{Name: "state", Type: cty.String, Required: true, Fixed: true, Doc: "State or province (brief)."},
	{Name: "postal_code", Type: cty.String, Number: true, Required: true, Fixed: true, Doc: "Postal code (brief)."},
	{Name: "country", Type: cty.String, Required: true, Fixed: true, Format: schema.Alpha2, Doc: "Country, two letters, where users have three (brief)."},
}

var (
	checkingOrSavings = []string{"checking", "savings"}
	americanDocs      = []string{"id", "dni", "passport", "ein"} // observed 6, of ACH; the ssn of an example was refused
)

// recipientAccount is account. Which attributes a type has, needs and shows is
// in [accountTypes].
var recipientAccount = forTypes([]schema.Attr{
	{Name: "account_type", Type: cty.String, Required: true, OneOf: typesWhere(func(accountType) bool { return true }), Read: []string{"/account_type"},
		Doc: "The form of the account (documented 4.1)."},
	{Name: "bank_name", Type: cty.String, Doc: "Name of the bank (brief)."},
	{Name: "account_number", Type: cty.String, Number: true, Sensitive: true, Doc: "Account number or IBAN; a PIX key for BRL (documented 4.1)."},
	{Name: "routing_number", Type: cty.String, Number: true, Format: schema.ABA, Doc: "American routing number (documented 4.1)."},
	{Name: "swift_code", Type: cty.String, Format: schema.BIC, Doc: "SWIFT code (BIC), 8 or 11 characters (documented 4.1)."},
	{Name: "intermediary_routing_number", Type: cty.String, Number: true, Doc: "Routing number of an intermediary bank (documented 4.1)."},
	{Name: "bank_address", Type: cty.DynamicPseudoType, Forms: []cty.Type{cty.String, cty.Map(cty.String)},
		Doc: "Address of the bank: an object { street_name, city, state, postal_code, country } for WIRE and SWIFT, one string of at most 500 characters for the others (brief; documented 4.1)."},
	{Name: "type", Type: cty.String,
		OneOfFor: map[string][]string{
			"WIRE": checkingOrSavings, "ACH": checkingOrSavings, "INSTANT_PAY": checkingOrSavings, "USD": checkingOrSavings,
			"CLP": {"Cuenta corriente", "Cuenta de ahorros", "Cuenta Vista"},
		}, Doc: "Kind of account (documented 4.1)."},
	{Name: "clabe", Type: cty.String, Number: true, Sensitive: true, Format: schema.CLABE, Doc: "Mexican account number, eighteen digits (documented 4.1)."},
	{Name: "token", Type: cty.String, OneOf: []string{"USDC", "USDT", "COPm"}, Doc: "Token of a wallet (documented 4.1)."},
	{Name: "network", Type: cty.String, OneOf: []string{"polygon", "solana", "tron"}, Doc: "Network of a wallet (documented 4.1)."},
	{Name: "address", Type: cty.String, Hints: map[string]string{"{}": "It is that of a wallet. Write the address of the bank as bank_address, and that of the recipient as address beside account."},
		Doc: "Address of a wallet (documented 4.1)."},
	{Name: "bank_code", Type: cty.String, Number: true, Doc: "Code of the bank in its country (documented 4.1)."},
	{Name: "pix_key_type", Type: cty.String, OneOf: []string{"code_cpf", "code_cnpj", "email", "random_key", "phone_number"}, Doc: "What the PIX key is (documented 4.1)."},
	{Name: "city", Type: cty.String, Doc: "City (documented 4.1)."},
	{Name: "doc_type", Type: cty.String,
		OneOfFor: map[string][]string{
			"ACH": americanDocs, "INSTANT_PAY": americanDocs,
			"SPEI": {"rfc", "curp"}, "PSE": {"nuip", "passport", "nit"}, "BRL": {"cpf", "cnpj"}, "ARS": {"cuil", "cuit"},
			"CLP": {"rut"}, "DOP": {"ce", "passport", "rn"}, "CRC": {"ci", "passport", "cj"}, "GTQ": {"dpi", "passport", "nit"},
			"PAUSD": {"ci", "passport", "ruc"}, "PYG": {"ci", "passport", "ruc"}, "SVUSD": {"dui", "passport", "nit"},
		}, Doc: "Kind of the holder's document, in lower case, as it reads back (documented 4.1, 4.2)."},
	{Name: "doc_number", Type: cty.String, Number: true, Sensitive: true, Doc: "Number of the holder's document (documented 4.1)."},
	{Name: "doc_country_code", Type: cty.String, Format: schema.Alpha2,
		OneOfFor: map[string][]string{"PSE": {"CO"}, "BRL": {"BR"}, "ARS": {"AR"}},
		Doc:      "Country of the holder's document, two letters (documented 4.1). For SPEI it reads MX whatever was sent (observed 6)."},
})

// forTypes says of each attribute which types have, need and show it.
func forTypes(attrs []schema.Attr) []schema.Attr {
	for i := range attrs {
		a := &attrs[i]
		a.Fixed = true
		if a.Required {
			continue // account_type itself
		}
		a.For = typesWhere(func(t accountType) bool { return names(t.must, a.Name) || names(t.may, a.Name) })
		a.RequiredFor = typesWhere(func(t accountType) bool { return names(t.must, a.Name) })
		a.EchoedFor = typesWhere(func(t accountType) bool { return names(t.show, a.Name) })
		a.Clear = !a.Sensitive
	}
	return attrs
}

// typesNeeding returns the account types that require an attribute of the
// recipient itself.
func typesNeeding(name string) []string {
	return typesWhere(func(t accountType) bool { return names(t.top, name) })
}
