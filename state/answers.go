package state

import (
	"bytes"
	"encoding/json"
	"errors"

	"kiraform/internal/cipher"
)

// Answers are records that a run could not write where they belong: answers of Kira
// that came after the lock was lost. They are kept in a file of their own, of which
// each line after the first is a record as a journal has it.
type Answers struct {
	Lineage string // of the state that they belong to
	Records []Record
}

type answersHead struct {
	Version uint64 `json:"answers"`
	Lineage string `json:"lineage"`
	Key     string `json:"key,omitempty"` // of the lines that follow; see [cipher.Lines]
}

// AnswersHead is the first line of a file of answers, of which the other lines are
// encrypted with the key that is kept as key; "" for none.
func AnswersHead(lineage, key string) ([]byte, error) {
	return json.Marshal(answersHead{Version: 1, Lineage: lineage, Key: key})
}

// DecodeAnswers reads a file of answers. It returns nil if data is none. A last line
// that was cut off is passed over.
func DecodeAnswers(id cipher.Identity, path string, data []byte) (*Answers, error) {
	first, rest, _ := bytes.Cut(data, []byte("\n"))
	var head answersHead
	if err := json.Unmarshal(first, &head); err != nil || head.Version == 0 {
		return nil, nil
	}
	lines, err := id.OpenLines(head.Key)
	if err != nil {
		return nil, CipherError(path, err)
	}
	a := &Answers{Lineage: head.Lineage}
	for line := range bytes.Lines(rest) {
		plain, err := lines.Open(bytes.TrimSuffix(line, []byte("\n")))
		var r Record
		if err == nil {
			r, err = DecodeRecord(plain)
		}
		switch {
		case err == nil:
			a.Records = append(a.Records, r)
		case !bytes.HasSuffix(line, []byte("\n")):
			return a, nil
		default:
			return nil, &DamagedError{Path: path, What: errors.Join(errors.New("a line is damaged"), err).Error()}
		}
	}
	return a, nil
}

// Take applies those answers to s that say something new, and returns them: of a
// request that is still open, or of an object that s does not know at an address that
// is free.
func (s *State) Take(a *Answers) (taken []Record) {
	for _, r := range a.Records {
		open := false
		for _, key := range r.Ends {
			_, is := s.Intents[key]
			open = open || is
		}
		managed := false
		if r.Object != nil {
			_, managed = byID(s)[r.Addr.Object(r.Object.ID)]
		}
		_, occupied := s.Resources[r.Addr]
		if open || r.Object != nil && !managed && !occupied {
			s.Apply(r)
			taken = append(taken, r)
		}
	}
	return taken
}
