package webhook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"net/http"
	"time"
)

// A Verdict is the state of our knowledge about a delivery's signature.
type Verdict string

const (
	Valid      Verdict = "valid"
	Forged     Verdict = "forged"     // signed with no secret that was known, or not at all
	Unverified Verdict = "unverified" // there was no secret to verify it with
)

// A Head is the part of a kept delivery that stays readable without a key.
type Head struct {
	At      time.Time `json:"at"`
	Event   string    `json:"event"`
	ID      string    `json:"event_id"`
	Valid   bool      `json:"valid"`
	SHA256  string    `json:"sha256"` // of the body
	N       int       `json:"n"`      // bytes of the body
	Verdict Verdict   `json:"verdict,omitempty"`
	// Again marks a delivery that came before with the same bytes: its body is
	// not kept twice.
	Again bool `json:"again,omitempty"`
	// Key names the line that has the key of an encrypted body.
	Key string `json:"key,omitempty"`
}

// A line is one line of a file of the store: a delivery, a key for those that
// follow, the begin or end of somebody's listening, or a question to Kira.
type line struct {
	*Head
	Body      []byte     `json:"body,omitempty"` // a content, encrypted if the head has a key
	NewKey    string     `json:"new_key,omitempty"`
	Sealed    string     `json:"sealed,omitempty"`
	Listening *time.Time `json:"listening,omitempty"`
	Stopped   *time.Time `json:"stopped,omitempty"`
	Asked     *asked     `json:"asked,omitempty"`
}

// A content is the kept part of a delivery besides its head.
type content struct {
	Remote string      `json:"remote"`
	Path   string      `json:"path"`
	Header http.Header `json:"header"`
	Body   []byte      `json:"body"`
}

// maxLine bounds the length of a line: a body of the greatest length, in base64
// twice and encrypted, and its headers.
const maxLine = 8 << 20

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// encode returns a line with its end: one JSON object, whose last member is a
// checksum of all that stands before it.
func (l line) encode() ([]byte, error) {
	text, err := json.Marshal(l)
	if err != nil {
		return nil, err
	}
	text = text[:len(text)-1] // without the brace
	return fmt.Appendf(text, `,"sum":"%08x"}`+"\n", crc32.Checksum(text, castagnoli)), nil
}

var errDamaged = errors.New("the line is damaged")

func decodeLine(text []byte) (line, error) {
	at := bytes.LastIndex(text, []byte(`,"sum":"`))
	if at < 0 {
		return line{}, errDamaged
	}
	if want := fmt.Sprintf(`,"sum":"%08x"}`, crc32.Checksum(text[:at], castagnoli)); string(text[at:]) != want {
		return line{}, errDamaged
	}
	var l line
	if json.Unmarshal(text, &l) != nil {
		return line{}, errDamaged
	}
	return l, nil
}
