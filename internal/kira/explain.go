package kira

import (
	"net/http"
	"strings"
)

// Explain says the meaning of an answer where Kira's own words mislead or leave
// the reader alone, in sentences; "" where they do not.
func (e *Error) Explain() string {
	for _, x := range explanations {
		if x.applies(e) {
			return x.text
		}
	}
	return ""
}

// explanations are tried in order. Their sources: brief, "Required headers"
// and "Common errors"; observed, section 1; documented, 1.4.
var explanations = []struct {
	applies func(*Error) bool
	text    string
}{
	{func(e *Error) bool { return e.noRoute() && e.Method == http.MethodPatch },
		"Kira has no PATCH, it updates with PUT; nothing is wrong with the Authorization header."},
	{(*Error).noRoute,
		"Kira has no such route or method at this address; nothing is wrong with the Authorization header. Check the base address."},
	{func(e *Error) bool { return strings.Contains(e.Message, "HTTP request to an HTTPS server") },
		"The server wants an address that begins with https://. " + checkAddress},
	{func(e *Error) bool { return e.auth(http.StatusNotFound) || e.auth(http.StatusMethodNotAllowed) },
		"There is no Kira at this address. " + checkAddress},
	{func(e *Error) bool { return e.auth(http.StatusForbidden) },
		"The api key is wrong or belongs to the other environment: check KIRA_API_KEY against the environment (sandbox or production)."},
	{func(e *Error) bool { return e.auth(http.StatusUnauthorized) },
		"Check KIRA_API_KEY, KIRA_CLIENT_ID and KIRA_PASSWORD."},
	{func(e *Error) bool { return e.auth(http.StatusBadRequest) || e.auth(http.StatusUnprocessableEntity) },
		"Check KIRA_CLIENT_ID, which is a UUID, and KIRA_PASSWORD."},
	{func(e *Error) bool { return e.auth(http.StatusInternalServerError) },
		"Kira also answers this to a client id it does not know: check KIRA_CLIENT_ID."},
	{func(e *Error) bool { return e.Status == http.StatusUnauthorized },
		"Signing in worked each time, and each new token was refused as well. Either something revokes the tokens, and a later run will do, " +
			"or the api key, the credentials and the address do not belong to one environment (sandbox or production)."},
	{func(e *Error) bool { return e.Status == http.StatusForbidden && e.Message == "Forbidden" },
		"The api key was not accepted: check KIRA_API_KEY against the environment (sandbox or production)."},
	{func(e *Error) bool { return strings.Contains(strings.ToLower(e.Code), "idempotency") },
		"The Idempotency-Key was used for another body before."},
	{(*Error).KeySpent,
		"Kira had this Idempotency-Key before, and burns one even when it refuses the request, so that the request may have been carried out."},
	{func(e *Error) bool { return e.Status/100 == 3 },
		"Redirects are not followed, since the credentials would go along: check the base address."},
}

// noRoute recognises the gateway's two answers to a route it does not have:
// it takes the Bearer token for a malformed AWS signature.
func (e *Error) noRoute() bool {
	return e.Status == http.StatusForbidden &&
		(strings.HasPrefix(e.Message, "Invalid key=value pair") || e.Message == "Missing Authentication Token")
}

// byGateway recognises the gateway by its words, without its header. A refusal
// by the application has a code.
func (e *Error) byGateway() bool {
	return e.noRoute() || e.Status == http.StatusForbidden && e.Message == "Forbidden" && e.Code == ""
}

func (e *Error) auth(status int) bool { return e.Path == authPath && e.Status == status }
