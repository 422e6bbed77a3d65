package words

import (
	"cmp"
	"regexp"
	"strings"
	"sync"
)

var (
	keys       = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\[(\d+|"(\\.|[^"\\])*")\]`) })
	particular = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[^\s@"'<>(),;:=]+@[^\s@"'<>(),;:=]+|request id [0-9A-Za-z_-]+`)
	})
	instance = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`([A-Za-z_][\w-]*(\[(\d+|"(\\.|[^"\\])*")\])?\.)+[A-Za-z_][\w-]*\[(\d+|"(\\.|[^"\\])*")\]`)
	})
)

// Alike is text with "…" for its particulars: keys of instances, ids and e-mail
// addresses. It is the same for texts that say the same of several objects.
func Alike(text string) string {
	return particular().ReplaceAllString(keys().ReplaceAllString(text, "[…]"), "…")
}

// Instance is the first address of an instance of count or for_each that text
// names, or "".
func Instance(text string) string { return instance().FindString(text) }

// Natural orders texts as people count: u[2] is before u[10].
func Natural(x, y string) int {
	for x != "" && y != "" {
		m, n := digits(x), digits(y)
		if m == 0 || n == 0 {
			if c := cmp.Compare(x[0], y[0]); c != 0 {
				return c
			}
			x, y = x[1:], y[1:]
			continue
		}
		a, b := strings.TrimLeft(x[:m], "0"), strings.TrimLeft(y[:n], "0")
		if c := cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b), cmp.Compare(m, n)); c != 0 {
			return c
		}
		x, y = x[m:], y[n:]
	}
	return cmp.Compare(len(x), len(y))
}

// digits counts the digits that s begins with.
func digits(s string) int {
	return len(s) - len(strings.TrimLeft(s, "0123456789"))
}
