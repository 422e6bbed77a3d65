package file

import (
	"kiraform/internal/cipher"
	"kiraform/state"
)

func (f Store) cipher() cipher.Identity { return cipher.Identity(f.Identity) }

// encrypt returns plain as a file beside the state is stored for recipients.
func (f Store) encrypt(plain []byte, recipients []string) ([]byte, error) {
	return state.Encrypt(f.cipher(), f.Path, plain, recipients)
}

// decrypt returns the data that [Store.encrypt] was given. Damage is said of the
// state file, with the way back.
func (f Store) decrypt(data []byte) ([]byte, error) {
	plain, err := f.unseal(data)
	if err != nil {
		return nil, f.place(err)
	}
	return plain, nil
}

// unseal is decrypt for a file whose place the caller knows.
func (f Store) unseal(data []byte) ([]byte, error) { return state.Decrypt(f.cipher(), f.Path, data) }
