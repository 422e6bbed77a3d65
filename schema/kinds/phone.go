package kinds

import (
	"errors"
	"strconv"

	"github.com/nyaruka/phonenumbers"
	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// phoneUnlikely has the Doc of a rule that two kinds share.
const phoneUnlikely = "A telephone number in E.164 form may still be none that anybody has; Kira asks for the form only (documented 2.1.1), so that this is a risk."

// userPhones looks at the numbers of a user and of its associated persons.
func userPhones(v cty.Value, env schema.Env) []schema.Problem {
	found := phone(nil, v, "phone")
	people, _ := entries(v, "associated_persons")
	for i, p := range people {
		found = append(found, phone(path("associated_persons").IndexInt(i), p, "phone_number")...)
	}
	return found
}

func recipientPhone(v cty.Value, _ schema.Env) []schema.Problem { return phone(nil, v, "phone") }

// phone objects to numbers that no country's numbering plan has. It never says
// more than "unlikely": plans change, and Kira's own examples write +52 1, which
// Mexico gave up in 2019 (brief).
func phone(at cty.Path, owner cty.Value, name string) []schema.Problem {
	text := known(owner, name)
	if !schema.E164.Accepts(text) {
		return nil // not written, or a mistake of its own
	}
	number, err := phonenumbers.Parse(text, phonenumbers.UNKNOWN_REGION)
	why := "No country has numbers like this one."
	switch {
	case err == nil && phonenumbers.IsValidNumber(number):
		return nil
	case err == nil:
		why = "Numbers under +" + strconv.Itoa(int(number.GetCountryCode())) + " have another form than this one."
	case errors.Is(err, phonenumbers.ErrInvalidCountryCode):
		why = "No country has a calling code that this number begins with."
	}
	return risk(at.GetAttr(name), "phone-unlikely", "Unlikely telephone number", why+" Compare it with what you were given.")
}
