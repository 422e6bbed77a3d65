// Package redact keeps known secrets out of texts.
//
// It is the last line of defence. kiraform's own words about a secret are
// chosen where a value turns into text; this package is for texts that others
// wrote, such as a message of Kira that repeats the request, and for lines of
// source that are quoted.
package redact

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"sort"
	"strings"
	"sync"
)

const (
	// least is the length from which on a text is taken for a secret: shorter
	// ones would blot out ordinary words.
	least = 4
	// enough is how much of a long secret gives it away.
	enough = 16
	// encoded is the length up to which a secret is looked for in encoded form.
	encoded = 1 << 10

	// Instead takes the place of a secret.
	Instead = "(sensitive)"
	dots    = "..." // where a message was cut, perhaps in the middle of a secret
)

// Set is a set of secrets. Its zero value is empty and ready for use, also by
// several goroutines at once.
type Set struct {
	mu    sync.Mutex
	fresh []string // not in the index yet: most runs never need it
	known map[string]struct{}
	by    map[[least]byte][]string // in lower case and sorted, by how they begin
}

// Add makes s a secret, and with it the other forms in which a server may
// repeat it.
func (set *Set) Add(s string) {
	if len(s) < least {
		return
	}
	set.mu.Lock()
	defer set.mu.Unlock()
	set.fresh = append(set.fresh, s)
}

// All returns the secrets, in no order.
func (set *Set) All() (all []string) {
	set.mu.Lock()
	defer set.mu.Unlock()
	set.index()
	return slices.Collect(maps.Keys(set.known))
}

// index takes in the secrets that were added since it was last called.
func (set *Set) index() {
	if set.known == nil {
		set.known, set.by = make(map[string]struct{}), make(map[[least]byte][]string)
	}
	longer := make(map[[least]byte]bool)
	for _, s := range set.fresh {
		if _, ok := set.known[s]; ok {
			continue
		}
		for _, form := range forms(s) {
			if _, ok := set.known[form]; ok || len(form) < least {
				continue
			}
			set.known[form] = struct{}{}
			key := start(form)
			set.by[key], longer[key] = append(set.by[key], lowered(form)), true
		}
	}
	for key := range longer {
		slices.Sort(set.by[key])
		set.by[key] = slices.Compact(set.by[key])
	}
	set.fresh = nil
}

// forms returns s as it is, on one line, as JSON writes it, without the
// punctuation of a number, without the head of a data URI, and, if it is not
// long, as base64 and as a part of a URL.
func forms(s string) []string {
	all := []string{s, strings.Join(strings.Fields(s), " ")}
	if quoted, err := json.Marshal(s); err == nil {
		all = append(all, string(quoted[1:len(quoted)-1]))
	}
	if digits := strings.Map(withoutPunctuation, s); len(digits) >= 2*least {
		all = append(all, digits)
	}
	if _, data, ok := strings.Cut(s, ";base64,"); ok {
		all = append(all, data)
	}
	if b := []byte(s); len(b) <= encoded {
		all = append(all, base64.RawStdEncoding.EncodeToString(b), base64.RawURLEncoding.EncodeToString(b),
			url.QueryEscape(s), url.PathEscape(s))
	}
	return all
}

func withoutPunctuation(r rune) rune {
	if r == '-' || r == ' ' {
		return -1
	}
	return r
}

// Text returns text with "(sensitive)" in place of every secret.
func (set *Set) Text(text string) string {
	return set.scan(text, func(string) string { return Instead })
}

// Mask returns text with stars in place of every secret. It is as long as
// before, and has its lines where they were.
func (set *Set) Mask(text string) string { return set.scan(text, Stars) }

// Stars returns a text of the same length and lines that says nothing.
func Stars(s string) string {
	b := []byte(s)
	for i := range b {
		if b[i] != '\n' {
			b[i] = '*'
		}
	}
	return string(b)
}

// Error returns err with all secrets taken out of its text. The errors that it
// wraps can be found in it as before, and are not to be shown.
func (set *Set) Error(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	clean := set.Text(text)
	if clean == text {
		return err
	}
	return &redacted{clean, err}
}

type redacted struct {
	text string
	err  error
}

func (e *redacted) Error() string { return e.text }
func (e *redacted) Unwrap() error { return e.err }

func (set *Set) scan(text string, replace func(string) string) string {
	set.mu.Lock()
	defer set.mu.Unlock()
	if set.index(); len(set.by) == 0 {
		return text
	}
	var b strings.Builder
	done := 0
	for i := 0; i+least <= len(text); {
		n := set.secretAt(text[i:])
		if n == 0 {
			i++
			continue
		}
		b.WriteString(text[done:i] + replace(text[i:i+n]))
		i += n
		done = i
	}
	b.WriteString(text[done:])
	return b.String()
}

// secretAt returns the length of the longest secret, or part of one that gives
// it away, with which text begins, whatever their case.
//
// Of a list that is sorted, those that go on as text does stand together: thousands that
// begin alike, such as the numbers of accounts, take the time of a few.
func (set *Set) secretAt(text string) (longest int) {
	alike := set.by[start(text)] // all have the first n bytes of text
	for n := least; len(alike) > 0; n++ {
		if len(alike[0]) == n {
			longest, alike = n, alike[1:]
		}
		from, to := 0, 0
		if n < len(text) {
			c := lower(text[n])
			from = sort.Search(len(alike), func(i int) bool { return alike[i][n] >= c })
			to = from + sort.Search(len(alike)-from, func(i int) bool { return alike[from+i][n] > c })
		}
		if to-from < len(alike) && (n >= enough || strings.HasPrefix(text[n:], dots)) {
			longest = n
		}
		alike = alike[from:to]
	}
	return longest
}

// lowered is s with its letters of ASCII in lower case.
func lowered(s string) string {
	b := []byte(s)
	for i, c := range b {
		b[i] = lower(c)
	}
	return string(b)
}

func start(s string) (key [least]byte) {
	for i := range key {
		key[i] = lower(s[i])
	}
	return key
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
