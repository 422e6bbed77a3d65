package simulator

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
)

// unrouted is the gateway's answer to a method or path that does not exist:
// never 404 or 405, and it blames the Authorization header (brief; observed.md 1).
func unrouted(r *http.Request) answer {
	auth := r.Header.Get("Authorization")
	if auth == "" {
		return gateway(http.StatusForbidden, "MissingAuthenticationTokenException", "Missing Authentication Token")
	}
	sum := sha256.Sum256([]byte(auth))
	return gateway(http.StatusForbidden, "IncompleteSignatureException",
		"Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '"+
			base64.StdEncoding.EncodeToString(sum[:])+"'.")
}

func gateway(status int, kind, text string) answer {
	a := message(status, text)
	a.set("X-Amzn-Errortype", kind)
	return a
}

// keepOut turns a call without the right credentials away. A key of another
// stage is forbidden at /auth and unauthorized everywhere else, as recorded.
func (c *call) keepOut(rt *route) (answer, bool) {
	key := c.r.Header.Get("X-Api-Key")
	foreign := c.Credentials != nil && key != c.Credentials.APIKey
	if key == "" || foreign && rt.open {
		return forbidden(), true
	}
	if rt.open {
		return answer{}, false
	}
	token, ok := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer ")
	switch err := checkToken(token, c.at); {
	case !ok || foreign:
		return unauthorized("Unauthorized"), true
	case errors.Is(err, errExpired):
		return expired(), true
	case errors.Is(err, errTampered):
		return forbidden(), true
	case err != nil:
		return unauthorized("Unauthorized"), true
	}
	return answer{}, false
}

func forbidden() answer {
	return gateway(http.StatusForbidden, "ForbiddenException", "Forbidden")
}

func unauthorized(text string) answer {
	return gateway(http.StatusUnauthorized, "UnauthorizedException", text)
}

func expired() answer { return unauthorized("The incoming token has expired") }
