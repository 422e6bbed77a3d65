package simulator

import (
	"cmp"
	"net/http"
	"time"
)

// kept is the memory of an Idempotency-Key. A key that was burnt by a rejected
// request has no answer.
type kept struct {
	Digest string    `json:"digest"`
	At     time.Time `json:"at"`
	Status int       `json:"status,omitempty"`
	Body   rawJSON   `json:"body,omitempty"`
}

// rawJSON is a body kept as it was sent.
type rawJSON string

// idempotently carries a call out once for each key (observed.md 7). Since
// all calls run under one lock, so do ten parallel ones with the same key.
func (c *call) idempotently(rt *route) answer {
	key := c.r.Header.Get("Idempotency-Key")
	switch {
	case key == "":
		return invalid(issue{"idempotency-key", "Required", "invalid_type"})
	case !isUUID(key):
		return invalid(issue{"idempotency-key", "Invalid uuid", "invalid_string"})
	}
	name, sum := c.path+" "+key, c.digest
	if old, seen := c.world.Keys[name]; seen && c.at.Sub(old.At) < cmp.Or(c.KeyTTL, 24*time.Hour) {
		return c.again(old, sum)
	}
	ans := rt.handle(c)
	ans.seal()
	switch {
	case ans.status < http.StatusBadRequest:
		c.keep(name, &kept{sum, c.at, ans.status, rawJSON(ans.raw)})
	case c.path == "/v1/users":
		// Only users are known to burn a key on a rejected request.
		c.keep(name, &kept{Digest: sum, At: c.at})
	}
	return ans
}

func (c *call) keep(name string, k *kept) {
	c.world.Keys[name] = k
	c.touch(change{Key: name, Kept: k})
}

// again answers a key that has been used before.
func (c *call) again(old *kept, sum string) answer {
	switch {
	case old.Status == 0:
		return flat(http.StatusBadRequest, "validation_error", "Failed to store idempotency key")
	case old.Digest == sum:
	case c.path == "/v1/recipients":
		return coded(http.StatusConflict, "IDEMPOTENCY_CONFLICT",
			"Idempotency key has already been used with different request data", doc{})
	case c.KeyReuse == "conflict":
		return flat(http.StatusConflict, "idempotency_key_reused",
			"Idempotency key has already been used with different request data")
	}
	return answer{status: old.Status, raw: []byte(old.Body)}
}
