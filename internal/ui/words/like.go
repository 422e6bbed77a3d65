package words

import "strings"

// Likeness is equal for messages about several resources that say the same: the
// facts are equal, and the details differ in the resource at addr and in its
// particulars alone.
func Likeness(addr, detail string, facts ...string) string {
	if addr != "" {
		detail = strings.ReplaceAll(detail, addr, "it")
	}
	return strings.Join(append(facts, Alike(detail)), "\n")
}
