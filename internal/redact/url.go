package redact

import (
	"regexp"
	"strings"
	"sync"
)

// address finds URLs in a text, also those that were only meant to be one.
var address = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("[A-Za-z][A-Za-z0-9+.-]*://[^\\s\"'`<>]+") })

// URLs returns text with "(sensitive)" in place of the parts of a URL in it that
// may be secret: who signs in, the values of the query, and the fragment. It
// takes a URL that no parser would take.
func URLs(text string) string { return urls(text, func(string) string { return Instead }) }

// MaskURLs is like URLs, with stars: the text is as long as before.
func MaskURLs(text string) string { return urls(text, Stars) }

func urls(text string, instead func(string) string) string {
	if !strings.Contains(text, "://") {
		return text
	}
	return address().ReplaceAllStringFunc(text, func(s string) string {
		scheme, rest, _ := strings.Cut(s, "://")
		user := signingIn(rest)
		path, fragment, marked := strings.Cut(rest[user:], "#")
		path, query, asked := strings.Cut(path, "?")
		out := scheme + "://"
		if user > 0 {
			out += instead(rest[:user])
		}
		if out += path; asked {
			out += "?" + maskQuery(query, instead)
		}
		if marked {
			out += "#"
		}
		if fragment != "" {
			out += instead(fragment)
		}
		return out
	})
}

// signingIn returns how much of a URL behind its scheme says who signs in. An @
// that comes after the host, as in a path, is none of it, unless the host is
// none: no host has a colon before something else than a port.
func signingIn(rest string) int {
	host := rest[:strings.IndexAny(rest+"/", "/?#")]
	if _, port, ok := strings.Cut(host, ":"); ok && strings.Trim(port, "0123456789") != "" {
		return max(0, strings.LastIndexByte(rest, '@'))
	}
	return max(0, strings.LastIndexByte(host, '@'))
}

func maskQuery(query string, instead func(string) string) string {
	var parts []string
	for part := range strings.SplitSeq(query, "&") {
		name, value, ok := strings.Cut(part, "=")
		switch {
		case ok && value != "":
			part = name + "=" + instead(value)
		case !ok && name != "":
			part = instead(name)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "&")
}
