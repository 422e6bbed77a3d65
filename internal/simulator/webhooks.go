package simulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
)

// DefaultSecret signs webhooks that were registered without a secret. Kira's
// behaviour then is unknown (observed.md 9).
const DefaultSecret = "kiraform-simulator"

// A registration is where webhooks go. There is one: the last one wins.
type registration struct {
	URL    string `json:"url"`
	Secret string `json:"secret,omitempty"`
	Client string `json:"client_uuid"`
}

// registerWebhook is POST /webhooks/register. Nothing of it can be read back,
// and the client_uuid is not checked against the caller (observed.md 9).
func (c *call) registerWebhook() answer {
	var wrong []fieldError
	for _, name := range []string{"client_uuid", "webhook_url"} {
		switch v, sent := c.body[name]; {
		case !sent:
			wrong = append(wrong, fieldError{name, "Field required", "missing"})
		case kindOf(v) != "string":
			wrong = append(wrong, fieldError{name, "Input should be a valid string", "string_type"})
		case name == "client_uuid" && !isUUID(v.(string)):
			wrong = append(wrong, fieldError{name, "Input should be a valid UUID", "uuid_parsing"})
		case name == "webhook_url":
			wrong = append(wrong, badURL(v.(string))...)
		}
	}
	secret, isText := c.body["secret"].(string)
	switch {
	case c.body["secret"] == nil:
	case !isText:
		wrong = append(wrong, fieldError{"secret", "Input should be a valid string", "string_type"})
	case len(secret) < 5:
		wrong = append(wrong, fieldError{"secret", "String should have at least 5 characters", "string_too_short"})
	}
	if wrong != nil {
		return errored(wrong)
	}
	hook := &registration{URL: c.body["webhook_url"].(string), Secret: secret, Client: c.body["client_uuid"].(string)}
	if old := c.world.Hook; old != nil && *old == *hook && !c.inDoubt() {
		c.blame(IdleRegistration, "the webhook is registered as it was")
	}
	c.world.Hook = hook
	c.touch(change{Hook: c.world.Hook})
	return ok(doc{"message": "Webhook registered successfully"})
}

func badURL(text string) []fieldError {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "":
		return []fieldError{{"webhook_url", "Input should be a valid URL", "url_parsing"}}
	case u.Scheme != "http" && u.Scheme != "https":
		return []fieldError{{"webhook_url", "URL scheme should be 'http' or 'https'", "url_scheme"}}
	}
	return nil
}

// Webhook returns where webhooks go, and the secret that signs them.
func (s *Server) Webhook() (url, secret string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.load() != nil || s.world.Hook == nil {
		return "", "", false
	}
	return s.world.Hook.URL, s.world.Hook.secret(), true
}

func (r *registration) secret() string {
	if r.Secret == "" {
		return DefaultSecret
	}
	return r.Secret
}

// emit puts an event into the queue, in the flat envelope, or for
// payout.status_changed in the nested one (documented.md 9.3).
func (s *Server) emit(event string, data doc) {
	hook := s.world.Hook
	if hook == nil {
		return
	}
	if event == "payout.status_changed" {
		data = doc{"event_type": event, "created_at": iso(s.now()), "data": data}
	}
	data["event_id"] = newUUID()
	body, err := json.Marshal(struct {
		Event string `json:"event"`
		Data  doc    `json:"data"`
	}{event, data})
	if err != nil {
		panic(err) // a document of our own making
	}
	mac := hmac.New(sha256.New, []byte(hook.secret()))
	mac.Write(body)
	header := http.Header{}
	header.Set("Content-Type", "application/json")
	header.Set("User-Agent", "node")
	header.Set("X-Signature-Sha256", hex.EncodeToString(mac.Sum(nil)))
	s.pending = append(s.pending, delivery{url: hook.URL, header: header, body: body})
}
