package words

import (
	"regexp"
	"strings"
	"sync"
)

// Likeness is equal for messages about several resources that say the same: the
// facts are equal, and the details differ in the resource at addr and in its
// particulars alone.
func Likeness(addr, detail string, facts ...string) string {
	if addr != "" {
		detail = strings.ReplaceAll(detail, addr, "it")
	}
	return strings.Join(append(facts, Cause(Alike(detail))), "\n")
}

var (
	tries = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\b\d+ tries\b`) })
	block = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?:\bmodule\.[\w-]+(?:\[…\])?\.)*\b(kira_\w+)\.[A-Za-z_][\w-]*(?:\[…\])?`)
	})
	times = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?( UTC|Z)?`)
	})
)

// Cause is Nameless without the tries: it is the same for failures that differ in the
// number of their tries, of which a single one is not counted, in times and in names
// of one kind alone.
func Cause(text string) string { return strings.ReplaceAll(Nameless(text), " (several tries)", "") }

// roughly is text without the number of tries and the time of a request. It is the
// same for failures that differ in these alone.
func roughly(text string) string {
	return times().ReplaceAllString(tries().ReplaceAllString(text, "several tries"), "…")
}

// Nameless is roughly without the names of resources: "kira_user.…" stands for each. It
// is the same for reasons that are about resources of one kind, whatever the blocks are.
func Nameless(text string) string {
	return strings.ReplaceAll(block().ReplaceAllString(roughly(text), "$1.…"), ", …)", ")") // a try without an answer has no request id
}
