package kira

import (
	"bytes"
	"net/http"
	"regexp"
	"strings"
)

// proves reports whether a 4xx is Kira's own refusal of the request, after which
// nothing was made or changed. Those that are known (brief, "Common errors";
// documented, 8.2; observed, 4) are a 400 or 422 that says more than the name of its
// status, a 403 with a code, a 404 that names the object on which the request hangs,
// and a 409 about an object that is there already. Any other may have been put in the
// place of the answer to a request that was carried out.
func (x *exchange) proves(e *Error) bool {
	switch e.Status {
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return e.Code != "" || len(e.Details) > 0 || !strings.EqualFold(e.Message, http.StatusText(e.Status))
	case http.StatusForbidden:
		return e.Code != ""
	case http.StatusNotFound:
		return strings.HasSuffix(strings.ToUpper(e.Code), "_NOT_FOUND") || !strings.Contains(e.Message, "/") && x.repeatsID()
	case http.StatusConflict:
		return e.KeySpent() || strings.Contains(strings.ToLower(e.Message), "already") || x.req.Method != http.MethodPost && e.Code != ""
	}
	return false
}

var uuids = regexp.MustCompile(`[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`)

// repeatsID reports whether the answer names an id that the request has: Kira's 404
// do, and those of a server in between know none.
func (x *exchange) repeatsID() bool {
	asked := bytes.ToLower(append([]byte(x.route+"\n"), x.body...))
	for _, id := range uuids.FindAll(x.last.body, -1) {
		if bytes.Contains(asked, bytes.ToLower(id)) {
			return true
		}
	}
	return false
}
