// Package tfjson writes plans, states, diagnostics and runs in the JSON formats of
// Terraform, for the tools that read those.
//
// A document is made of events, or of a [event.Review], and of nothing else, so that
// it says nothing that no view says. Everything that Terraform does not know stands
// in members called kiraform, which its tools pass over. The words for actions are
// Terraform's. A value that is a secret, or that only a fingerprint is kept of, is
// null, and marked as sensitive.
//
// Start at [OfPlan], [OfState], [OfDiagnostics] and [Stream].
package tfjson

import (
	"encoding/json"
	"io"

	"kiraform/internal/event"
)

// terraformVersion is the version whose formats these are.
const terraformVersion = "1.11.4"

const (
	planFormat     = "1.2"
	stateFormat    = "1.0"
	validateFormat = "1.0"
	streamFormat   = "1.2"

	// provider is the name of the only provider that there is.
	provider = "kira"
)

// Write writes a document.
func Write(w io.Writer, document any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(document)
}

// words are Terraform's words for actions, as plans list them.
var words = map[string][]string{
	event.NoOp: {"no-op"}, event.Create: {"create"}, event.Update: {"update"}, event.Replace: {"create", "forget"},
	event.Adopt: {"no-op"}, event.Forget: {"forget"}, event.Gone: {"forget"}, event.Read: {"read"},
}

// actionsOf returns the words for a change, of which action is the one to say: that
// of a deferred change is the one that it comes to.
func actionsOf(action string, c *event.Planned) []string {
	if action == event.Adopt && differs(c.Nodes) {
		return []string{"update"}
	}
	if w, known := words[action]; known {
		return w
	}
	return []string{"no-op"}
}

// reasonOf is Terraform's word for why an action was chosen, or "".
func reasonOf(action string, c *event.Planned) string {
	switch {
	case action == event.Replace && replaces(c.Nodes):
		return "replace_because_cannot_update"
	case action == event.Replace:
		return "replace_by_request"
	case action == event.Forget && c.Why == notWritten:
		return "delete_because_no_resource_config"
	}
	return ""
}

// notWritten is why an object is forgotten whose block is gone.
const notWritten = "it is not in the configuration"

// differs reports whether anything changes.
func differs(nodes []event.Node) bool {
	for _, n := range nodes {
		if n.Op != event.Same {
			return true
		}
	}
	return false
}

// replaces reports whether any attribute forces a replacement.
func replaces(nodes []event.Node) bool {
	for _, n := range nodes {
		if n.Replaces || replaces(n.Nodes) {
			return true
		}
	}
	return false
}

// index is the key of an instance, as Terraform writes it: nil for none.
func index(i event.Index) any {
	switch {
	case i.Number != nil:
		return *i.Number
	case i.Text != nil:
		return *i.Text
	}
	return nil
}

// mode tells data sources from resources.
func mode(e *event.Planned) string {
	prefix := "data."
	if e.Module != "" {
		prefix = e.Module + "." + prefix
	}
	if len(e.Addr) > len(prefix) && e.Addr[:len(prefix)] == prefix {
		return "data"
	}
	return "managed"
}
