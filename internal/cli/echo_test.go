package cli_test

import (
	"slices"
	"strings"
	"testing"
)

// echoes finds the sentences of a transcript that say their heading again, as in
// "Against a policy: against a policy: too many": in lines, and in boxes below their
// titles.
func echoes(said string) (all []string) {
	var box []string
	for line := range strings.SplitSeq(said, "\n") {
		switch {
		case strings.HasPrefix(line, "╷"):
			box = []string{}
		case box != nil && strings.HasPrefix(line, "│"):
			box = append(box, strings.TrimSpace(strings.TrimPrefix(line, "│")))
		case box != nil:
			if text := strings.Join(box, "\n"); echoesTitle(box) || slices.ContainsFunc(paragraphs(box), echoesItself) {
				all = append(all, text)
			}
			box = nil
		case strings.HasPrefix(line, "{"): // JSON has no headings
		case echoesItself(line):
			all = append(all, line)
		}
	}
	return all
}

// paragraphs puts the lines of a box together again that were broken.
func paragraphs(box []string) []string {
	return strings.Split(strings.ReplaceAll(strings.ReplaceAll(strings.Join(box, "\n"), "\n\n", "\x00"), "\n", " "), "\x00")
}

// echoesTitle reports whether the sentences in a box begin with its title, or have it as
// a heading again.
func echoesTitle(box []string) bool {
	_, title, _ := strings.Cut(strings.ToLower(box[0]), ": ")
	all := paragraphs(box[1:])
	detail := strings.ToLower(all[len(all)-1])
	return strings.Contains(title, " ") && (strings.HasPrefix(detail, title) || strings.Contains(detail, title+":"))
}

// echoesItself reports whether a text says what stands before a colon once more.
func echoesItself(text string) bool {
	parts := strings.Split(text, ": ")
	var ends []string // the last words before a colon
	for i, part := range parts[:len(parts)-1] {
		_, heading, _ := cutLast(strings.ToLower(part), ". ")
		words := strings.Fields(heading)
		next := parts[i+1]
		if len(words) > 1 && strings.HasPrefix(strings.ToLower(next), heading) {
			return true
		}
		if len(words) > 2 {
			end := strings.Join(words[len(words)-3:], " ")
			if slices.Contains(ends, end) {
				return true
			}
			ends = append(ends, end)
		}
		for again, headings := range map[string][]string{"waiting": {"waiting"}, "deferred": {"deferred"}, "yet": {"not ready for use yet", "cannot be run yet"}} {
			if slices.Contains(headings, heading) && slices.Contains(strings.FieldsFunc(strings.ReplaceAll(next, "which is deferred", ""), notLetter), again) {
				return true // of others it may be said
			}
		}
	}
	return false
}

func notLetter(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') }

// cutLast cuts s around the last sep. Without one, all of s is after it.
func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return "", s, false
}

func TestEchoes(t *testing.T) {
	for text, want := range map[string]bool{
		"action.a.b: Failed after 0s: against a policy: against a policy: too many":                               true,
		"a.b: Deferred: it cannot be run yet: a.b cannot be run yet: a.c is planned to be created.":               true,
		"a.b: Waiting: a.c is CREATED, waiting for Kira to make it VERIFIED":                                      true,
		"a.b: Not ready for use yet: Kira has not provided its account number yet":                                true,
		"╷\n│ Error: Against a policy\n│\n│   on a line 1\n│\n│ against a\n│ policy: too many\n╵":                 true,
		"╷\n│ Error: Something comes first\n│\n│ a.b cannot be run yet: the user a.b cannot be run\n│ yet: x.\n╵": true,
		"╷\n│ Error: Something comes first\n│\n│   on a line 1\n│\n│ a.b cannot be run yet: a.c is planned.\n╵":   false,
		"a.b: Deferred: it needs a.c, which is deferred":                                                          false,
		"a.b: Deferred: a.c is CREATED, and Kira has to make it VERIFIED first":                                   false,
		"a.b: Failed after 0s: Kira says that 1 is FAILED.":                                                       false,
		"To go on, and wait for Kira:\n  kiraform apply -wait=15m":                                                false,
	} {
		if got := len(echoes(text+"\n")) > 0; got != want {
			t.Errorf("%q has an echo: %t, want %t", text, got, want)
		}
	}
}
