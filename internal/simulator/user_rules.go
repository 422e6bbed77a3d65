package simulator

import "slices"

var (
	email = like(`^[^@\s]+@[^@\s]+\.[^@\s]+$`, "Invalid email")
	date  = like(`^\d{4}-\d{2}-\d{2}$`, "Invalid date, expected YYYY-MM-DD")
	// yesNo are strings: booleans are rejected (brief).
	yesNo = oneOf("yes", "no")
)

// paper is an entry of identifying_information (brief; documented.md 2.1.4).
var paper = shape{
	need("type", text(1)),
	may("issuing_country", text(0)),
	may("number", text(0)),
	may("expiration", date),
	may("documents", list(objectOf(shape{
		need("type", oneOf(scans...)),
		need("file", like(`^(data:[^;,]+;base64,|https://)`, "Invalid file, expected a data URI or an HTTPS URL")),
	}))),
}

// person is an entry of associated_persons.
var person = shape{
	may("first_name", text(1)), may("last_name", text(1)), may("middle_name", text(0)),
	may("birth_date", date), may("email", email), may("nationality", text(0)), may("gender", genders),
	may("phone_number", text(0)), may("role", text(1)), may("title", text(0)), may("occupation", text(0)),
	may("ssn", text(0)), may("document_type", text(0)), may("document_number", text(0)), may("document_country", text(0)),
	may("is_signer", nil), may("has_ownership", nil), may("ownership_percentage", nil),
	may("address_street", text(0)), may("address_city", text(0)), may("address_state", text(0)),
	may("address_zip_code", text(0)), may("address_country", text(0)), may("residential_address", nil),
	may("identifying_information", list(objectOf(paper))),
}

var genders = oneOf("male", "female", "other")

// common are the fields of every user. Country codes are not checked: US and
// USA are both taken, and read back as they were sent (observed.md 5.1).
var common = shape{
	need("email", email),
	may("phone", text(0)),
	may("address_street", text(0)), may("address_city", text(0)), may("address_state", text(0)),
	may("address_zip_code", text(0)), may("address_country", text(0)),
	may("source_of_funds", text(0)), // judged by the verification, not by the form (brief)
	may("identifying_information", list(objectOf(paper))),
	may("additional_info", func(path string, v any) []issue {
		known := shape{may("has_us_bank_account", yesNo), may("has_denied_bank_account", yesNo)}
		if bad := objectOf(known)(path, v); bad != nil {
			return bad
		}
		return texts(path, v)
	}),
	may("metadata", texts),
	may("verification_mode", oneOf("automatic", "verification_link")),
	may("status", oneOf("active", "inactive", "suspended")), // taken and ignored
	// Also of businesses: their PUT was seen to take them (observed.md 5.1).
	may("document_type", text(0)), may("document_number", text(0)), may("document_country", text(0)),
	may("expected_monthly_volume", text(0)), may("expected_monthly_payments", text(0)),
	may("pep_status", nil), may("tos_accepted_version", text(0)),
	may("transaction_countries", list(text(0))),
}

// creationOnly are taken by POST but unknown to PUT: the two have different
// vocabularies (observed.md 5.7).
var creationOnly = shape{
	may("type", nil), may("external_id", text(0)), may("redirect_uri", text(0)),
	may("ext_reference", text(0)), may("ip_address", text(0)), may("capabilities", nil), // no document lists them for PUT
}

var individualWords = slices.Concat(common, shape{
	need("first_name", text(1)), need("last_name", text(1)), may("middle_name", text(0)),
	need("birth_date", date), need("nationality", text(1)),
	may("gender", genders),
	may("account_purpose", oneOf(individualPurposes...)),
	may("ssn", text(0)), may("immigration_status", oneOf(immigrationStatuses...)),
	may("employment_status", text(1)), may("current_employer", text(0)), may("occupation", text(0)),
})

var businessWords = slices.Concat(common, shape{
	need("business_legal_name", text(1)),
	may("doing_business_as", text(0)), may("business_type", oneOf(businessTypes...)),
	may("business_industry", list(oneOf(industries...))),
	may("business_description", text(0)), may("business_website", text(0)),
	may("formation_date", date), may("formation_country", text(0)), may("formation_state", text(0)),
	may("ein", like(`^\d{2}-?\d{7}$`, "Invalid EIN, expected NN-NNNNNNN")),
	may("international_entity_type", text(0)),
	may("account_purpose", oneOf(businessPurposes...)),
	may("associated_persons", list(objectOf(person))),
	may("representative_first_name", text(0)), may("representative_last_name", text(0)),
	may("representative_title", text(0)), may("representative_birth_date", date),
	may("representative_ssn", text(0)),
})

// vocabulary has the fields that may be sent for a user of this type. With a
// hosted form to ask for the rest, a person needs no more than a name and an
// e-mail.
func vocabulary(kind string, linked bool) shape {
	switch {
	case kind == "business":
		return businessWords
	case linked:
		return individualWords.optional("birth_date", "nationality")
	default:
		return individualWords
	}
}

// newWords is the shape of [Server.Words].
func (s *Server) newWords() (words shape) {
	for _, name := range s.Words {
		words = append(words, may(name, nil))
	}
	return words
}

// controlled finds fault with associated persons none of whom is in control.
func controlled(v doc) []issue {
	people, sent := v["associated_persons"].([]any)
	if !sent || slices.ContainsFunc(people, func(p any) bool { return p.(doc)["role"] == "control_prong" }) {
		return nil
	}
	return one("associated_persons", "custom", "At least one associated person must have the role control_prong")
}
