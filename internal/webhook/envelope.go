package webhook

import (
	"encoding/json"
	"strings"
	"time"

	"kiraform/internal/event"
)

// An Envelope holds those parts of an event that kiraform understands. Each is
// empty if the event does not have it. Nothing in it decides anything: it says
// which object to look at.
type Envelope struct {
	Event, ID             string        // the name, and data.event_id (brief)
	User, Account, Payout event.Foreign // the ids of the objects that it is about
	Deposit               event.Foreign
	Reasons               []event.Foreign // why a user was rejected
	Created               time.Time       // by the sender's own account
}

// The keys that may have the id of an object. A user's own events call it id
// or user_id, by version.
var (
	userKeys    = []string{"user_id", "userId"}
	accountKeys = []string{"virtual_account_id", "virtualAccountId"}
)

// parse reads the body of a delivery in both of Kira's shapes: the flat one, and
// that of payout.status_changed, which has its content at data.data (brief). A
// body that is no JSON, or has another shape, becomes an Envelope without the
// missing parts.
func parse(body []byte) Envelope {
	var flat struct {
		Event string         `json:"event"`
		Data  map[string]any `json:"data"`
	}
	if json.Unmarshal(body, &flat) != nil {
		return Envelope{}
	}
	outer, data := flat.Data, flat.Data
	if inner, nested := outer["data"].(map[string]any); nested {
		data = inner
	}
	e := Envelope{Event: flat.Event, ID: text(outer, "event_id"), User: foreign(data, userKeys...),
		Account: foreign(data, accountKeys...), Payout: foreign(data, "payout_id"), Deposit: foreign(data, "deposit_id")}
	kind, _, _ := strings.Cut(e.Event, ".")
	if id := foreign(data, "id"); id != "" {
		switch {
		case kind == "user" && e.User == "":
			e.User = id
		case kind == "virtual_account" && e.Account == "":
			e.Account = id
		case kind == "payout" && e.Payout == "":
			e.Payout = id
		}
	}
	reasons, _ := data["reasons"].([]any)
	for _, r := range reasons {
		if s, ok := r.(string); ok {
			e.Reasons = append(e.Reasons, event.Foreign(s))
		}
	}
	for _, at := range []map[string]any{data, outer} {
		if t, err := time.Parse(time.RFC3339, text(at, "created_at")); err == nil && e.Created.IsZero() {
			e.Created = t
		}
	}
	return e
}

// About names the object that an event is about, the narrowest that it names;
// "-" if it names none.
func (e Envelope) About() string {
	for _, o := range []struct {
		kind string
		id   event.Foreign
	}{{"payout", e.Payout}, {"deposit", e.Deposit}, {"account", e.Account}, {"user", e.User}} {
		if o.id != "" {
			return o.kind + " " + o.id.Brief()
		}
	}
	return "-"
}

// Subject returns the object that an event names as the one it is about: the
// first word of its name, such as "user", and the id; "" for none.
func (e Envelope) Subject() (word, id string) {
	word, _, _ = strings.Cut(e.Event, ".")
	switch word {
	case "user":
		return word, string(e.User)
	case "virtual_account":
		return word, string(e.Account)
	case "payout":
		return word, string(e.Payout)
	}
	return word, ""
}

func text(data map[string]any, key string) string {
	s, _ := data[key].(string)
	return s
}

func foreign(data map[string]any, keys ...string) event.Foreign {
	for _, key := range keys {
		if s := text(data, key); s != "" {
			return event.Foreign(s)
		}
	}
	return ""
}

// Matches reports whether the name of an event is meant by pattern, in which *
// stands for any characters: "user.verification.*".
func Matches(pattern, name string) bool {
	first, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == name
	}
	if !strings.HasPrefix(name, first) {
		return false
	}
	for name = name[len(first):]; ; name = name[1:] {
		if Matches(rest, name) {
			return true
		}
		if name == "" {
			return false
		}
	}
}
