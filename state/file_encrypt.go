package state

import "kiraform/internal/cipher"

func (f File) cipher() cipher.Identity { return cipher.Identity(f.Identity) }

// encrypt returns plain as a file beside the state is stored for recipients.
func (f File) encrypt(plain []byte, recipients []string) ([]byte, error) {
	return Encrypt(f.cipher(), f.Path, plain, recipients)
}

// decrypt returns what [File.encrypt] was given. Damage is said of the state file,
// with the way back.
func (f File) decrypt(data []byte) ([]byte, error) {
	plain, err := f.unseal(data)
	if err != nil {
		return nil, f.place(err)
	}
	return plain, nil
}

// unseal is decrypt for a file whose place the caller knows.
func (f File) unseal(data []byte) ([]byte, error) { return Decrypt(f.cipher(), f.Path, data) }
