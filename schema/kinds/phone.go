package kinds

import (
	"slices"
	"strings"

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

// recipientPhone also warns of another form: of payees no document asks for E.164.
func recipientPhone(v cty.Value, _ schema.Env) []schema.Problem {
	if number, f := lookText(v, "phone"); f == written && !schema.E164.Accepts(number) {
		return risk(path("phone"), "phone-unlikely", "Unlikely telephone number",
			`This number is not in E.164 form, which Kira shows everywhere. Write "+", the country code and the number, digits only, such as "+525512345678".`)
	}
	return phone(nil, v, "phone")
}

func phone(at cty.Path, owner cty.Value, name string) []schema.Problem {
	number := known(owner, name)
	if !schema.E164.Accepts(number) {
		return nil // not written, or a mistake of its own
	}
	digits := number[1:]
	code := callingCode(digits)
	form, special := nationalNumbers[code]
	switch {
	case code == "":
		return risk(at.GetAttr(name), "phone-unlikely", "Unlikely telephone number",
			"No country has a calling code that this number begins with. Compare it with what you were given.")
	case special && !form(digits[len(code):]):
		return risk(at.GetAttr(name), "phone-unlikely", "Unlikely telephone number",
			"Numbers under +"+code+" have another form than this one. Compare it with what you were given.")
	}
	return nil
}

// nationalNumbers has the forms of the countries that most users come from.
// Mexican mobile numbers had a 1 in front until 2019; the brief still writes it.
var nationalNumbers = map[string]func(string) bool{
	"1":  matches(`^[2-9][0-9]{2}[2-9][0-9]{6}$`),
	"52": matches(`^1?[1-9][0-9]{9}$`),
	"55": matches(`^[1-9][0-9]{9,10}$`),
	"57": matches(`^[1-9][0-9]{9}$`),
}

// callingCode returns the country calling code that digits begin with, or "".
// No code is the beginning of another one.
func callingCode(digits string) string {
	for n := 1; n <= 3; n++ {
		if slices.Contains(callingCodes, digits[:n]) {
			return digits[:n]
		}
	}
	return ""
}

// callingCodes are those that the ITU has assigned (E.164, list of codes).
var callingCodes = strings.Fields(`1 7
	20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58
	60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98
	211 212 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 235 236 237 238 239
	240 241 242 243 244 245 246 247 248 249 250 251 252 253 254 255 256 257 258
	260 261 262 263 264 265 266 267 268 269 290 291 297 298 299
	350 351 352 353 354 355 356 357 358 359 370 371 372 373 374 375 376 377 378 379
	380 381 382 383 385 386 387 389 420 421 423
	500 501 502 503 504 505 506 507 508 509 590 591 592 593 594 595 596 597 598 599
	670 672 673 674 675 676 677 678 679 680 681 682 683 685 686 687 688 689 690 691 692
	800 808 850 852 853 855 856 870 878 880 881 882 883 886 888
	960 961 962 963 964 965 966 967 968 970 971 972 973 974 975 976 977 979
	992 993 994 995 996 998`)
