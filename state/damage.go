package state

import (
	"cmp"
	"fmt"
)

// DamagedError reports a file that is there but cannot be read. Nothing was
// changed: such a file is never taken for "no state".
type DamagedError struct {
	Path   string // "" for a state that is in no file
	Line   int    // of a journal; 0 in other files
	What   string // the damage
	Advice string // how to go on
}

func (e *DamagedError) Error() string {
	text := cmp.Or(e.Path, "the state") + " cannot be read: " + e.What
	if e.Line > 0 {
		text = fmt.Sprintf("%s cannot be read: line %d: %s", e.Path, e.Line, e.What)
	}
	if e.Advice != "" {
		text += "; " + e.Advice
	}
	return text
}

// NewerError reports a file that a newer kiraform wrote.
type NewerError struct {
	Path    string // "" for a state that is in no file
	Version uint64 // of the file's format
	By      string // the version of kiraform, if the file says it
}

func (e *NewerError) Error() string {
	by := "a newer kiraform"
	if e.By != "" {
		by = "kiraform " + e.By
	}
	return fmt.Sprintf("%s was written by %s in format version %d, and this kiraform reads version %d; use the newer one",
		cmp.Or(e.Path, "the state"), by, e.Version, FormatVersion)
}

// EncryptedError reports that the content of a file cannot be decrypted with
// the key at hand.
type EncryptedError struct {
	Path string
	Why  string
}

func (e *EncryptedError) Error() string { return e.Path + " is encrypted, and " + e.Why }

// MovedError reports that a state is kept elsewhere by now.
type MovedError struct{ Place, To string }

func (e *MovedError) Error() string {
	return fmt.Sprintf("the state %s was moved: %s. Take the backend block away where that is right; "+
		"or, to bring the state back from there, run \"kiraform init -migrate-state\" where it is now", e.Place, e.To)
}
