package state

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

// EncryptedError reports that what a file holds cannot be decrypted with the
// key at hand.
type EncryptedError struct {
	Path string
	Why  string
}

func (e *EncryptedError) Error() string { return e.Path + " is encrypted, and " + e.Why }

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

// identities reads f.Identity. No error says anything of what it holds.
func (f File) identities() ([]age.Identity, error) {
	if f.Identity == "" {
		return nil, errors.New("KIRAFORM_AGE_IDENTITY is not set: set it to the file that has the key, or to the key itself")
	}
	text := f.Identity
	if !strings.HasPrefix(strings.ToUpper(text), secretPrefix) {
		data, err := os.ReadFile(f.Identity)
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

// encrypt returns plain as it is stored for recipients, which is as it is if
// there are none. It refuses to write what the key at hand could not read back.
func (f File) encrypt(plain []byte, recipients []string) ([]byte, error) {
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
	if _, err := f.opened(b.Bytes()); err != nil {
		return nil, fmt.Errorf("encrypt for %d recipients: the next run could not read it: %w", len(recipients), err)
	}
	return b.Bytes(), nil
}

// Encrypt returns plain as a file beside the state is stored for recipients of
// age: as it is if there are none. It refuses to write what f.Identity could
// not read back.
func (f File) Encrypt(plain []byte, recipients []string) ([]byte, error) {
	return f.encrypt(plain, recipients)
}

// Decrypt returns what [File.Encrypt] was given. It returns an *EncryptedError
// if the key at hand does not fit.
func (f File) Decrypt(data []byte) ([]byte, error) { return f.decrypt(data) }

func isEncrypted(data []byte) bool { return bytes.HasPrefix(data, []byte(armor.Header)) }

// decrypt returns what encrypt was given; what is damaged is said of the state
// file, with the way back.
func (f File) decrypt(data []byte) ([]byte, error) {
	plain, err := f.unseal(data)
	if err != nil {
		return nil, f.place(err)
	}
	return plain, nil
}

// unseal is decrypt for a file whose place the caller knows.
func (f File) unseal(data []byte) ([]byte, error) {
	if !isEncrypted(data) {
		return data, nil
	}
	r, err := f.opened(data)
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		return nil, undecipherable(err)
	}
	return plain, nil
}

// opened finds the key that opens data, and returns what reads the content.
func (f File) opened(data []byte) (io.Reader, error) {
	with, err := f.identities()
	if err != nil {
		return nil, &EncryptedError{Path: f.Path, Why: err.Error()}
	}
	r, err := age.Decrypt(armor.NewReader(bytes.NewReader(data)), with...)
	if _, other := errors.AsType[*age.NoIdentityMatchError](err); other {
		return nil, &EncryptedError{Path: f.Path, Why: "not for the key in KIRAFORM_AGE_IDENTITY: use one of the keys that it is encrypted for"}
	}
	if err != nil {
		return nil, undecipherable(err)
	}
	return r, nil
}

func undecipherable(err error) error {
	return &DamagedError{What: "it does not decrypt: " + err.Error()}
}
