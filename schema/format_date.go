package schema

import "strings"

// isDate reports whether s is YYYY-MM-DD and that day is in the calendar. It
// does without package time, so that nothing here can read a clock.
func isDate(s string) bool {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return false
	}
	year, month, day := number(s[:4]), number(s[5:7]), number(s[8:])
	return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
}

// number reads decimal digits; anything else makes it -1.
func number(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// isMidnight reports whether s is a day with the time that decoders of YAML put
// behind it, such as 1990-05-15T00:00:00Z.
func isMidnight(s string) bool {
	day, ok := strings.CutSuffix(s, "T00:00:00Z")
	return ok && isDate(day)
}
