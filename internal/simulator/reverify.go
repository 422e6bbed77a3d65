package simulator

import "time"

// reverify is POST /v1/users/{id}/verifications. It moves nobody but a
// rejected user, whom it puts through verification again (documented.md 2.5;
// observed.md 5.4).
func (c *call) reverify() answer {
	u, bad := c.user()
	if u == nil {
		return bad
	}
	words := shape{
		need("type", oneOf("embedded-link", "api")),
		may("redirect_uri", text(1)),
		may("metadata", objectOf(nil)),
	}
	wrong := words.check("", c.body)
	if _, sent := c.body["verification_mode"]; sent {
		wrong = append(wrong, issue{"", "Unrecognized key(s) in object: 'verification_mode'", "unrecognized_keys"})
	}
	if len(wrong) > 0 {
		return invalid(wrong...)
	}
	if u.Status == "REJECTED" && u.complete() {
		u.Triggered = time.Time{}
		c.setStatus(u, "CREATED", c.at, nil)
		c.trigger(u)
	}
	id := c.newID()
	link := "https://verify.simulator.invalid/" + id
	return created(doc{"id": id, "provider": "aiprise", "status": "not_started",
		"provider_metadata": doc{"template_id": c.newID(), "session_id": id},
		"provider_link":     link, "verification_link": link})
}
