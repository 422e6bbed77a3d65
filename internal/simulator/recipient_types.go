package simulator

import "slices"

// A rail is one account_type of recipients, as data (documented.md 4.1).
type rail struct {
	name    string
	contact []string // the fields that it needs at the top level
	account shape    // the fields that it needs in account; anything else there is dropped
	country string   // always read back as doc_country_code, whatever was sent; "" leaves it
}

// country is a two-letter code here, though users have three (brief).
var country = like(`^[A-Z]{2}$`, "Country must be a 2-character ISO code")

var postal = shape{
	need("street_name", text(1)), need("city", text(1)), need("state", text(1)),
	need("postal_code", text(1)), need("country", country),
}

var (
	routing     = like(`^\d{9}$`, "Routing number must be 9 digits")
	longEnough  = text(4)
	bankAsText  = like(`^[\s\S]{1,500}$`, "String must contain at most 500 character(s)")
	bankAsPlace = objectOf(postal)
	savings     = oneOf("checking", "savings")
	anyPaper    = shape{may("doc_type", text(1)), may("doc_number", text(1))}
	usPapers    = shape{may("doc_type", oneOf("id", "dni", "passport", "ein")), may("doc_number", text(1))}
)

// domestic is the shape that ACH and INSTANT_PAY share: their bank's address is
// a string.
func domestic(more shape) shape {
	return slices.Concat(shape{
		need("routing_number", routing), need("account_number", longEnough), need("type", savings),
		need("bank_name", text(1)), need("bank_address", bankAsText),
	}, more)
}

// national is the shape that Latin American rails share. A field in more takes
// precedence over theirs.
func national(number string, papers []string, more ...field) shape {
	shared := shape{
		need("account_number", like(number, "Invalid account number")),
		need("doc_type", oneOf(papers...)), need("doc_number", text(1)), may("doc_country_code", country),
	}
	shared = slices.DeleteFunc(shared, func(f field) bool {
		return slices.ContainsFunc(more, func(own field) bool { return own.name == f.name })
	})
	return append(shared, more...)
}

// paperOf is the country of the holder's paper where a rail has only one.
func paperOf(country string) field { return may("doc_country_code", oneOf(country)) }

var bankCode = need("bank_code", text(1))

// rails are all account types, in the order in which an error lists them.
var rails = []rail{
	{name: "SWIFT", contact: []string{"email", "phone", "address"}, account: slices.Concat(shape{
		need("bank_name", text(1)), need("account_number", longEnough),
		need("swift_code", like(`^([A-Za-z0-9]{8}|[A-Za-z0-9]{11})$`, "SWIFT code must be 8 or 11 characters")),
		need("bank_address", bankAsPlace), may("intermediary_routing_number", text(1)),
		may("doc_type", text(1)), may("doc_number", text(1)), may("doc_country_code", country),
	})},
	{name: "WIRE", contact: []string{"email", "address"}, account: slices.Concat(shape{
		need("routing_number", routing), need("account_number", longEnough), need("type", savings),
		need("bank_name", text(1)), need("bank_address", bankAsPlace), may("swift_code", text(8)),
	}, anyPaper)},
	{name: "ACH", contact: []string{"email", "address"}, account: domestic(usPapers)},
	{name: "INSTANT_PAY", contact: []string{"address"}, account: domestic(usPapers)},
	{name: "USD", account: shape{
		may("routing_number", routing), need("account_number", longEnough), may("type", savings),
		may("bank_name", text(1)), need("bank_address", bankAsText),
	}},
	{name: "WALLET", account: shape{
		need("token", oneOf("USDC", "USDT", "COPm")), need("network", oneOf("polygon", "solana", "tron")), need("address", text(1)),
	}},
	{name: "SPEI", country: "MX", account: shape{
		need("clabe", like(`^\d{18}$`, "CLABE must be 18 digits")),
		may("doc_type", oneOf("rfc", "curp")), may("doc_number", text(1)),
	}},
	{name: "PSE", account: national(`^\d+$`, []string{"nuip", "passport", "nit"}, bankCode, need("type", text(1)), paperOf("CO"))},
	{name: "BRL", account: national(`^.{11,50}$`, []string{"cpf", "cnpj"},
		need("pix_key_type", oneOf("code_cpf", "code_cnpj", "email", "random_key", "phone_number")), need("city", text(1)), paperOf("BR"))},
	{name: "ARS", account: national(`^\d{18,22}$`, []string{"cuil", "cuit"}, bankCode, need("type", text(1)), paperOf("AR"))},
	{name: "CLP", account: national(`^\d{7,18}$`, []string{"rut"}, bankCode,
		need("type", oneOf("Cuenta corriente", "Cuenta de ahorros", "Cuenta Vista")))},
	{name: "PEN", account: peru()},
	{name: "PEUSD", account: peru()},
	{name: "UYU", account: shape{need("account_number", like(`^\d{7,16}$`, "Invalid account number")), bankCode,
		need("doc_type", text(1)), need("doc_number", like(`^.{6,12}$`, "Invalid document number"))}},
	{name: "DOP", account: national(`^\d{7,20}$`, []string{"ce", "passport", "rn"}, bankCode).optional("doc_number")},
	{name: "ECUSD", account: shape{need("account_number", like(`^\d{7,30}$`, "Invalid account number")), bankCode,
		need("city", text(1)), need("doc_type", text(1)), may("doc_number", text(1))}},
	{name: "CRC", account: national(`^.{4,}$`, []string{"ci", "passport", "cj"}, may("bank_code", text(1))).optional("doc_type", "doc_number")},
	{name: "GTQ", account: national(`^.{4,}$`, []string{"dpi", "passport", "nit"}, may("bank_code", text(1))).optional("doc_type", "doc_number")},
	{name: "PAUSD", account: national(`^.{4,}$`, []string{"ci", "passport", "ruc"}, may("bank_code", text(1))).optional("doc_type", "doc_number")},
	{name: "PYG", account: national(`^.{4,}$`, []string{"ci", "passport", "ruc"}, may("bank_code", text(1))).optional("doc_type", "doc_number")},
	{name: "SVUSD", account: national(`^.{4,}$`, []string{"dui", "passport", "nit"}, may("bank_code", text(1))).optional("doc_type", "doc_number")},
}

func peru() shape {
	return shape{need("account_number", like(`^\d{20}$`, "Invalid account number")), bankCode,
		need("city", text(1)), need("doc_type", text(1)), need("doc_number", text(1))}
}

func railNamed(name string) *rail {
	i := slices.IndexFunc(rails, func(r rail) bool { return r.name == name })
	if i < 0 {
		return nil
	}
	return &rails[i]
}

func railNames() []string {
	names := make([]string, len(rails))
	for i, r := range rails {
		names[i] = r.name
	}
	return names
}
