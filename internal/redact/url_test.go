package redact_test

import (
	"testing"

	"kiraform/internal/redact"
)

func TestURLs(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a URL without secrets stays", "see https://kira.example/docs, please", "see https://kira.example/docs, please"},
		{"a port is no password", "http://127.0.0.1:8787/sandbox", "http://127.0.0.1:8787/sandbox"},
		{"an @ in a path stays", "https://h.example:443/a@b", "https://h.example:443/a@b"},
		{"user and password", "dial https://user:pw@h.example/x: refused", "dial https://(sensitive)@h.example/x: refused"},
		{"a token in place of a user", "https://abc@h.example", "https://(sensitive)@h.example"},
		{"a password with a slash", "https://user:a/b@h.example", "https://(sensitive)@h.example"},
		{"a password with an @", "https://user:a@b@h.example/x", "https://(sensitive)@h.example/x"},
		{"a password with a question mark", "https://user:a?b@h.example/x", "https://(sensitive)@h.example/x"},
		{"the values of a query", "https://h.example/x?a=1&token=abc&b=", "https://h.example/x?a=(sensitive)&token=(sensitive)&b="},
		{"a query that is no more than a value", "https://h.example/x?abc", "https://h.example/x?(sensitive)"},
		{"a fragment", "https://h.example/x#access_token=abc", "https://h.example/x#(sensitive)"},
		{"a database", `parse "postgres://me:pw@[::1]:x/db": invalid port`, `parse "postgres://(sensitive)@[::1]:x/db": invalid port`},
		{"a password with an @ behind a port", "https://user:12@34@h.example/x", "https://(sensitive)@h.example/x"},
		{"a password that looks like a port", "https://user:1234/x@h.example", "https://user:1234/x@h.example"},
		{"several", "https://a:b@c https://d:e@f", "https://(sensitive)@c https://(sensitive)@f"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := redact.URLs(c.text); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if masked := redact.MaskURLs(c.text); len(masked) != len(c.text) || (masked == c.text) != (c.text == c.want) {
				t.Errorf("with stars: %s", masked)
			}
			if once := redact.URLs(c.text); redact.URLs(once) != once {
				t.Errorf("once more, it becomes %s", redact.URLs(once))
			}
		})
	}
}
