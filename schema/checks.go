package schema

import "fmt"

// Checks describes the problems that [Check] finds in the attributes of any
// kind, without a rule of the kind. None of the rules has a Check of its own.
func Checks() []Rule {
	all := []Rule{
		{ID: "missing-attribute", Doc: "What Kira requires must be written: always, or for the type of user, account or recipient that it belongs to."},
		{ID: "misplaced-attribute", Doc: "Some attributes belong to one type of user, account or recipient only. Kira refuses them elsewhere, or drops them without notice (observed 6)."},
		{ID: "value-not-accepted", Doc: "Enumerations are closed: Kira answers any other value with a 400 that lists them (brief). Case counts."},
		{ID: "value-not-known", Doc: "Where the documents show only part of an enumeration, another value is a risk only."},
		{ID: "missing-merge-key", Doc: "Kira tells the associated persons of a business apart by e-mail: one without is added again by every update, for ever (observed 5.7)."},
		{ID: "duplicate-merge-key", Doc: "Kira merges entries with the same key, such as two associated persons with one e-mail, into one (observed 5.7)."},
	}
	for i := range formats {
		f := &formats[i]
		if f.ok == nil || Format(i) == Alpha3 { // which shares its ID with Alpha2
			continue
		}
		doc := fmt.Sprintf("Some attributes must be %s. %s", f.what, f.how)
		if Format(i) == Alpha2 {
			doc = "Countries are ISO 3166 codes in upper case: of two letters in recipients, of three everywhere else (brief)."
		}
		all = append(all, Rule{ID: f.code, Doc: doc})
	}
	return all
}
