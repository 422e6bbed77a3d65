package state

import (
	"errors"
	"fmt"

	"kiraform/internal/cipher"
)

// Encrypt returns plain as the file at path is stored for recipients of age: as it
// is if there are none. It refuses to write a file that id could not read back.
func Encrypt(id cipher.Identity, path string, plain []byte, recipients []string) ([]byte, error) {
	data, err := id.Seal(plain, recipients)
	if _, other := errors.AsType[*cipher.KeyError](err); other {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return data, err
}

// Decrypt returns the text that [Encrypt] was given. It returns an
// *EncryptedError if id does not fit, and a *DamagedError for damaged data.
func Decrypt(id cipher.Identity, path string, data []byte) ([]byte, error) {
	plain, err := id.Open(data)
	return plain, CipherError(path, err)
}

// CipherError makes of an error of a cipher one of the file at path.
func CipherError(path string, err error) error {
	if e, ok := errors.AsType[*cipher.KeyError](err); ok {
		return &EncryptedError{Path: path, Why: e.Why}
	}
	if e, ok := errors.AsType[*cipher.DamagedError](err); ok {
		return &DamagedError{Path: path, What: e.What}
	}
	return err
}
