package cipher

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
)

// Lines encrypts the lines of one file, to which lines are added. Its key stands
// in the file itself, encrypted as everything is; so a line costs no more than its
// own bytes. A nil Lines leaves lines as they are.
type Lines struct {
	aead   cipher.AEAD
	secret []byte
}

// NewLines makes a key for lines, and the form in which it is kept: nil and "" if
// there are no recipients.
func (id Identity) NewLines(recipients []string) (*Lines, string, error) {
	return makeLines(recipients, id.Seal)
}

// NewLinesFor is [Identity.NewLines] for a writer that need not read the lines again.
func NewLinesFor(recipients []string) (*Lines, string, error) {
	return makeLines(recipients, sealFor)
}

func makeLines(recipients []string, seal func([]byte, []string) ([]byte, error)) (*Lines, string, error) {
	if len(recipients) == 0 {
		return nil, "", nil
	}
	secret := make([]byte, 32)
	rand.Read(secret) // never fails
	kept, err := seal(secret, recipients)
	if err != nil {
		return nil, "", err
	}
	l, err := newLines(secret)
	return l, string(kept), err
}

// OpenLines reads the text that NewLines returned to be kept.
func (id Identity) OpenLines(kept string) (*Lines, error) {
	if kept == "" {
		return nil, nil
	}
	secret, err := id.Open([]byte(kept))
	if err != nil {
		return nil, err
	}
	l, err := newLines(secret)
	if err != nil {
		return nil, &DamagedError{"its key is not one"}
	}
	return l, nil
}

func newLines(secret []byte) (*Lines, error) {
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return &Lines{aead, secret}, err
}

// Seal returns a line as it is kept.
func (l *Lines) Seal(line []byte) []byte {
	if l == nil {
		return line
	}
	return base64.StdEncoding.AppendEncode(nil, l.aead.Seal(nil, nil, line, nil))
}

// Open returns the line that Seal was given.
func (l *Lines) Open(line []byte) ([]byte, error) {
	if l == nil {
		return line, nil
	}
	sealed, err := base64.StdEncoding.AppendDecode(nil, line)
	if err == nil {
		line, err = l.aead.Open(nil, nil, sealed, nil)
	}
	if err != nil {
		return nil, errors.New("it does not decrypt")
	}
	return line, nil
}

// Name returns a substitute for a name that lines are found by: the same for
// the same name, and without the key it tells nothing of the name.
func (l *Lines) Name(name string) string {
	if l == nil {
		return name
	}
	h := hmac.New(sha256.New, l.secret)
	h.Write([]byte("name\n" + name))
	return hex.EncodeToString(h.Sum(nil))
}
