package apply_test

import (
	"testing"
	"testing/synctest"
	"time"

	"kiraform/apply"
	"kiraform/state"
)

// TestAnswersAreWrittenDownBesideTheNextRequest has one worker and a journal that takes
// half a second for each record. A request of a second begins with its intent, and the
// answer to the one before is written down meanwhile.
func TestAnswersAreWrittenDownBesideTheNextRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run{journal: journal{took: 500 * time.Millisecond}}
		r.do(t, planned(create(thing("a")), create(thing("b")), create(thing("c"))), state.New("l"), apply.Options{Provider: &api{}, Workers: 1})
		if want := 5 * time.Second; r.err != nil || len(r.st.Resources) != 3 || r.took != want {
			t.Errorf("%v, %d resources after %v; want 3 after %v", r.err, len(r.st.Resources), r.took, want)
		}
	})
}
