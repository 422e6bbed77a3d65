package redact

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"
)

// plainly is how much of a secret text begins with, found by comparing with each of them.
func plainly(text string, secrets []string) (longest int) {
	for _, s := range secrets {
		n := 0
		for n < min(len(text), len(s)) && lower(text[n]) == lower(s[n]) {
			n++
		}
		if n == len(s) || n >= enough || n >= least && strings.HasPrefix(text[n:], dots) {
			longest = max(longest, n)
		}
	}
	return longest
}

// Secrets that begin alike are found as each of them alone would be.
func TestSecretsThatBeginAlike(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	draw := func(most int) string {
		b := []byte("acct")
		for range r.Intn(most) {
			b = append(b, "aB1."[r.Intn(4)])
		}
		return string(b)
	}
	for range 300 {
		var set Set
		for range r.Intn(60) {
			set.Add(draw(24))
		}
		all := set.All()
		for range 100 {
			text := draw(30) + []string{"", "...", "x"}[r.Intn(3)]
			if got, want := set.secretAt(text), plainly(text, all); got != want {
				t.Fatalf("%q among %q: %d, want %d", text, all, got, want)
			}
		}
	}
}

// BenchmarkSecretsThatBeginAlike masks a page among 30,000 numbers of accounts.
func BenchmarkSecretsThatBeginAlike(b *testing.B) {
	var set Set
	for i := range 30_000 {
		set.Add(fmt.Sprintf("1234%08d", i))
	}
	page := strings.Repeat("account_number = \"123400007777\"\n  bank = \"Example Bank\"\n", 40)
	set.Mask(page)
	for b.Loop() {
		set.Mask(page)
	}
}
