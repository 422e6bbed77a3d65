package state

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"kiraform/internal/disk"
)

// LoadKey returns the key in env, the value of KIRAFORM_KEY, or else the key
// in the file at path, which it makes if there is none.
//
// Both hold 16 bytes or more, as hexadecimal digits, as base64, or, when they
// are neither, as a passphrase that is taken as it is. So the content of the
// file may stand in the variable.
func LoadKey(path, env string) (Key, error) {
	k, err := ReadKey(path, env)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	data, err := createKey(path)
	if err != nil {
		return Key{}, fmt.Errorf("key for fingerprints: %w", err)
	}
	k, err = parseKey(string(data))
	k.fresh = true
	return k, err
}

// ReadKey is [LoadKey] for a key that was made before: where there is no key, it
// makes none, and the error is fs.ErrNotExist.
func ReadKey(path, env string) (Key, error) {
	if env != "" {
		k, err := parseKey(env)
		if err != nil {
			return Key{}, fmt.Errorf("KIRAFORM_KEY: %w", err)
		}
		return k, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return Key{}, fmt.Errorf("key for fingerprints: %w", err)
	}
	k, err := parseKey(string(data))
	if err != nil {
		// Making another would be silent; this is the user's to decide.
		return Key{}, fmt.Errorf("key for fingerprints: %s: %w; put the right key back. If it is lost, move this file away: what needs the key says then how to go on", path, err)
	}
	return k, nil
}

// parseKey never says anything of text itself in its error.
func parseKey(text string) (Key, error) {
	text = strings.TrimSpace(text)
	for _, decode := range []func(string) ([]byte, error){
		hex.DecodeString,
		base64.StdEncoding.DecodeString, base64.RawStdEncoding.DecodeString,
		base64.URLEncoding.DecodeString, base64.RawURLEncoding.DecodeString,
	} {
		if secret, err := decode(text); err == nil && len(secret) >= minSecret {
			return NewKey(secret)
		}
	}
	return NewKey([]byte(text))
}

// createKey makes a key in a new file and returns the content. Of several runs
// that do so at once, all return that of the first.
func createKey(path string) ([]byte, error) {
	dir := filepath.Dir(path)
	if err := disk.MakeFolder(dir); err != nil {
		return nil, err
	}
	secret := make([]byte, 32)
	rand.Read(secret)                        // never fails
	tmp, err := os.CreateTemp(dir, ".key.*") // its mode is 0600
	if err != nil {
		return nil, err
	}
	defer os.Remove(tmp.Name())
	d := new(disk.Disk)
	if err := d.Fill(tmp, []byte(base64.StdEncoding.EncodeToString(secret)+"\n")); err != nil {
		return nil, err
	}
	// Unlike a rename, a link does not replace a file that is there.
	if err := os.Link(tmp.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		if err := os.Rename(tmp.Name(), path); err != nil { // no links on this file system
			return nil, err
		}
	}
	if err := d.FlushFolder(dir); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}
