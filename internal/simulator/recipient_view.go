package simulator

import (
	"maps"
	"net/http"
)

// view is a recipient as it reads back: account_details for account, no
// user_id, no masks, nothing that is empty (observed.md 6).
func (r *recipient) view() doc {
	v := doc{"recipient_id": r.ID, "created_ts": postgres(r.Created), "updated_ts": postgres(r.Created), "metadata": doc{}}
	for _, name := range []string{"type", "first_name", "last_name", "company_name", "email", "phone", "address", "metadata"} {
		if value, sent := r.Sent[name]; sent && !blank(value) {
			v[name] = value
		}
	}
	details := maps.Clone(r.Sent["account"].(doc))
	v["account_type"] = details["account_type"]
	delete(details, "account_type")
	v["account_details"] = details
	return v
}

// blankState is a quirk of the answer to a new SWIFT recipient: the bank's
// state and postal code are empty in it, though a GET right after has them.
func blankState(v doc) {
	details := v["account_details"].(doc) // a copy of view's
	place := maps.Clone(details["bank_address"].(doc))
	place["state"], place["postal_code"] = "", ""
	details["bank_address"] = place
}

// getRecipient is GET /v1/recipients/{id}.
func (c *call) getRecipient() answer {
	id := c.vars[0]
	if !isUUID(id) {
		return badID("recipientId", "recipient")
	}
	r := c.world.Recipients.byID[id]
	if r == nil {
		return coded(http.StatusNotFound, "NOT_FOUND", "Recipient "+id+" not found", doc{"recipient_id": id})
	}
	return ok(r.view())
}

// listRecipients is GET /v1/recipients?user_id=: all of a user's, oldest
// first, whatever limit and offset say.
func (c *call) listRecipients() answer {
	owner := c.r.URL.Query().Get("user_id")
	switch {
	case owner == "":
		return coded(http.StatusBadRequest, "VALIDATION_ERROR", "user_id is required", doc{})
	case !isUUID(owner):
		return badID("user_id", "user")
	case c.world.Users.byID[owner] == nil:
		return noOwner(owner)
	}
	rows := []doc{}
	for _, r := range c.world.Recipients.all {
		if r.Sent["user_id"] == owner {
			rows = append(rows, r.view())
		}
	}
	return ok(doc{"recipients": rows, "total": len(rows)})
}
