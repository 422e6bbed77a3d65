package kinds

import (
	"slices"
	"strings"
	"unicode"

	"kiraform/schema"
)

// ByEvents returns the kind whose events begin with a word.
func ByEvents(word string) (*Kind, bool) {
	i := slices.IndexFunc(All, func(k *Kind) bool { return word != "" && k.Events == word })
	if i < 0 {
		return nil, false
	}
	return All[i], true
}

// otherwise has the names that people give to attributes, where those are not
// the words of the attribute's own name.
var otherwise = map[string]string{"date_of_birth": "birth_date", "dob": "birth_date", "zip_code": "address_zip_code",
	"postal_code": "address_zip_code", "proof_of_address": "identifying_information", "passport": "identifying_information"}

// Mentioned names the attributes of a kind that a reason of Kira's is about, as
// far as that can be told, in the order in which it has them. A reason is prose:
// it is about an attribute if it has the words of its name one after the other,
// and they are not part of a longer name.
func Mentioned(k *schema.Kind, reason string) []string {
	names := make(map[string]string) // the attributes, by the names that they may have
	for i := range k.Attrs {
		if a := &k.Attrs[i]; !a.Computed && !a.Local && a.Name != k.Variant {
			names[a.Name] = a.Name
		}
	}
	for name, attr := range otherwise {
		if names[attr] != "" {
			names[name] = attr
		}
	}
	var found []string
	words := wordsOf(reason)
	for at := 0; at < len(words); at++ {
		for end := min(len(words), at+longestName); end > at; end-- {
			if attr := names[strings.Join(words[at:end], "_")]; attr != "" {
				if !slices.Contains(found, attr) {
					found = append(found, attr)
				}
				at = end - 1
				break
			}
		}
	}
	return found
}

// longestName is how many words the name of an attribute has at most.
const longestName = 8

func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
