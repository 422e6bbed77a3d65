package live

import (
	"errors"
	"testing"
	"time"

	"kiraform/internal/addr"
	"kiraform/state"
)

var (
	shown   = addr.Resource{Kind: "kira_user", Name: "shown"}
	unshown = addr.Resource{Kind: "kira_webhook", Name: "unshown"}
)

// Nothing speaks for an object that Kira never shows where no other was found, or where
// the account is another one.
func TestObjectsThatNothingSpeaksFor(t *testing.T) {
	mine, theirs := state.Place{Address: "https://a", Account: "mine"}, state.Place{Address: "https://b", Account: "theirs"}
	for name, tt := range map[string]struct {
		Rebinding
		want bool
	}{
		"another was found, in the same account": {Rebinding{Of: mine, To: mine, Found: 1, Unshown: []addr.Resource{unshown}}, false},
		"another was found, in another account":  {Rebinding{Of: mine, To: theirs, Found: 1, Unshown: []addr.Resource{unshown}}, true},
		"no other was found":                     {Rebinding{Of: mine, To: mine, Unshown: []addr.Resource{unshown}}, true},
		"every object is shown":                  {Rebinding{Of: mine, To: theirs}, false},
	} {
		if got := tt.Unproven(); got != tt.want {
			t.Errorf("%s: unproven is %v", name, got)
		}
	}
}

// The ledger has an object that is not at the new place; one that cannot be read may be
// there.
func TestBind(t *testing.T) {
	for name, failed := range map[string]error{"gone": nil, "cannot be read": errors.New("500")} {
		st := state.New("l")
		st.Resources[shown] = state.Object{ID: "u1"}
		r := &Rebinding{Of: state.Place{Address: "https://a"}, To: state.Place{Address: "https://b"}, Missing: []addr.Resource{shown}, Failed: map[addr.Resource]error{}, state: st}
		if failed != nil {
			r.Failed[shown] = failed
		}
		r.Bind(time.Now())
		if left := len(st.Left) > 0; left != (failed == nil) {
			t.Errorf("%s: the ledger has it: %v", name, left)
		}
		if st.Place != r.To {
			t.Errorf("%s: the state is of %v", name, st.Place)
		}
	}
}
