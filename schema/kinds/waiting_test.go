package kinds_test

import (
	"testing"

	"kiraform/schema/kinds"
)

// An account waits for its number, unless it ended: in the words of this
// version, or in those of another (documented 7.2).
func TestAccountsThatWait(t *testing.T) {
	k, _ := kinds.ByName("kira_virtual_account")
	for status, waits := range map[string]bool{
		"approved": true, "rfi": true, "pending": true, "activating": true, "active": true, "something new": true,
		"declined": false, "deactivated": false, "failed": false, "DECLINED": false,
	} {
		seen := fill(t, k.Schema.Attrs, parse(t, `{ status = "`+status+`" }`), false)
		if got := k.Schema.Waiting(seen); (got != "") != waits {
			t.Errorf("an account without a number that is %s waits for %q", status, got)
		}
	}
}
