package kinds

import (
	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// unlessByLink is when a user can do without an attribute: its form asks for it.
const unlessByLink = `unless verification_mode is "verification_link"`

// individualAttrs are those of persons only.
var individualAttrs = []schema.Attr{
	{Name: "first_name", Type: cty.String, Required: true, For: individual, Doc: "Given name (brief)."},
	{Name: "middle_name", Type: cty.String, For: individual, Doc: "Second given name (documented 2.1.2)."},
	{Name: "last_name", Type: cty.String, Required: true, For: individual, Doc: "Family name (brief)."},
	{Name: "birth_date", Type: cty.String, For: individual, Demanded: unlessByLink, Format: schema.Date, Doc: "Day of birth (brief)."},
	{Name: "nationality", Type: cty.String, For: individual, Demanded: unlessByLink, Format: schema.Alpha3, Doc: "Nationality, three letters (brief)."},
	{Name: "gender", Type: cty.String, For: individual, OneOf: []string{"male", "female", "other"}, Doc: "Gender (documented 2.1.2)."},
	{Name: "ssn", Type: cty.String, Number: true, For: individual, Class: schema.Unreadable, Sensitive: true,
		Doc: "Social security number of a US person; not for others (brief)."},
	{Name: "immigration_status", Type: cty.String, For: individual, Class: schema.Unreadable, OneOf: immigrationStatuses,
		Doc: "Status towards the United States, in these very words (brief)."},
	{Name: "employment_status", Type: cty.String, For: individual, Class: schema.Unreadable, Open: true,
		OneOf: []string{"employed", "self_employed"}, Doc: "Employment (brief). The documents show only these two values (documented 10.5)."},
	{Name: "current_employer", Type: cty.String, For: individual, Class: schema.Unreadable, Doc: "Employer of somebody who is employed (documented 2.1.2)."},
	{Name: "occupation", Type: cty.String, For: individual, Class: schema.Unreadable, Doc: "Occupation of somebody who is employed (brief)."},
	{Name: "expected_monthly_payments", Type: cty.String, For: individual, Class: schema.Unreadable, Open: true,
		OneOf: []string{"0_4999", "5000_9999", "10000_49999", "50000_plus"}, Doc: "Band of monthly payments; in older lists only (documented 2.1.2)."},
}

// businessAttrs are those of businesses only.
var businessAttrs = []schema.Attr{
	{Name: "business_legal_name", Type: cty.String, Required: true, For: business, Doc: "Registered name (brief)."},
	{Name: "doing_business_as", Type: cty.String, For: business, Class: schema.Unreadable, Clear: true, Doc: "Trade name (brief)."},
	{Name: "business_type", Type: cty.String, For: business, Demanded: unlessByLink, Class: schema.Unreadable, Clear: true,
		OneOf: []string{"llc", "corporation", "partnership", "sole_proprietorship", "trust"}, Doc: "Legal form (brief)."},
	{Name: "business_industry", Type: texts, For: business, Class: schema.Unreadable, Clear: true, OneOf: industries,
		Doc: "What the business does: a list of NAICS-style names, never one string (brief; names from documented 10.1)."},
	{Name: "business_description", Type: cty.String, For: business, Class: schema.Unreadable, Clear: true, Doc: "What the business does, in words; in older lists only (documented 2.1.3)."},
	{Name: "business_website", Type: cty.String, For: business, Class: schema.Unreadable, Clear: true, Doc: "Web site; in older lists only (documented 2.1.3)."},
	{Name: "formation_date", Type: cty.String, For: business, Class: schema.Unreadable, Clear: true, Format: schema.Date, Doc: "Day of formation (brief)."},
	{Name: "formation_country", Type: cty.String, For: business, Format: schema.Alpha3, Doc: "Country of formation, three letters (brief)."},
	{Name: "formation_state", Type: cty.String, For: business, Class: schema.Unreadable, Clear: true, Doc: "US state of formation; in older lists only (documented 2.1.3)."},
	{Name: "ein", Type: cty.String, Number: true, For: business, Class: schema.Unreadable, Sensitive: true, Format: schema.EIN,
		Doc: "Employer identification number of a US business; others write international_entity_type (brief)."},
	{Name: "international_entity_type", Type: cty.String, For: business, Class: schema.Unreadable, Clear: true,
		Doc: "Legal form of a business outside the United States, such as SAS (brief; free text, documented 2.1.3)."},
	{Name: "representative_first_name", Type: cty.String, For: business, Class: schema.Unreadable, Doc: "Given name of the representative; in older lists only (documented 2.1.3)."},
	{Name: "representative_last_name", Type: cty.String, For: business, Class: schema.Unreadable, Doc: "Family name of the representative; in older lists only."},
	{Name: "representative_title", Type: cty.String, For: business, Class: schema.Unreadable, Doc: "Title of the representative; in older lists only."},
	{Name: "representative_birth_date", Type: cty.String, For: business, Class: schema.Unreadable, Format: schema.Date,
		Doc: "Day of birth of the representative; PUT knows it by this name only (observed 5.7)."},
	{Name: "representative_ssn", Type: cty.String, Number: true, For: business, Class: schema.Unreadable, Sensitive: true, Doc: "Social security number of the representative; in older lists only."},
	{Name: "associated_persons", List: true, For: business, Demanded: unlessByLink, Class: schema.Merged, MergeKey: "email", Nested: person,
		Along: func(p cty.Value) bool { return known(p, "role") == "control_prong" },
		Doc:   "Owners and those in charge, at least one of them with the role control_prong (brief). Kira tells them apart by e-mail, adds and never removes (observed 5.7)."},
}

// identityAttrs are those of identity documents, of both.
var identityAttrs = []schema.Attr{
	{Name: "identifying_information", List: true, Class: schema.Merged, MergeKey: "type", EchoedFor: individual, Nested: identity,
		Doc: "Identity documents and tax numbers. Kira tells them apart by type, adds and never removes (observed 5.7). Only a person's read back (observed 5.1)."},
}

var identity = []schema.Attr{
	{Name: "type", Type: cty.String, Required: true, OneOf: identityTypes, Open: true, Doc: "Kind of document or number (brief; names from documented 10.8)."},
	{Name: "issuing_country", Type: cty.String, Format: schema.Alpha3, Doc: "Country that issued it, three letters (brief)."},
	{Name: "number", Type: cty.String, Number: true, Sensitive: true, Doc: "Its number (brief). Kira shows it in clear text (observed 5.1)."},
	{Name: "expiration", Type: cty.String, Format: schema.Date, Doc: "Last day of validity (brief)."},
	{Name: "documents", List: true, Class: schema.Unreadable,
		Doc: "Scans: of both sides of an id, except that a passport needs no back; tax numbers need none (brief). Kira keeps files that are not sent again (observed 5.7).",
		Nested: []schema.Attr{
			{Name: "type", Type: cty.String, Required: true, OneOf: documentTypes, Doc: "What the file shows (brief; company papers from documented 10.8)."},
			{Name: "file", Type: cty.String, Required: true, Sensitive: true, Format: schema.Document, Doc: "The file as a data URI, or an https URL of it (brief)."},
		}},
}

// person is an entry of associated_persons. Its address is flat (observed 5.7).
var person = []schema.Attr{
	{Name: "first_name", Type: cty.String, Required: true, Doc: "Given name (brief)."},
	{Name: "last_name", Type: cty.String, Required: true, Doc: "Family name (brief)."},
	{Name: "email", Type: cty.String, Format: schema.Email, Doc: "E-mail address. It is how Kira knows the person again; with another one it becomes another person (observed 5.7)."},
	{Name: "role", Type: cty.String, Doc: "Role, such as control_prong (brief); other values are not documented."},
	{Name: "birth_date", Type: cty.String, Format: schema.Date, Doc: "Day of birth (brief)."},
	{Name: "nationality", Type: cty.String, Format: schema.Alpha3, Doc: "Nationality, three letters (brief)."},
	{Name: "gender", Type: cty.String, OneOf: []string{"male", "female", "other"}, Doc: "Gender (documented 2.1.3)."},
	{Name: "phone_number", Type: cty.String, Format: schema.E164, Doc: "Telephone number (documented 2.1.3)."},
	{Name: "occupation", Type: cty.String, Doc: "Occupation (documented 2.1.3)."},
	{Name: "document_number", Type: cty.String, Number: true, Sensitive: true, Doc: "Number of the identity document (brief)."},
	{Name: "document_country", Type: cty.String, Format: schema.Alpha3, Doc: "Country that issued it, three letters (documented 2.1.3)."},
	{Name: "ssn", Type: cty.String, Number: true, Sensitive: true, Doc: "Social security number; needed of the control prong of a US business (brief)."},
	{Name: "is_signer", Type: cty.Bool, Doc: "Whether the person signs for the business (documented 2.1.3)."},
	{Name: "has_ownership", Type: cty.Bool, Doc: "Whether the person owns a part of it (documented 2.1.3)."},
	{Name: "ownership_percentage", Type: cty.Number, Doc: "How much of it (documented 2.1.3)."},
	{Name: "address_street", Type: cty.String, Doc: "Street and number (observed 5.7)."},
	{Name: "address_city", Type: cty.String, Doc: "City (observed 5.7)."},
	{Name: "address_state", Type: cty.String, Doc: "State or province (observed 5.7)."},
	{Name: "address_zip_code", Type: cty.String, Number: true, Doc: "Postal code (observed 5.7)."},
	{Name: "address_country", Type: cty.String, Format: schema.Alpha3, Doc: "Country, three letters (observed 5.7)."},
	{Name: "identifying_information", List: true, Class: schema.Merged, MergeKey: "type", Nested: identity, Doc: "Identity documents of the person (documented 2.1.3)."},
}
