package kira

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tag is anything that looks like HTML inside a text.
var tag = regexp.MustCompile(`<[A-Za-z!/?][^>]*>`)

// words turns a JSON value into text; an object has no text.
func words(v any) string {
	switch v := v.(type) {
	case string:
		return tidy(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	case []any:
		var all []string
		for _, item := range v {
			if s, ok := item.(string); ok {
				all = append(all, tidy(s))
			}
		}
		return strings.Join(all, ", ")
	}
	return ""
}

// text reads a JSON string, for a message.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	s = tidy(s)
	// The gateway adds a hash of the token; it helps nobody.
	s, _, _ = strings.Cut(s, " (hashed with SHA-256")
	return cut(s, maxMessage)
}

// scalar reads a JSON string, number or boolean, for a code.
func scalar(raw json.RawMessage) string {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return ""
	}
	if _, ok := v.([]any); ok {
		return ""
	}
	return words(v)
}

// plainText returns the first line of a body that is neither JSON nor a page,
// such as "error code: 522", and "" for others: a page helps nobody, and the
// rest of a broken JSON body may hold anything.
func plainText(body []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(body)), "\n")
	if strings.HasPrefix(line, "{") || strings.HasPrefix(line, "[") || strings.HasPrefix(line, `"`) {
		return ""
	}
	return cut(tidy(line), maxMessage)
}

// tidy makes a text fit for one line of a terminal: no control characters, no
// HTML, single spaces. A page as a whole is nothing.
func tidy(s string) string {
	s = strings.TrimLeftFunc(strings.ToValidUTF8(s, " "), func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r)
	})
	if strings.HasPrefix(s, "<") && tag.MatchString(s) {
		return ""
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, tag.ReplaceAllString(s, " "))
	return strings.Join(strings.Fields(s), " ")
}

// cut shortens a text to at most n bytes, and shows that it did.
func cut(s string, n int) string {
	const dots = "..."
	if len(s) <= n {
		return s
	}
	s = s[:n-len(dots)]
	for !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	return s + dots
}
