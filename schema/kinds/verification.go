package kinds

import (
	"cmp"
	"context"
	"fmt"

	"kiraform/internal/kira"
)

// Verifications lists the ways in which Kira runs a verification again: "api"
// takes the facts that Kira has of the user, "embedded-link" makes a link to a
// form for the user to fill in (documented 2.5).
var Verifications = []string{"api", ByForm}

// ByForm is the way that asks the user. Triggered is the attribute of a user that says
// of the last answer whether a verification began with it.
const (
	ByForm    = "embedded-link"
	Triggered = "verification_triggered"
)

// Verification is one run of a verification.
type Verification struct {
	ID     string
	Status string // such as "not_started"
	Link   string // the form, for a verification by embedded-link; "" if there is none
}

// verifyUser has a verification run again. It does not change the user's
// status by itself (observed 5.4).
func verifyUser(ctx context.Context, c Call, how string) (Verification, error) {
	path := userPath(c.ID) + "/verifications"
	var answer struct {
		ID       string `json:"id"`
		Status   string `json:"status"`
		Link     string `json:"verification_link"`
		Old      string `json:"verification_url"` // of an older version (documented 2.5)
		Provider string `json:"provider_link"`
	}
	r := kira.Request{Method: "POST", Path: path, Body: map[string]any{"type": how}, Key: c.Key, Note: c.Note}
	if err := c.API.Do(ctx, r, &answer); err != nil {
		return Verification{}, err
	}
	if answer.ID == "" {
		return Verification{}, fmt.Errorf("POST %s: the answer has no id, so that it is not known whether a verification began", path)
	}
	link := cmp.Or(answer.Link, answer.Old, answer.Provider)
	return Verification{ID: answer.ID, Status: answer.Status, Link: link}, nil
}
