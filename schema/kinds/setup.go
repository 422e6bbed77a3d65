package kinds

import (
	"fmt"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/kira"
	"kiraform/schema"
)

// Setup is a part of an account's set-up of which there is one for everybody, and
// which Kira never shows: the state tells of it.
type Setup struct {
	Name    string // in reports
	Kind    string // of the resource that declares it
	Missing string // the meaning, where no resource of the kind is in the state

	// Held says how it stands with the one that is in the state, by the values that
	// Kira last answered and by its address; fine is false if something is to be done.
	Held func(seen cty.Value, addr string) (text string, fine bool)
}

// Setups lists the parts in the order of reports.
var Setups = []Setup{
	{Name: "pin", Kind: pinSchema.Name,
		Missing: "no version of the API is pinned here; kiraform asks for " + kira.Version + " with each request",
		Held: func(seen cty.Value, addr string) (string, bool) {
			if version := schema.Text(schema.Member(seen, "current_version")); version != "" && version != kira.Version {
				return fmt.Sprintf("%s pinned %s, and kiraform speaks %s", addr, version, kira.Version), false
			}
			return fmt.Sprintf("%s by %s", kira.Version, addr), true
		}},
	{Name: "webhook", Kind: webhookSchema.Name,
		Missing: "none is registered here; why a user is rejected is told in an event only",
		Held: func(_ cty.Value, addr string) (string, bool) {
			return fmt.Sprintf("registered by %s; Kira never shows it, so that this is how it was sent last", addr), true
		}},
}
