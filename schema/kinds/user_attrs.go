package kinds

import (
	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

var (
	texts = cty.List(cty.String)

	individual = []string{"individual"}
	business   = []string{"business"}
)

// onlyOnce is the note on attributes that POST takes and no document lists for
// PUT, which refuses a whole request for one name that it does not know.
const onlyOnce = "No document says that an update takes it, so that it is sent with the create alone: ask your Kira contact to correct it, or write it as it was."

// userAttrs are those of individuals and businesses alike.
var userAttrs = []schema.Attr{
	{Name: "type", Type: cty.String, Required: true, Fixed: true, OneOf: []string{"individual", "business"},
		WayOut: "Only people at Kira could turn a person into a business: ask your Kira contact, or write another block.",
		Doc:    "Whether the user is a person or a business. PUT does not know it (observed 5.7)."},
	{Name: "verification_mode", Type: cty.String, Fixed: true, OneOf: []string{"automatic", "verification_link"},
		WayOut: "How a user is verified is settled when it is made; \"kiraform verify\" has it verified once more, also by a link.",
		Doc:    `"automatic" verifies the attributes that are written here, and is the default (brief). "verification_link" makes a link to a hosted form instead (documented 2.1.1).`},
	{Name: "email", Type: cty.String, Required: true, Tagged: true, Format: schema.Email, Doc: "E-mail address (brief)."},
	{Name: "phone", Type: cty.String, Format: schema.E164, EchoedFor: individual,
		Doc: "Telephone number in E.164 form (documented 2.1.1). Kira never shows that of a business again (observed 5.1)."},
	{Name: "address_street", Type: cty.String, Read: address("street_line_1"),
		Doc: "Street and number. Reads back as street_line_1 (documented 2.1.5)."},
	{Name: "address_city", Type: cty.String, Read: address("city"), Doc: "City (brief)."},
	{Name: "address_state", Type: cty.String, Read: address("subdivision"),
		Doc: "State or province. Reads back as subdivision (documented 2.1.5)."},
	{Name: "address_zip_code", Type: cty.String, Number: true, Read: address("postal_code"),
		Doc: "Postal code. Reads back as postal_code (documented 2.1.5)."},
	{Name: "address_country", Type: cty.String, Format: schema.Alpha3, Read: address("country"),
		Doc: "Country, three letters (brief). It decides which fields a product needs (documented 2.7)."},
	{Name: "account_purpose", Type: cty.String, Class: schema.Unreadable, Clear: true,
		OneOf:    union(individualPurposes, businessPurposes),
		OneOfFor: map[string][]string{"individual": individualPurposes, "business": businessPurposes},
		Doc:      "What the account is for. Businesses have a list of their own (observed 5.1)."},
	{Name: "source_of_funds", Type: cty.String, Class: schema.Unreadable,
		OneOf:    union(individualFunds, businessFunds),
		OneOfFor: map[string][]string{"individual": individualFunds, "business": businessFunds}, Open: true, Judged: true,
		Doc: "Where the money comes from. Leaving it out is the usual reason why verification rejects a user (brief)."},
	{Name: "expected_monthly_volume", Type: cty.String, Class: schema.Unreadable, Open: true,
		OneOf:    union(individualVolumes, businessVolumes),
		OneOfFor: map[string][]string{"individual": individualVolumes, "business": businessVolumes},
		Doc:      "How much will be moved in a month; asked in the KYC questionnaire (brief; bands from documented 10.6)."},
	{Name: "document_type", Type: cty.String, Class: schema.Unreadable, Clear: true, Doc: "Kind of identity document, such as passport (brief)."},
	{Name: "document_number", Type: cty.String, Number: true, Class: schema.Unreadable, Sensitive: true, Doc: "Number of the identity document (brief)."},
	{Name: "document_country", Type: cty.String, Class: schema.Unreadable, Format: schema.Alpha3, Doc: "Country that issued it, three letters (brief)."},
	{Name: "additional_info", Class: schema.Unreadable, Nested: additionalInfo,
		Doc: `Declarations that the ACT product asks for. Leaving them out silently declares "no" (brief).`},
	{Name: "pep_status", Type: cty.DynamicPseudoType, Forms: []cty.Type{cty.Bool, cty.String}, Class: schema.Unreadable,
		Doc: "Whether the user is politically exposed; in older lists only (documented 2.1.2)."},
	{Name: "redirect_uri", Type: cty.String, Class: schema.Unreadable, Clear: true, Fixed: true, Format: schema.HTTPURL,
		WayOut: "It is part of a link that was made already; \"kiraform verify\" makes another one.",
		Doc:    `Where the hosted form leads back to; only with verification_mode "verification_link" (documented 2.1.1).`},
	{Name: "external_id", Type: cty.String, Class: schema.Unreadable, Clear: true, Fixed: true,
		WayOut: "Ask your Kira contact to correct it, or keep the reference in metadata, which can change.",
		Doc:    "Your own reference. PUT does not know it (observed 5.7)."},
	{Name: "ext_reference", Type: cty.String, Class: schema.Unreadable, Clear: true, Fixed: true, WayOut: onlyOnce,
		Doc: "Another reference of your own (documented 2.1.1)."},
	{Name: "ip_address", Type: cty.String, Class: schema.Unreadable, Fixed: true, WayOut: onlyOnce,
		Doc: "IP address that the user signed up from (documented 2.1.1)."},
	{Name: "tos_accepted_version", Type: cty.String, Class: schema.Unreadable, Clear: true,
		Doc: "Version of the terms of service that the user accepted; later documents only (documented 2.1.1)."},
	{Name: "transaction_countries", Type: texts, Class: schema.Unreadable, Clear: true, Format: schema.Alpha3,
		Doc: "Countries that money will move to and from; later documents only (documented 2.1.1)."},
	{Name: "capabilities", Class: schema.Unreadable, Clear: true, Fixed: true, WayOut: onlyOnce,
		Nested: []schema.Attr{{Name: "requested_banks", Type: texts, Clear: true, Doc: "Banks at which the user wants accounts."}},
		Doc:    "What the user will use; accepted on create (observed 5.1), later documents only."},
	{Name: "metadata", Type: cty.Map(cty.String), Class: schema.Merged,
		Doc: "Your own keys and values; values are strings (observed 5.1). Kira merges them by key and removes none (observed 5.7)."},
	{Name: "adopt", Type: cty.String, Local: true, OneOf: []string{"email"},
		Doc: `"email" takes over the user of this type with this e-mail, if Kira has exactly one, instead of making a second. Whether Kira would refuse a second one is not known (observed 13).`},
}

var additionalInfo = []schema.Attr{
	{Name: "has_us_bank_account", Type: cty.String, Format: schema.YesNo,
		Doc: `Whether the user has an account at an American bank: "yes" or "no" (brief).`},
	{Name: "has_denied_bank_account", Type: cty.String, Format: schema.YesNo,
		Doc: `Whether a bank ever refused the user an account: "yes" or "no" (brief).`},
}

// userExtra can be sent by PUT too.
var userExtra = extraOf("users", `extra_on = ["create", "update"] sends it in a PUT, which is refused whole if Kira does not know the name.`, "create", "update")

// userComputed are those that Kira sets.
var userComputed = []schema.Attr{
	{Name: "id", Type: cty.String, Computed: true, Doc: "Id of the user."},
	{Name: "status", Type: cty.String, Computed: true,
		Doc: "CREATED, VERIFYING, REVIEW, VERIFIED or REJECTED; other values are not final (brief). Gate on this one."},
	{Name: "verification_status", Type: cty.String, Computed: true,
		Doc: "Advisory: it can contradict status (brief)."},
	{Name: "verification_link", Type: cty.String, Computed: true,
		Doc: `The hosted form, with verification_mode "verification_link" (observed 5.1).`},
	{Name: "verification_triggered", Type: cty.Bool, Computed: true, Class: schema.WriteOnce,
		Doc: "Whether creating the user began a verification: it does once one product has all it needs (observed 5.3). Only the answer to the request says so."},
	{Name: "missing_fields", Type: cty.Map(texts), Computed: true,
		Doc: "What each product still needs, by product code; complete products are not in it (observed 5.2)."},
	{Name: "eligible_products", Computed: true, List: true, Doc: "The products and whether the user can have them (brief).",
		Nested: []schema.Attr{
			{Name: "product_code", Type: cty.String, Computed: true, Doc: "Code of the product, such as usa-virtual-accounts-act."},
			{Name: "eligible", Type: cty.Bool, Computed: true, Doc: "Whether the user can have it."},
		}},
}

// address is where a part of the address stands in an answer: it has other
// names than in a request, and another place for a business (documented 2.1.5).
func address(part string) []string {
	return []string{"residential_address." + part, "registered_address." + part}
}
