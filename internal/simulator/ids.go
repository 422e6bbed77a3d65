package simulator

import (
	"crypto/rand"
	"fmt"
	"strings"
)

// idMark begins every id the simulator gives out, so that one that strays into
// a real account is recognised.
const idMark = "51000000"

func (s *Server) newID() string {
	if s.NewID != nil {
		return s.NewID()
	}
	return idMark + newUUID()[len(idMark):]
}

// newUUID returns a random version 4 UUID.
func newUUID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// isUUID reports whether s has the form of a UUID, of any version.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, r := range s {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if r != '-' {
				return false
			}
		} else if !strings.ContainsRune("0123456789abcdefABCDEF", r) {
			return false
		}
	}
	return true
}

// badID is the answer to an id in a path that is no UUID.
func badID(path, what string) answer {
	return invalid(issue{path, "Invalid " + what + " ID format", "invalid_string"})
}
