package simulator

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// A recipient can be created and read, and neither changed nor deleted
// (observed.md 6).
type recipient struct {
	ID      string    `json:"id"`
	Sent    doc       `json:"sent"` // the fields that Kira kept, account under its own name
	Created time.Time `json:"created"`
}

func (r *recipient) ident() string { return r.ID }
func (r *recipient) owner() string { return textOf(r.Sent, "user_id") }

// createRecipient is POST /v1/recipients. The owner need not be verified, and
// the same recipient may be created any number of times (observed.md 6).
func (c *call) createRecipient() answer {
	if bad := checkRecipient("", c.body, need("user_id", text(1))); len(bad) > 0 {
		return invalid(bad...)
	}
	owner := c.body["user_id"].(string)
	switch {
	case !isUUID(owner):
		return badID("user_id", "user")
	case c.world.Users.byID[owner] == nil:
		return noOwner(owner)
	}
	r := &recipient{ID: c.newID(), Sent: keepRecipient(c.body), Created: c.at}
	c.world.Recipients.enter(c, r)
	v := r.view()
	if v["account_type"] == "SWIFT" {
		blankState(v)
	}
	return created(v)
}

func noOwner(id string) answer {
	return coded(http.StatusNotFound, "USER_NOT_FOUND", "User not found", doc{"user_id": id})
}

var shortPhone = like(`^.{1,16}$`, "String must contain at most 16 character(s)")

// checkRecipient finds the mistakes in a recipient: in general, and by the
// rules of its rail.
func checkRecipient(prefix string, body doc, more ...field) []issue {
	account, _ := body["account"].(doc)
	name, _ := account["account_type"].(string)
	r := railNamed(name)
	words := append(shape(more), may("type", oneOf("individual", "business")), need("account", objectOf(nil)))
	if body["type"] == "business" {
		words = append(words, need("company_name", text(1)))
	} else {
		words = append(words, need("first_name", text(1)), need("last_name", text(1)))
	}
	asks := func(field string) bool { return r != nil && slices.Contains(r.contact, field) }
	words = append(words,
		field{"email", asks("email"), email},
		field{"phone", asks("phone"), shortPhone},
		field{"address", asks("address"), objectOf(postal)},
		may("metadata", texts))
	bad := words.check(prefix, body)
	switch at := prefix + "account."; {
	case account == nil:
	case r == nil:
		bad = append(bad, issue{at + "account_type", "Invalid discriminator value. Expected '" +
			strings.Join(railNames(), "' | '") + "'", "invalid_union_discriminator"})
	default:
		bad = append(bad, r.account.check(at, account)...)
		if len(bad) == 0 && r.name == "WALLET" {
			bad = checkWallet(at, account)
		}
	}
	return bad
}

// keepRecipient drops the fields that Kira drops without notice: currency and
// country of the account, fields of another rail, keys it does not know.
func keepRecipient(body doc) doc {
	kept := shape{
		may("user_id", nil), may("type", nil), may("first_name", nil), may("last_name", nil), may("company_name", nil),
		may("email", nil), may("phone", nil), may("address", nil), may("metadata", nil),
	}.keep(body)
	account := body["account"].(doc)
	r := railNamed(account["account_type"].(string))
	details := r.account.keep(account)
	if r.country != "" {
		details["doc_country_code"] = r.country
	}
	if paper, ok := details["doc_type"].(string); ok {
		details["doc_type"] = strings.ToLower(paper)
	}
	details["account_type"] = r.name
	kept["account"] = details
	if _, sent := kept["type"]; !sent {
		kept["type"] = "individual"
	}
	return kept
}
