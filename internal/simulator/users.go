package simulator

import (
	"net/http"
	"slices"
	"time"
)

// A user is a person or a business, under the names it was sent by.
type user struct {
	ID           string    `json:"id"`
	Sent         doc       `json:"sent"`
	Status       string    `json:"status"`
	Verification string    `json:"verification_status"`
	Created      time.Time `json:"created"`
	Updated      time.Time `json:"updated"`
	Triggered    time.Time `json:"triggered,omitzero"` // when verification began; zero while it has not
	Reads        int       `json:"reads,omitempty"`    // since then
	Reasons      []string  `json:"reasons,omitempty"`  // why it was rejected: no GET says so
	Link         string    `json:"verification_link,omitempty"`
}

func (u *user) ident() string { return u.ID }
func (u *user) owner() string { return "" }

func (u *user) text(name string) string {
	s, _ := u.Sent[name].(string)
	return s
}

func (u *user) business() bool { return u.text("type") == "business" }
func (u *user) linked() bool   { return u.text("verification_mode") == "verification_link" }

// createUser is POST /v1/users.
func (c *call) createUser() answer {
	kind, _ := c.body["type"].(string)
	if kind != "individual" && kind != "business" {
		return invalid(issue{"type", "Invalid discriminator value. Expected 'individual' | 'business'", "invalid_union_discriminator"})
	}
	linked := c.body["verification_mode"] == "verification_link"
	words := slices.Concat(creationOnly, vocabulary(kind, linked), c.newWords())
	bad := words.check("", c.body)
	if len(bad) == 0 && kind == "business" && !linked {
		bad = controlled(c.body)
	}
	if len(bad) > 0 {
		return invalid(bad...)
	}
	u := &user{
		ID: c.newID(), Sent: words.keep(c.body), Status: "CREATED", Verification: "unverified",
		Created: c.at, Updated: c.at,
	}
	if linked {
		// Address and persons are for the hosted form to ask: values that were
		// sent for them are not stored (observed.md 5.1).
		for _, name := range []string{"associated_persons", "address_street", "address_city", "address_state", "address_zip_code", "address_country"} {
			delete(u.Sent, name)
		}
		u.Link = "https://verify.simulator.invalid/" + u.ID
	}
	c.world.Users.enter(c, u)
	c.emit("user.created", u.event())
	c.failedDownloads(u)
	triggered := c.trigger(u)
	v := c.userView(u, inAnswer)
	v["verification_triggered"] = triggered
	return created(v)
}

// getUser is GET /v1/users/{id}.
func (c *call) getUser() answer {
	u, bad := c.user()
	if u == nil {
		return bad
	}
	c.read(u)
	return ok(c.userView(u, inGet))
}

// user finds the user whom the path names, or says why not.
func (c *call) user() (*user, answer) {
	id := c.vars[0]
	if !isUUID(id) {
		return nil, badID("user_id", "user")
	}
	u := c.world.Users.byID[id]
	if u == nil {
		return nil, flat(http.StatusNotFound, "not_found", "User with ID "+id+" not found")
	}
	return u, answer{}
}

// listUsers is GET /v1/users: newest first, and no products in its rows
// (observed.md 5.6).
func (c *call) listUsers() answer {
	page, bad := c.page()
	if page == nil {
		return bad
	}
	q := c.r.URL.Query()
	after, before := q.Get("created_after"), q.Get("created_before")
	rows := []doc{}
	for _, u := range slices.Backward(c.world.Users.all) {
		if wants(q.Get("email"), u.text("email")) && wants(q.Get("type"), u.text("type")) &&
			wants(q.Get("status"), u.Status) && wants(q.Get("verification_status"), u.Verification) &&
			(after == "" || iso(u.Created) >= after) && (before == "" || iso(u.Created) <= before) && page.take() {
			c.read(u)
			rows = append(rows, c.userView(u, inList))
		}
	}
	return ok(page.envelope(rows))
}

// wants reports whether a filter that was left out or given lets a value pass.
func wants(filter, value string) bool { return filter == "" || filter == value }
