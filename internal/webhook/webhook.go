// Package webhook takes in the events that Kira posts, and keeps them.
//
// An event is durable, byte for byte as it came, before its sender is told that
// it arrived: Kira sends each event once and never again (brief), and facts
// that only an event has, such as why a user was rejected, are gone with it. So
// nothing is judged before it is kept, nobody is answered with an error for a
// wrong signature, and an event that could not be verified is kept apart and
// can be verified again later.
//
// Start at [Store], which keeps events, and [Receiver], which takes them in.
// The store is files to which lines are added; other processes read them while
// they are written.
package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
)

// SignatureHeader is the header that has the signature of a body (brief).
const SignatureHeader = "X-Signature-Sha256"

// Secrets are the secrets that a signature may be made with: more than one
// while a secret is exchanged for another. Empty ones count for nothing.
type Secrets []string

// Sign returns the signature of a body: HMAC-SHA256 in lower-case hexadecimal
// digits, without a prefix (brief).
func Sign(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// Verify reports whether signature is that of body, byte for byte, with one of
// the secrets. The time it takes says nothing of how much of a signature is right.
func (s Secrets) Verify(body []byte, signature string) bool {
	ok := false
	for _, secret := range s {
		if secret != "" && hmac.Equal([]byte(Sign(secret, body)), []byte(signature)) {
			ok = true
		}
	}
	return ok
}

// Any reports whether there is a secret at all.
func (s Secrets) Any() bool {
	for _, secret := range s {
		if secret != "" {
			return true
		}
	}
	return false
}
