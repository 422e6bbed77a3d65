package review

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// spellings are other forms in which a message may have a value: a phone without
// the signs between its digits, and a date as year, month and day.
func spellings(sort, value string) (all []string) {
	add := func(s string) {
		if s != value && len(s) >= 6 && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	switch sort {
	case "phone":
		for _, s := range []string{digits(value), "+" + digits(value)} {
			add(s)
		}
	case "date":
		parts := strings.FieldsFunc(value, func(r rune) bool { return r < '0' || r > '9' })
		if len(parts) != 3 {
			return nil
		}
		for _, p := range [][3]string{{parts[0], parts[1], parts[2]}, {parts[2], parts[1], parts[0]}, {parts[2], parts[0], parts[1]}} {
			if len(p[0]) == 4 {
				add(fmt.Sprintf("%s-%02s-%02s", p[0], p[1], p[2]))
			}
		}
	}
	return all
}

// digits are those of a text.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// numbered finds texts that may be phones, with or without signs between the digits.
var numbered = regexp.MustCompile(`\+?\(?[0-9][0-9 ().-]{6,}[0-9]`)

// calls replaces the phones that are known also where they stand without their
// country, or with other signs between the digits.
func (m *mask) calls(s string) string {
	return numbered.ReplaceAllStringFunc(s, func(found string) string {
		few := digits(found)
		for _, phone := range m.phones {
			if len(few) >= 7 && strings.HasSuffix(digits(phone), few) {
				return m.number(phone)
			}
		}
		return found
	})
}
