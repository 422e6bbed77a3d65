package state

import (
	"errors"
	"fmt"

	"kiraform/internal/cipher"
)

// EncryptedError reports that what a file holds cannot be decrypted with the
// key at hand.
type EncryptedError struct {
	Path string
	Why  string
}

func (e *EncryptedError) Error() string { return e.Path + " is encrypted, and " + e.Why }

// Encrypt returns plain as a file beside the state is stored for recipients of
// age: as it is if there are none. It refuses to write what f.Identity could
// not read back.
func (f File) Encrypt(plain []byte, recipients []string) ([]byte, error) {
	data, err := f.cipher().Seal(plain, recipients)
	if _, other := errors.AsType[*cipher.KeyError](err); other {
		return nil, fmt.Errorf("%s: %w", f.Path, err)
	}
	return data, err
}

// Decrypt returns what [File.Encrypt] was given. It returns an *EncryptedError
// if the key at hand does not fit; what is damaged is said of the state file, with
// the way back.
func (f File) Decrypt(data []byte) ([]byte, error) {
	plain, err := f.unseal(data)
	if err != nil {
		return nil, f.place(err)
	}
	return plain, nil
}

func (f File) cipher() cipher.Identity { return cipher.Identity(f.Identity) }

// unseal is Decrypt for a file whose place the caller knows.
func (f File) unseal(data []byte) ([]byte, error) {
	plain, err := f.cipher().Open(data)
	return plain, f.explain(err)
}

// explain turns the errors of a cipher into those of a file.
func (f File) explain(err error) error {
	if e, ok := errors.AsType[*cipher.KeyError](err); ok {
		return &EncryptedError{Path: f.Path, Why: e.Why}
	}
	if e, ok := errors.AsType[*cipher.DamagedError](err); ok {
		return &DamagedError{What: e.What}
	}
	return err
}
