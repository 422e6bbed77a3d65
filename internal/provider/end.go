package provider

import (
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/apply"
	"kiraform/internal/addr"
	"kiraform/internal/live"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// ending is an object that has come to an end state.
type ending struct {
	text    string
	what    live.Watched
	managed bool
	remedy  string
}

// over is the end of op's wait for an object that does not become usable by
// itself: it is put off, and it is an error only if the object came to that
// end while this run waited.
func (p provider) over(hold apply.Hold, e ending) (apply.Hold, error) {
	before := p.ended[e.what.Object]
	if !e.managed { // the state does not say how it was when the run began
		_, waited := p.watch.Last(e.what)
		before = !waited
	}
	if p.Wait && !before {
		return hold, &closedError{strings.TrimSuffix(e.text+". "+e.remedy, ". ")}
	}
	hold.Reason, hold.Final = e.text, true
	return hold, nil
}

// remedyOf is the advice about an object that has ended. An object that is not
// managed here has no address.
func remedyOf(k *kinds.Kind, near apply.Neighbour) string {
	at := ""
	if near.ID != "" {
		at = near.Addr.Shell()
	}
	return k.Schema.Course.Mend("", cty.NilVal, at)
}

// endedIn returns the objects of st that have ended already.
func endedIn(st *state.State) map[addr.Object]bool {
	all := make(map[addr.Object]bool)
	for a, o := range st.Resources {
		if k, ok := kinds.ByName(a.Kind); ok && k.Schema.EndBy(o.Seen.Member) != "" {
			all[a.Object(o.ID)] = true
		}
	}
	return all
}
