package words

import (
	"regexp"
	"strings"
)

// Likeness is equal for messages about several resources that say the same: the
// facts are equal, and the details differ in the resource at addr and in its
// particulars alone.
func Likeness(addr, detail string, facts ...string) string {
	if addr != "" {
		detail = strings.ReplaceAll(detail, addr, "it")
	}
	return strings.Join(append(facts, Tries(Alike(detail))), "\n")
}

var tries = regexp.MustCompile(`\b\d+ tries\b`)

// Tries is text without how often a request was tried. It is the same for failures
// that differ in that alone.
func Tries(text string) string { return tries.ReplaceAllString(text, "several tries") }
