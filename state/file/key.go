package file

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kiraform/state"
)

// KeyID returns the id of the key that the state in f names: "" if it names none,
// or if there is no state.
func (f Store) KeyID() (string, error) {
	data, err := f.disk.Read(f.path())
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err == nil {
		data, err = f.decrypt(data)
	}
	if err != nil {
		return "", err
	}
	var doc struct {
		KeyID string `json:"key_id"`
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		return "", f.place(&state.DamagedError{What: err.Error()})
	}
	return doc.KeyID, nil
}

// Beside lists the files of the states in a folder, as far as one was saved there.
func Beside(folder string) (paths []string, err error) {
	kept, err := os.ReadDir(filepath.Join(folder, ".kiraform", "history"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range kept { // STATE.LINEAGE.SERIAL.gz
		parts := strings.Split(e.Name(), ".")
		if n := len(parts) - 3; n > 0 && parts[n+2] == "gz" {
			paths = append(paths, filepath.Join(folder, strings.Join(parts[:n], ".")))
		}
	}
	return slices.Compact(paths), nil // sorted by name
}
