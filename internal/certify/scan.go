package certify

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"html"
	"net/url"
	"strings"
)

// shortest is the length from which on a text is searched for: a shorter one is
// part of ordinary words, and of ids.
const shortest = 5

// disguise is a form in which a file may have a secret.
type disguise struct {
	name  string
	texts []string
}

func disguises(secret string) []disguise {
	if len(secret) < shortest {
		return nil
	}
	quoted, _ := json.Marshal(secret) // a text can be encoded
	var x strings.Builder
	_ = xml.EscapeText(&x, []byte(secret)) // a builder cannot fail
	plain := []string{secret, strings.Trim(string(quoted), `"`), html.EscapeString(secret), x.String()}
	return []disguise{{"a secret in plain text", plain}, {"a secret in base64", inBase64(secret)},
		{"a secret in hexadecimal digits", []string{hex.EncodeToString([]byte(secret))}},
		{"a secret encoded for URLs", []string{url.QueryEscape(secret), url.PathEscape(secret)}}}
}

// inBase64 returns the forms of a secret inside of a longer text in base64,
// wherever it begins there: the characters that are of the secret alone.
func inBase64(secret string) (all []string) {
	for before := range 3 {
		padded := append(make([]byte, before), secret...)
		whole := len(padded) / 3 * 3 // the rest depends on the bytes that follow
		from := (before*8 + 5) / 6
		for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			if t := enc.EncodeToString(padded[:whole]); len(t) > from && len(t)-from >= shortest {
				all = append(all, t[from:])
			}
		}
	}
	return all
}
