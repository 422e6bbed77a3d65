package webhook

import (
	"cmp"
	"crypto/rand"
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// fixtures has one body for each event that Kira documents (documented.md 9.4),
// with the members that its documents name. Of payin.* and card_payment.*, of
// which they name no event, it has one each.
//
//go:embed events/*.json
var fixtures embed.FS

// Known lists the events of which there is a fixture, sorted.
func Known() []string {
	var names []string
	entries, _ := fixtures.ReadDir("events") // it is part of the program
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".json"))
	}
	slices.Sort(names)
	return names
}

// Content is the part of a sample that is its own: its event_id, a new one if it
// is empty, the id of the user it is about, and members that are replaced or
// added.
type Content struct {
	ID, User string
	Set      map[string]string
}

// Sample returns a delivery of an event as Kira would make it, signed with
// secret if there is one. The error names an event that is not known.
func Sample(event string, c Content, secret string) (*Delivery, error) {
	text, err := fixtures.ReadFile("events/" + event + ".json")
	if err != nil {
		return nil, fmt.Errorf("there is no event %q", event)
	}
	id := cmp.Or(c.ID, newUUID())
	var e map[string]any
	if err := json.Unmarshal(text, &e); err != nil {
		return nil, err
	}
	data := e["data"].(map[string]any)
	data["event_id"] = id
	if inner, nested := data["data"].(map[string]any); nested {
		data = inner
	}
	if c.User != "" {
		data["user_id"] = c.User
	}
	for name, value := range c.Set {
		data[name] = value
	}
	body, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	d := &Delivery{Head: Head{Event: event, ID: id}, Body: body, Header: http.Header{
		"Content-Type": {"application/json"}, "User-Agent": {"kiraform"}}}
	if secret != "" {
		d.Header.Set(SignatureHeader, Sign(secret, body))
	}
	return d, nil
}

func newUUID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
