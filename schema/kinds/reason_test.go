package kinds

import (
	"strings"
	"testing"
)

func TestTheAttributesThatAReasonIsAbout(t *testing.T) {
	for reason, want := range map[string]string{
		"Source of funds is missing":                   "source_of_funds",
		"source_of_funds: required":                    "source_of_funds",
		"Questionnaire: expected monthly volume empty": "expected_monthly_volume",
		"The date of birth does not match":             "birth_date",
		"PASSPORT is blurred, no passport":             "identifying_information",
		"Phone number could not be verified":           "phone",
		"Document number and first name do not match":  "document_number first_name",
		"The status of the type is odd":                "", // Kira sets the one, and the other decides on the form
		"We could not verify this person":              "",
		"telephones":                                   "",
		"":                                             "",
	} {
		if got := strings.Join(Mentioned(&userSchema, reason), " "); got != want {
			t.Errorf("%q is about %q, not %q", reason, got, want)
		}
	}
	for _, k := range All {
		for _, a := range k.Schema.Attrs {
			if strings.Count(a.Name, "_") >= longestName {
				t.Errorf("%s.%s has more words than longestName", k.Schema.Name, a.Name)
			}
		}
	}
}

func TestEventsHaveAKind(t *testing.T) {
	for word, want := range map[string]*Kind{"user": &user, "virtual_account": &virtualAccount} {
		if k, ok := ByEvents(word); !ok || k != want {
			t.Errorf("events of %s are about %v", word, k)
		}
	}
	for _, word := range []string{"", "payin", "kira_user"} {
		if _, ok := ByEvents(word); ok {
			t.Errorf("events of %q have a kind", word)
		}
	}
}
