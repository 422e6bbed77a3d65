package review

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// spellings are other forms in which a message may have a value: a phone without
// the signs between its digits, a date as people write it in any order, and a name
// without its accents.
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
				dates(p[0], p[1], p[2], add)
			}
		}
	case "person":
		if s := bare(value); s != value {
			all = append(all, s)
		}
	}
	return all
}

// dates adds the forms of a date.
func dates(year, month, day string, add func(string)) {
	month, day = strings.TrimLeft(month, "0"), strings.TrimLeft(day, "0")
	for _, form := range []string{"%02s", "%s"} {
		m, d := fmt.Sprintf(form, month), fmt.Sprintf(form, day)
		for _, sign := range []string{"-", "/", "."} {
			for _, order := range [][]string{{year, m, d}, {d, m, year}, {m, d, year}} {
				add(strings.Join(order, sign))
			}
		}
	}
}

// bare is a name without accents.
func bare(name string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(name)))
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
var numbered = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\+?\(?[0-9][0-9 ().-]{6,}[0-9]`) })

// calls replaces the phones that are known also where they stand without their
// country, or with other signs between the digits.
func (m *mask) calls(s string) string {
	return numbered().ReplaceAllStringFunc(s, func(found string) string {
		few := digits(found)
		for _, phone := range m.phones {
			if len(few) >= 7 && strings.HasSuffix(digits(phone), few) {
				return m.number(phone)
			}
		}
		return found
	})
}
