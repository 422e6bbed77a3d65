package state

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
)

// journalKey encrypts the lines of one journal. It stands in the journal's
// head, encrypted as the state is; so a line costs no more than its own bytes.
// A nil key leaves lines as they are.
type journalKey struct{ cipher.AEAD }

// newJournalKey makes a key, and the form in which it stands in the head.
func (f File) newJournalKey(recipients []string) (*journalKey, string, error) {
	if len(recipients) == 0 {
		return nil, "", nil
	}
	secret := make([]byte, 32)
	rand.Read(secret) // never fails
	kept, err := f.encrypt(secret, recipients)
	if err != nil {
		return nil, "", err
	}
	k, err := keyOf(secret)
	return k, string(kept), err
}

// openJournalKey reads what newJournalKey put into the head.
func (f File) openJournalKey(kept string) (*journalKey, error) {
	if kept == "" {
		return nil, nil
	}
	secret, err := f.decrypt([]byte(kept))
	if err != nil {
		return nil, err
	}
	k, err := keyOf(secret)
	if err != nil {
		return nil, &DamagedError{Path: f.journalPath(), Line: 1, What: "its key is not one", Advice: journalAdvice}
	}
	return k, nil
}

func keyOf(secret []byte) (*journalKey, error) {
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return &journalKey{aead}, err
}

// seal returns the content of a line as it is written.
func (k *journalKey) seal(content []byte) []byte {
	if k == nil {
		return content
	}
	return base64.StdEncoding.AppendEncode(nil, k.Seal(nil, nil, content, nil))
}

// open returns what seal was given.
func (k *journalKey) open(content []byte) ([]byte, error) {
	if k == nil {
		return content, nil
	}
	sealed, err := base64.StdEncoding.AppendDecode(nil, content)
	if err == nil {
		content, err = k.Open(nil, nil, sealed, nil)
	}
	if err != nil {
		return nil, errors.New("it does not decrypt")
	}
	return content, nil
}
