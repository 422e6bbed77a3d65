package file

import (
	"bytes"
	"encoding/json"
	"fmt"

	"kiraform/state"
)

// journalHead is the first line of a journal: the state it goes on from.
type journalHead struct {
	Version uint64 `json:"version"`
	By      string `json:"kiraform_version,omitempty"`
	Lineage string `json:"lineage"`
	Serial  uint64 `json:"serial"`
	Key     string `json:"key,omitempty"` // of the lines that follow; see [cipher.Lines]
}

// journalContent is a journal as it was read.
type journalContent struct {
	head    journalHead
	records [][]byte
	whole   int64 // bytes up to the end of the last whole line
}

// readJournal reads a journal. A run that dies while it writes leaves a last
// line that is cut or damaged; nothing was sent on the strength of it, so it is
// passed over. The head was durable before anything else, so that damage to it,
// as to any other line, is an error.
func readJournal(data []byte) (*journalContent, error) {
	j := new(journalContent)
	if len(data) == 0 {
		return nil, &state.DamagedError{What: "it is empty (0 bytes)", Advice: journalAdvice}
	}
	for number, rest := 1, data; len(rest) > 0; number++ {
		line, after, ended := bytes.Cut(rest, []byte("\n"))
		content, err := openLine(line)
		if err == nil && !ended {
			err = fmt.Errorf("it has no end")
		}
		switch {
		case err != nil && number > 1 && len(after) == 0:
			return j, nil
		case err != nil:
			return nil, &state.DamagedError{Line: number, Advice: journalAdvice,
				What: fmt.Sprintf("%v, and %d whole lines come after it", err, countWhole(after))}
		case number == 1:
			if err := json.Unmarshal(content, &j.head); err != nil {
				return nil, &state.DamagedError{Line: 1, What: err.Error(), Advice: journalAdvice}
			}
			if j.head.Version > state.FormatVersion {
				return nil, &state.NewerError{Version: j.head.Version, By: j.head.By}
			}
		default:
			j.records = append(j.records, content)
		}
		rest = after
		j.whole = int64(len(data) - len(rest))
	}
	return j, nil
}

const journalAdvice = "nothing was changed; the other lines say what the last run did, and the Kira dashboard says " +
	"what became of it: when you have compared them, delete the damaged line, or move the journal away, and run again"

func countWhole(rest []byte) int {
	n := 0
	for line := range bytes.Lines(rest) {
		if _, err := openLine(bytes.TrimSuffix(line, []byte("\n"))); err == nil {
			n++
		}
	}
	return n
}
