package event

import "sync"

// Personal is a personal value that a run has come across, wherever that was.
type Personal struct {
	Sort  string  `json:"sort"` // as [PersonalSort] has it
	Value Foreign `json:"value"`
}

// personal has the sorts of personal data, by the names of attributes.
var personal = []struct {
	sort  string
	attrs []string
}{
	{"person", []string{"first_name", "middle_name", "last_name", "second_last_name", "full_name", "maternal_last_name",
		"representative_first_name", "representative_last_name", "business_legal_name", "doing_business_as", "company_name", "account_holder_name",
		"beneficiary_name", "recipient_name", "current_employer", "holder_name"}},
	{"e-mail", []string{"email"}},
	{"phone", []string{"phone", "phone_number"}},
	{"date", []string{"birth_date", "representative_birth_date", "date_of_birth", "formation_date"}},
	{"address", []string{"address_street", "address_city", "address_state", "address_zip_code", "street_name", "street_line_1", "street_line_2",
		"postal_code", "zip_code", "city", "state", "ip_address"}},
	{"account", []string{"account_number", "address"}}, // of a wallet: the address of a person is an object
	{"link", []string{"verification_link", "business_website"}},
	{FreeText, []string{"description", "business_description", "memo", "reference", "nature_of_payment", "internal_notes", "metadata", "extra"}},
}

// FreeText is the sort of texts in which anything may stand, such as somebody's name.
const FreeText = "text"

// PersonalWhole reports whether everything below an attribute of that name counts as
// free text, since its author alone knows the meaning.
func PersonalWhole(attr string) bool { return attr == "metadata" || attr == "extra" }

// PersonalSort is the sort of personal data that an attribute of that name has, such
// as "person" or "e-mail"; "" for none.
func PersonalSort(attr string) string { return personalSorts()[attr] }

// personalSorts has the sort of each attribute in [personal].
var personalSorts = sync.OnceValue(func() map[string]string {
	sorts := make(map[string]string)
	for _, p := range personal {
		for _, attr := range p.attrs {
			sorts[attr] = p.sort
		}
	}
	return sorts
})

// PersonalPart reports whether the values below an attribute of that name may be
// personal. Those of the address of a bank are not.
func PersonalPart(attr string) bool { return attr != "bank_address" }
