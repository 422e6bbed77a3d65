package pgtest

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
)

// verifier is the form in which Postgres keeps a password, of one iteration in place
// of the usual 4,096: a client goes through them for each connection, of which the
// tests make thousands.
func verifier(password string) (string, error) {
	const iterations, salt = 1, "salt of the tests"
	salted, err := pbkdf2.Key(sha256.New, password, []byte(salt), iterations, sha256.Size)
	if err != nil {
		return "", err
	}
	mac := func(of string) []byte {
		h := hmac.New(sha256.New, salted)
		h.Write([]byte(of))
		return h.Sum(nil)
	}
	stored := sha256.Sum256(mac("Client Key"))
	text := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("SCRAM-SHA-256$%d:%s$%s:%s", iterations, text([]byte(salt)), text(stored[:]), text(mac("Server Key"))), nil
}
