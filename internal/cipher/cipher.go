// Package cipher encrypts everything that is kept, if it is to be encrypted at
// all: states, their generations, journals and saved plans.
//
// It encrypts for recipients of age. [Identity.Seal] writes nothing that the key
// at hand could not read back. No error says anything of a key, or of the
// encrypted text.
package cipher

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"
)

// Identity opens encrypted data: a secret key of age, or the path of a file
// with some. Its zero value opens nothing.
type Identity string

// KeyError reports that the key at hand does not open the encrypted data.
type KeyError struct{ Why string }

func (e *KeyError) Error() string { return e.Why }

// DamagedError reports that something encrypted is damaged.
type DamagedError struct{ What string }

func (e *DamagedError) Error() string { return e.What }

// CheckRecipient reports whether r can be encrypted for.
func CheckRecipient(r string) error {
	_, err := parseRecipients([]string{r})
	return err
}

func parseRecipients(names []string) ([]age.Recipient, error) {
	var all []age.Recipient
	for _, name := range names {
		got, err := age.ParseRecipients(strings.NewReader(name))
		if err != nil || len(got) != 1 || strings.Contains(name, "\n") {
			return nil, fmt.Errorf("%q is not a public key of age, such as age1... ; \"age-keygen\" makes a pair of keys", name)
		}
		all = append(all, got[0])
	}
	return all, nil
}

// secretPrefix begins an identity that is given itself, rather than as the
// path of a file that has it.
const secretPrefix = "AGE-SECRET-KEY-"

func (id Identity) keys() ([]age.Identity, error) {
	if id == "" {
		return nil, errors.New("KIRAFORM_AGE_IDENTITY is not set: set it to the file that has the key, or to the key itself")
	}
	text := string(id)
	if !strings.HasPrefix(strings.ToUpper(text), secretPrefix) {
		data, err := os.ReadFile(text)
		if err != nil {
			return nil, fmt.Errorf("the file that KIRAFORM_AGE_IDENTITY names cannot be read: %w", err)
		}
		text = string(data)
	}
	all, err := age.ParseIdentities(strings.NewReader(text))
	if err != nil {
		return nil, errors.New("KIRAFORM_AGE_IDENTITY holds no secret key of age: one begins with AGE-SECRET-KEY-1")
	}
	return all, nil
}

// Seal returns plain as it is kept for recipients: as it is if there are none.
func (id Identity) Seal(plain []byte, recipients []string) ([]byte, error) {
	kept, err := sealFor(plain, recipients)
	if err != nil || len(recipients) == 0 {
		return kept, err
	}
	if _, err := id.opened(kept); err != nil {
		return nil, fmt.Errorf("encrypt for %d recipients: the next run could not read it: %w", len(recipients), err)
	}
	return kept, nil
}

// sealFor is [Identity.Seal] for a writer that has no key to read it with, and
// need not read it.
func sealFor(plain []byte, recipients []string) ([]byte, error) {
	if len(recipients) == 0 {
		return plain, nil
	}
	to, err := parseRecipients(recipients)
	if err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	var b bytes.Buffer
	text := armor.NewWriter(&b)
	w, err := age.Encrypt(text, to...)
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = errors.Join(w.Close(), text.Close())
	}
	if err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	return b.Bytes(), nil
}

// IsSealed reports whether data is encrypted.
func IsSealed(data []byte) bool { return bytes.HasPrefix(data, []byte(armor.Header)) }

// Open returns the data that Seal was given. The error is a *KeyError or a
// *DamagedError.
func (id Identity) Open(data []byte) ([]byte, error) {
	if !IsSealed(data) {
		return data, nil
	}
	r, err := id.opened(data)
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		return nil, damaged(err)
	}
	return plain, nil
}

// opened finds the key that opens data, and returns a reader of the content.
func (id Identity) opened(data []byte) (io.Reader, error) {
	with, err := id.keys()
	if err != nil {
		return nil, &KeyError{err.Error()}
	}
	r, err := age.Decrypt(armor.NewReader(bytes.NewReader(data)), with...)
	if _, other := errors.AsType[*age.NoIdentityMatchError](err); other {
		return nil, &KeyError{"not for the key in KIRAFORM_AGE_IDENTITY: use one of the keys that it is encrypted for"}
	}
	if err != nil {
		return nil, damaged(err)
	}
	return r, nil
}

func damaged(err error) error { return &DamagedError{"it does not decrypt: " + err.Error()} }
