package simulator

import (
	"cmp"
	"net/http"
)

// versions are those an account can be pinned to, oldest first. The last is of
// later documents (observed.md 3); its changes are not simulated.
var versions = []string{"2025-01-01", "2026-04-14", "2026-06-01"}

// pin is the version that a request without X-Api-Version gets.
func (s *Server) pin() string {
	return cmp.Or(s.world.Pinned, s.Pin, versions[0])
}

// upgrade is POST /v1/versioning/upgrade. Pinning again to the same version
// changes nothing; going back is refused (documented.md 1.6).
func (c *call) upgrade() answer {
	if bad := (shape{need("target_version", oneOf(versions...))}).check("", c.body); len(bad) > 0 {
		return worded(bad...)
	}
	was, target := c.pin(), c.body["target_version"].(string)
	if target < was {
		return flat(http.StatusBadRequest, "validation_error", "Cannot downgrade from "+was+" to "+target)
	}
	if c.world.Pinned == target && !c.inDoubt() {
		c.blame(IdleRegistration, "the account is pinned to "+target+" as it was")
	}
	c.world.Pinned = target
	c.touch(change{Pinned: target})
	return ok(doc{"previous_version": was, "current_version": target})
}
